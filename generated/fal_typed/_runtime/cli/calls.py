"""`run`, `submit`, `status`, `result` and `cancel`: what is asked of fal."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from . import catalog
from .exits import DONE, FAILED, NETWORK, TIMEOUT, UsageProblemError, code_of
from .inputs import Reader, input_of
from .saving import check_template, save
from .text import PACKAGE, lines_of, out, program_name, tell, to_json, visible
from .waiting import hear_warnings, in_words, tell_logs

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ..calls.handle import RequestHandle


class Wish(NamedTuple):
    """What is said of a call beside its input.

    Attributes:
        as_json: Whether it prints for programs.
        save_as: Where files go, if they are saved.
        options: Those of the endpoint (`with_options`); None is not said.
    """

    as_json: bool = False
    save_as: str | None = None
    options: Mapping[str, Any] = {}

    @property
    def logs(self) -> bool:
        """Whether the model's log lines are told, in place of how far it is."""
        return bool(self.options.get("logs"))


def run(endpoint_id: str, texts: Mapping[str, tuple[str, Any]], whole: str | None, wish: Wish) -> int:
    """Call an endpoint through the queue, wait, and print its output."""
    template = check_template(wish.save_as) if wish.save_as is not None else None
    given = _input(endpoint_id, texts, whole)
    with client(shown=not wish.logs) as fal:
        endpoint = endpoint_of(fal, endpoint_id, wish.options)
        with _waited_for(endpoint_id, goes_on=not wish.options.get("cancel_on_interrupt")):
            output = endpoint.subscribe(given) if is_dynamic(endpoint_id) else endpoint.subscribe(**given)
        return _finish(endpoint_id, output, wish, template)


def submit(endpoint_id: str, texts: Mapping[str, tuple[str, Any]], whole: str | None, wish: Wish) -> int:
    """Queue a request, and print its id."""
    given = _input(endpoint_id, texts, whole)
    with client() as fal:
        endpoint = endpoint_of(fal, endpoint_id, wish.options)
        handle = endpoint.submit(given) if is_dynamic(endpoint_id) else endpoint.submit(**given)
    if wish.as_json:
        out(to_json(handle.to_dict()))
    else:
        out(visible(handle.request_id))
        tell(f"{_command('result', endpoint_id, handle.request_id)}  waits for it")
    return DONE


def status(target: str, request_id: str | None, *, logs: bool, as_json: bool) -> int:
    """Print the state of a request."""
    with client() as fal:
        handle = _handle(fal, target, request_id, {})
        state = handle.status(logs=logs)
    entries = [visible(entry.message) for entry in state.logs] if logs else []
    if as_json:
        out(to_json(_state_as_json(handle, state, logs=logs)))
    else:
        out(in_words(state))
        for line in entries:
            out(line)
    return FAILED if getattr(state, "error", None) else DONE


def result(target: str, request_id: str | None, wish: Wish) -> int:
    """Wait for a request, and print its output."""
    template = check_template(wish.save_as) if wish.save_as is not None else None
    with client() as fal:
        handle = _handle(fal, target, request_id, wish.options)
        endpoint_id = handle.to_dict()["endpoint"]
        with _waited_for(endpoint_id, goes_on=True):
            output = handle.result()
        return _finish(endpoint_id, output, wish, template)


def cancel(target: str, request_id: str | None, *, as_json: bool) -> int:
    """Ask fal to drop a request."""
    with client() as fal:
        handle = _handle(fal, target, request_id, {})
        outcome = handle.cancel().value
    said = {"OK": "cancelled", "CANCELLATION_REQUESTED": "asked to stop; it may complete all the same"}
    out(to_json({**_about(handle), "cancel": outcome}) if as_json else said.get(outcome, "it has completed before"))
    return DONE if outcome in said else FAILED


def client(*, shown: bool = True) -> Any:
    """A client that shows how far it is, on a line of the terminal which goes away.

    Raises:
        UsageProblemError: A variable of the environment has no meaning.
    """
    from ..progress.wanted import place

    hear_warnings()
    try:
        place(shown)
        return import_module(PACKAGE).Fal(progress=shown)
    except ValueError as error:
        raise UsageProblemError(str(error)) from None


def _input(endpoint_id: str, texts: Mapping[str, tuple[str, Any]], whole: str | None) -> dict[str, Any]:
    if not is_dynamic(endpoint_id):
        if said := catalog.deprecation_of(endpoint_id):
            tell(f"deprecated: {visible(said)}")
        return input_of(catalog.spec_of(endpoint_id), texts, whole)
    from ..calls.endpoint import dynamic_spec

    return input_of(dynamic_spec(catalog.checked(endpoint_id)), {}, whole)


def is_dynamic(endpoint_id: str) -> bool:
    """Whether the package does not have it."""
    return endpoint_id not in catalog.modules()


def endpoint_of(fal: Any, endpoint_id: str, options: Mapping[str, Any]) -> Any:
    """An endpoint of a client, whether the package has it or not, with options; None is not said.

    Raises:
        UsageProblemError: An id or an option is none.
    """
    endpoint = fal.endpoint(catalog.checked(endpoint_id)) if is_dynamic(endpoint_id) else fal.endpoints[endpoint_id]
    told = {"on_queue_update": tell_logs} if options.get("logs") else {}
    try:
        return endpoint.with_options(**options, **told)
    except ValueError as error:
        name, _, rest = str(error).partition(" ")
        raise UsageProblemError(f"--{name.replace('_', '-')} {rest}") from None


def _handle(fal: Any, target: str, request_id: str | None, options: Mapping[str, Any]) -> RequestHandle[Any]:
    """A request: of an endpoint by its id, or what `submit --json` printed, in a file or from stdin.

    Raises:
        UsageProblemError: It is neither.
    """
    if request_id is not None:
        if not request_id.strip("./"):
            raise UsageProblemError(f"{visible(request_id)!r} is no request id")
        endpoint: RequestHandle[Any] = endpoint_of(fal, target, options).request(request_id)
        return endpoint
    if target != "-" and not target.startswith("@"):
        raise UsageProblemError(f"which request of {visible(target)}? Give its id behind the endpoint's, or @file or -")
    read = Reader().json("the request", target)
    try:
        handle: RequestHandle[Any] = fal.request(read)
    except (TypeError, ValueError) as error:
        raise UsageProblemError(f"the request: {error}; `submit --json` prints one") from None
    if not options:
        return handle
    return _handle_with(fal, handle, options)


def _handle_with(fal: Any, handle: RequestHandle[Any], options: Mapping[str, Any]) -> RequestHandle[Any]:
    told = handle.to_dict()
    made: RequestHandle[Any] = endpoint_of(fal, told["endpoint"], options).request(told["request_id"])
    return made


def _finish(endpoint_id: str, output: Any, wish: Wish, template: str | None) -> int:
    """Print, and save the files."""
    from ..outputs.model import as_received, response_info

    request_id = ""
    with suppress(LookupError):  # a number carries no such thing
        request_id = response_info(output).request_id or ""
    try:
        _print_and_save(as_received(output), output, (endpoint_id, request_id), wish, template)
    except (Exception, KeyboardInterrupt) as error:
        if request_id:
            _tell_request(error, f"{endpoint_id}: request id {visible(request_id)}")
            _tell_request(error, f"{_command('result', endpoint_id, request_id)}  has its output again")
        raise
    return DONE


def _print_and_save(value: Any, output: Any, about: tuple[str, str], wish: Wish, template: str | None) -> None:
    saved: list[str] = []
    unsaid: OSError | None = None
    try:
        if not wish.as_json:
            for line in lines_of(value):
                out(line)
    except OSError as error:  # stdout is a file on a full disk, say; those that are asked for may go elsewhere
        unsaid = error
    try:
        for path in save(output, template, about[1]) if template is not None else ():
            saved.append(str(path))
            if not wish.as_json and unsaid is None:
                out(f"saved: {visible(str(path))}")
    finally:  # the output is paid for, whatever became of its files
        if wish.as_json:
            out(to_json({"endpoint": about[0], "request_id": about[1], "output": value, "files": saved}))
    if unsaid is not None:
        raise unsaid


def _state_as_json(handle: RequestHandle[Any], state: Any, *, logs: bool) -> dict[str, Any]:
    from dataclasses import asdict

    words = {"Queued": "IN_QUEUE", "InProgress": "IN_PROGRESS", "Completed": "COMPLETED"}
    told = {key: value for key, value in asdict(state).items() if key != "logs" or logs}
    return {**_about(handle), "status": words[type(state).__name__], **told}


def _about(handle: RequestHandle[Any]) -> dict[str, str]:
    return {"endpoint": handle.to_dict()["endpoint"], "request_id": handle.request_id}


@contextmanager
def _waited_for(endpoint_id: str, *, goes_on: bool) -> Generator[None]:
    """Have whatever ends the wait early tell which request it was, and how to go on with it."""
    try:
        yield
    except KeyboardInterrupt as error:
        _tell_interrupted(error, endpoint_id, goes_on=goes_on)
        raise
    except Exception as error:
        request_id = getattr(error, "request_id", None)
        if isinstance(request_id, str) and code_of(error) in (TIMEOUT, NETWORK):
            error.add_note(f"{_command('status', endpoint_id, request_id)}  says what became of it")
        raise


def _command(verb: str, endpoint_id: str, request_id: str) -> str:
    return f"{program_name()} {verb} {endpoint_id} {visible(request_id)}"


def _tell_request(error: BaseException, text: str) -> None:
    """Tell it behind the error's message, which is told where the command ends; an interrupt has none."""
    if isinstance(error, KeyboardInterrupt):
        tell(text)
    else:
        error.add_note(text)


def _tell_interrupted(error: KeyboardInterrupt, endpoint_id: str, *, goes_on: bool) -> None:
    """Say which request it was, which the call put into the notes, and how to go on with it."""
    notes = [str(note) for note in getattr(error, "__notes__", ())]
    named = next((found[1] for note in notes if (found := re.search(r"request id ([^\s;]+)", note))), None)
    if named is None:
        tell("interrupted before fal told its request id: whether fal has the request is not known")
    for note in notes:
        tell(visible(note))
    if named is not None and goes_on:
        tell("fal goes on with it:")
        for verb in ("result", "cancel"):
            tell(f"  {_command(verb, endpoint_id, named)}")

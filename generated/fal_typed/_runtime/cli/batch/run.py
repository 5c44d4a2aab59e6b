"""`batch run`: a call for each line of a file."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from ...calls.endpoint import dynamic_spec
from ...errors import FalError, InvalidInputError
from ...inputs.validate import check_input
from .. import catalog
from ..calls import client, endpoint_of, is_dynamic
from ..exits import UsageProblemError
from ..text import tell, visible
from .lines import Lines
from .opened import journal_at
from .told import code_of_all, in_lines, tell_job

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ...inputs.spec import EndpointSpec
    from ...jobs.jobs import Jobs

# How many wrong lines are told; who has more has seen enough.
_MOST_TOLD = 20


class Plan(NamedTuple):
    """What is said of a run.

    Attributes:
        journal: Its address.
        said: Arguments of `map`; None is not said.
        options: Those of the endpoint; None is not said.
        kind: What the file is, where its name does not tell.
        check_all: Whether all lines are checked before the first is sent.
        as_json: Whether it prints for programs.
    """

    journal: str
    said: Mapping[str, Any]
    options: Mapping[str, Any]
    kind: str | None
    check_all: bool
    as_json: bool


def run(endpoint_id: str, jobs: str, plan: Plan) -> int:
    """Call an endpoint for each line of a file, and print what became of each."""
    said = _said(plan.said)
    spec = dynamic_spec(catalog.checked(endpoint_id)) if is_dynamic(endpoint_id) else catalog.spec_of(endpoint_id)
    with Lines(spec, jobs, plan.kind) as lines:
        if plan.check_all:
            lines.keep()
            _check_all(spec, lines)
        with client() as fal, journal_at(plan.journal, is_made=True) as journal:
            endpoint = endpoint_of(fal, endpoint_id, plan.options)
            with _begun(endpoint, lines, {**said, "journal": journal}) as made, _summed_up(made):
                codes = {tell_job(job, lines, as_json=plan.as_json) for job in made}
    return code_of_all(codes)


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in given.items() if value is not None}
    if "max_cost" in said:
        try:
            said["max_cost"] = Decimal(said["max_cost"])
        except InvalidOperation:
            raise UsageProblemError(f"--max-cost: {visible(said['max_cost'])!r} is no amount") from None
    return said


def _begun(endpoint: Any, lines: Lines, said: Mapping[str, Any]) -> Jobs[Any, Any]:
    try:
        made: Jobs[Any, Any] = endpoint.map(lines, **said)
    except FalError:
        raise
    except (OSError, TypeError, ValueError) as error:
        name, space, rest = str(error).partition(" ")
        flag = "-o:" if name == "download:" else f"--{name.replace('_', '-')}"
        raise UsageProblemError(f"-o: {error}" if isinstance(error, OSError) else f"{flag}{space}{rest}") from None
    return made


@contextmanager
def _summed_up(made: Jobs[Any, Any]) -> Generator[None]:
    """Tell what came of all, however it ends; and if it was stopped, how to go on."""
    try:
        yield
    except KeyboardInterrupt as error:
        for note in getattr(error, "__notes__", ()) or ["the same command goes on where this one ended"]:
            tell(visible(str(note)))
        raise
    finally:
        tell(visible(str(made.summary())))


def _check_all(spec: EndpointSpec, lines: Lines) -> None:
    """See that all lines are inputs of the endpoint.

    Raises:
        UsageProblemError: Some are not; it says which.
    """
    wrong: list[str] = []
    for index, given in enumerate(lines):
        try:
            if spec.input is not None:
                check_input(spec, given)
        except InvalidInputError as error:
            wrong += [f"{lines.where(index)}: {each}" for each in in_lines(error, lines.files)]
        if len(wrong) > _MOST_TOLD:
            wrong[_MOST_TOLD:] = ["… and more"]
            break
    if wrong:
        told = "".join(f"\n  {each}" for each in wrong)
        raise UsageProblemError(f"the input is not what {spec.id} takes; nothing was sent{told}")

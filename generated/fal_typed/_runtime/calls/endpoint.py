"""Endpoint objects: what both kinds share, and the synchronous ones. Generated classes declare their verbs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .. import checks
from ..errors import InputProblem, InvalidInputError
from ..hinting import hinting
from ..http.endpoint_ids import check_endpoint_id, check_path
from ..inputs.described import Described
from ..inputs.spec import EndpointSpec
from ..jobs.mappable import Mappable
from ..options import NO_OPTIONS, OPTION_NAMES, OPTIONS_ANYWHERE, Options
from ..session import BaseSession, Session
from . import steps
from .child import children
from .configurable import Configurable
from .handle import RequestHandle
from .steps import Call
from .stream import Stream
from .told import NoSignature, PageTold, VerbTold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

    from ..http.exchange import Answer, Exchange, Limits, Steps
    from .status import OnQueueUpdate

S = TypeVar("S", bound=BaseSession)
NO_URLS: Mapping[str, Any] = {}
VERBS = {"run", "subscribe", "submit", "stream", "map"}
I = TypeVar("I")  # noqa: E741  # input, beside T
R = TypeVar("R")
T = TypeVar("T")


class Node(Generic[S]):
    """Something reached by attribute access from a client: a namespace, an endpoint, or both."""

    def __init__(self, session: S) -> None:
        self._session = session

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        if "IPython.core.completer" in sys.modules:
            from ..habits.completing import let_complete

            let_complete(cls)

    if not TYPE_CHECKING:  # type checkers know the names

        def __getattr__(self, name: str) -> Any:
            if name == "do_not_call_in_templates":
                return True  # Django's templates call what is callable, and `__call__` below only raises
            hint = "" if name.startswith("_") else self._hint(name) or checks.suggestion(name, dir(type(self)))
            # Without `obj`: the interpreter would suggest names of its own, private ones too.
            raise AttributeError(f"{type(self).__name__!r} has no attribute {checks.quoted(name)}{hint}", name=name)

        def __call__(self, *_: object, **given: object) -> Any:  # noqa: D102
            raise TypeError(f"{type(self).__name__!r} object is not callable{self._call_hint(given)}")

        __call__.__wrapped__ = NoSignature()

    def _hint(self, name: str) -> str:
        """For an attribute that it does not have: what is meant, or nothing."""
        from ..habits.names import namespace_hint

        return namespace_hint(_endpoints_below(self)) if name in VERBS else ""

    def _call_hint(self, given: Mapping[str, Any]) -> str:  # noqa: ARG002
        """For a call of itself: what is meant."""
        from ..habits.names import namespace_hint

        return namespace_hint(_endpoints_below(self))


def _endpoints_below(node: Node[Any]) -> Iterator[str]:
    """The attribute paths of the endpoints below a node."""
    for name in children(type(node)):
        child: Node[Any] = getattr(node, name)
        if hasattr(type(child), "subscribe"):
            yield name
        yield from (f"{name}.{path}" for path in _endpoints_below(child))


class NamespaceBase(Node[S]):
    """Holds endpoints, and is none itself."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), id(self._session)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class EndpointBase(Node[S], Configurable, Described):
    """An endpoint of a client, with the options of its calls."""

    _spec: EndpointSpec

    def __init_subclass__(cls, *, spec: EndpointSpec | None = None, **named: Any) -> None:
        super().__init_subclass__(**named)
        if spec is not None:
            cls._spec = spec
        if "_spec" in vars(cls):  # generated; a dynamic one takes a mapping
            for name in VERBS & vars(cls).keys():
                setattr(cls, name, cls._keywords_only(vars(cls)[name]))
            PageTold.take_place(cls, cls._spec)

    @classmethod
    def _keywords_only(cls, verb: Any) -> Callable[..., Any]:
        """A verb that says of what is given by position how inputs are given."""
        message: Any = getattr(verb, "__deprecated__", None)
        if message is not None:
            verb = verb.__wrapped__

        @wraps(verb)
        def checked(self: EndpointBase[Any], /, *wrong: object, **given: Any) -> Any:
            if wrong:
                raise self._positional(verb, wrong)
            return verb(self, **given)

        @wraps(verb)
        async def checked_async(self: EndpointBase[Any], /, *wrong: object, **given: Any) -> Any:
            if wrong:
                raise self._positional(verb, wrong)
            return await verb(self, **given)

        told: Callable[..., Any] = checked_async if iscoroutinefunction(verb) else checked
        VerbTold(cls._spec, verb).stand_behind(told)
        if message is None:
            return told
        from typing_extensions import deprecated

        return deprecated(message)(told)  # on the outside: it warns of who calls it

    def _positional(self, verb: Any, wrong: tuple[object, ...]) -> TypeError:
        from ..habits.calls import positional_error

        return positional_error(verb.__qualname__, wrong, self._inputs())

    def _inputs(self) -> Iterable[str]:
        """The names of its inputs, as far as they are known."""
        names: Iterable[str] = getattr(self._spec.input, "__annotations__", ())
        return names

    def __init__(self, session: S, options: Options = NO_OPTIONS) -> None:
        super().__init__(session)
        self._options = options

    def _copy(self, options: Options) -> Self:
        return type(self)(self._session, options)

    def _hint(self, name: str) -> str:
        from ..habits.names import endpoint_hint

        return endpoint_hint(name, self._spec.id)

    def _call_hint(self, given: Mapping[str, Any]) -> str:
        from ..habits.calls import endpoint_call_hint

        return endpoint_call_hint(given, self._inputs(), OPTION_NAMES)

    def _with(self, **options: Any) -> Self:
        """This endpoint with the options among the arguments of a call, which mostly has none."""
        return self if all(value is None for value in options.values()) else self.with_options(**options)

    def _call(self) -> Call:
        session = self._session
        return Call(
            self._spec, session.settings, self._options, session.user_agent, session.http_client, session.on_event
        )

    def _unkept(self, verb: str) -> Call:
        """The call of a verb that has no journal.

        Raises:
            ValueError: One was given.
        """
        call = self._call()
        if call.options.journal is not None or call.options.job_key is not None:
            raise ValueError(
                f"{verb} has no journal: it does without the queue, so that there is no id by which another process "
                "could pick it up; use subscribe or submit"
            )
        return call

    # What the verbs do, and in which limits.

    def _running(self, given: Mapping[str, Any]) -> tuple[Steps[Any], Limits]:
        call = self._unkept("run")
        limits = call.limits(verb="run")
        wanted = steps.ran(call, given, limits)
        return wanted if limits.watch is None else steps.told(wanted, limits.watch), limits

    def _submitting(self, given: Mapping[str, Any], webhook_url: str | None) -> tuple[Steps[steps.Request], Limits]:
        call = self._with(webhook_url=webhook_url)._call()
        limits = call.limits(verb="submit")
        verbs: Any = steps if call.options.journal is call.options.job_key is None else by_hand(call)
        wanted: Steps[steps.Request] = verbs.submitted(call, given, limits)
        return wanted if limits.watch is None else steps.told(wanted, limits.watch), limits

    def _subscribing(
        self, given: Mapping[str, Any], logs: bool | None, on_queue_update: Callable[..., object] | None
    ) -> tuple[Steps[Any], Limits]:
        call = self._with(logs=logs, on_queue_update=on_queue_update)._call()
        limits = call.limits(verb="subscribe")
        verbs: Any = steps if call.options.journal is call.options.job_key is None else by_hand(call)
        wanted: Steps[Any] = verbs.subscribed(call, given, limits)
        return wanted if limits.watch is None else steps.told(wanted, limits.watch), limits

    def _picked_up(self, request_id: str, named: Mapping[str, Any] = NO_URLS) -> steps.Request:
        call = self._call()
        return steps.Request(call, request_id, call.builder.urls_named(request_id, named))

    def _opening(
        self, given: Mapping[str, Any], path: str | None
    ) -> tuple[Call, Callable[[Limits], Steps[tuple[Exchange, Answer]]]]:
        call = self._unkept("stream")
        arguments = call.arguments(given)  # what is wrong with the input is said at once

        def open_(limits: Limits) -> Steps[tuple[Exchange, Answer]]:
            wanted = steps.opened(call, arguments, path, limits)
            return wanted if limits.watch is None else steps.told(wanted, limits.watch)

        return call, open_

    def __eq__(self, other: object) -> bool:
        # "The same endpoint of the same client with the same options"; a dynamic one keeps its spec in the instance.
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), id(self._session), self._spec.id))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._spec.id}>"


def by_hand(call: Call) -> Any:
    """What does calls that a journal keeps. It knows endpoints, so it is found by name, and when it is needed.

    Raises:
        ValueError: There is a key for a journal, and no journal.
    """
    if call.options.journal is None:
        raise ValueError("job_key is what a journal knows a call by: say with_options(journal=…), too")
    return import_module("..batch.by_hand", __package__)


def dynamic_spec(endpoint_id: str) -> EndpointSpec:
    """What is known of an endpoint that was not generated."""
    check_endpoint_id(endpoint_id)
    return EndpointSpec(id=endpoint_id, path=endpoint_id)


def dynamic_input(endpoint_id: str, arguments: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input of such an endpoint: a mapping, keywords, or both (keywords win).

    Raises:
        InvalidInputError: A keyword is an option, ours or fal-client's, which would be sent, and paid for, as an input.
        TypeError: The mapping is none.
    """
    if not OPTIONS_ANYWHERE.isdisjoint(given):
        raise _taken_for_inputs(endpoint_id, given)
    if arguments is not None and not isinstance(arguments, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"arguments must be a mapping, not {type(arguments).__name__}")
    return {**(arguments or {}), **given}


def _taken_for_inputs(endpoint_id: str, given: Mapping[str, Any]) -> InvalidInputError:
    from ..habits.calls import dynamic_problem

    wrong = [name for name in given if name in OPTIONS_ANYWHERE]
    problems = [InputProblem(name, dynamic_problem(name, given[name])) for name in wrong]
    return InvalidInputError(endpoint=endpoint_id, problems=problems)


class Namespace(NamespaceBase[Session]):
    """Endpoints below one name."""


class Endpoint(EndpointBase[Session], Mappable[I, T], Generic[I, T]):
    """One endpoint: `I` is its input, `T` its output."""

    def request(self, request_id: str, /) -> RequestHandle[T]:
        """Pick up a request by its id."""
        return RequestHandle(self._session, self._picked_up(request_id))

    if not TYPE_CHECKING:
        request = hinting(request)

    def _request(self, handle: Mapping[str, Any]) -> RequestHandle[T]:
        return RequestHandle(self._session, self._picked_up(handle["request_id"], handle))

    def _run(self, given: Mapping[str, Any]) -> T:
        output: T = self._do(*self._running(given))
        return output

    def _stream(self, given: Mapping[str, Any], path: str | None = None) -> Stream[Any, T]:
        call, open_ = self._opening(given, path)
        return Stream(call, lambda limits: self._do(open_(limits), limits))

    def _submit(self, given: Mapping[str, Any], *, webhook_url: str | None = None) -> RequestHandle[T]:
        return RequestHandle(self._session, self._do(*self._submitting(given, webhook_url)), "queued")

    def _subscribe(
        self, given: Mapping[str, Any], *, logs: bool | None = None, on_queue_update: OnQueueUpdate | None = None
    ) -> T:
        if (callback := on_queue_update or self._options.on_queue_update) is not None:
            checks.plain_callback("on_queue_update", callback)
        output: T = self._do(*self._subscribing(given, logs, on_queue_update))
        return output

    def _do(self, wanted: Steps[R], limits: Limits) -> R:
        return self._session.transport.run(wanted, limits, self._do_other)

    def _do_other(self, step: steps.Tell | steps.Upload) -> object:
        if isinstance(step, steps.Tell):
            return step.callback(step.update)
        from ..files.uploads.storage import Storage, upload_inputs

        return upload_inputs(Storage(self._session), step.endpoint, step.arguments, step.limits, step.media)


class DynamicEndpoint(Endpoint[Mapping[str, Any], Any]):
    """Any endpoint by its id: a mapping or keywords in, decoded JSON out."""

    def __init__(self, session: Session, endpoint_id: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(session, options)
        self._spec = dynamic_spec(endpoint_id)

    def _copy(self, options: Options) -> DynamicEndpoint:
        return DynamicEndpoint(self._session, self._spec.id, options)

    def run(self, arguments: Mapping[str, Any] | None = None, /, **given: Any) -> Any:
        """Call the endpoint directly, without the queue."""
        return self._run(dynamic_input(self._spec.id, arguments, given))

    def subscribe(
        self,
        arguments: Mapping[str, Any] | None = None,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: OnQueueUpdate | None = None,
        **given: Any,
    ) -> Any:
        """Call the endpoint through the queue, and wait for the output."""
        return self._subscribe(
            dynamic_input(self._spec.id, arguments, given), logs=logs, on_queue_update=on_queue_update
        )

    def stream(
        self, arguments: Mapping[str, Any] | None = None, /, *, path: str | None = None, **given: Any
    ) -> Stream[Any, Any]:
        """Call the endpoint directly, and read what it makes as it comes, in a `with` block.

        Args:
            arguments: The input; one called `path` can only be given here.
            path: Where below the endpoint it streams; by default `/stream`, unless its id ends so.
            **given: More inputs.
        """
        return self._stream(dynamic_input(self._spec.id, arguments, given), check_path(path))

    def submit(
        self, arguments: Mapping[str, Any] | None = None, /, *, webhook_url: str | None = None, **given: Any
    ) -> RequestHandle[Any]:
        """Put a request into the queue, and return at once."""
        return self._submit(dynamic_input(self._spec.id, arguments, given), webhook_url=webhook_url)

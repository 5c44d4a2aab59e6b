"""An endpoint of a fake: told what it answers, and asked what it was called with."""

# design: What does `then` mean?

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ...checks import is_mapping, is_sequence, plain_function, shortened
from .failures import checked_error
from .mistakes import ScriptError
from .steps import NOTHING, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from ...errors import FalError
    from ...inputs.spec import EndpointSpec
    from .calls import Calls
    from .faults import Faults
    from .notebook import Notebook

__unittest = True  # unittest shows no line of here, as pytest does by __tracebackhide__
I = TypeVar("I")  # noqa: E741 - the input
O = TypeVar("O")  # noqa: E741 - the output


class EndpointFake(Generic[I, O]):
    """What one endpoint of a fake does: `fake.flux_1.schnell`. `I` is its input, `O` its output.

    Each method that says what it answers is about all calls to come, and forgets what was said before. What it returns
    goes on from there: `takes` is about the same call, `then` about the next one. The last one stays.

        fake.flux_1.schnell.returns(seed=1).then.fails(RateLimitError).then.returns(seed=2)

    Args:
        notebook: That of the fake.
        spec: The endpoint.
        step: The call that it is about; None for all.
    """

    def __init__(self, notebook: Notebook, spec: EndpointSpec, step: Step | None = None) -> None:
        self._notebook = notebook
        self._spec = spec
        self._step = step

    # What it answers.

    def returns(self, output: O | Mapping[str, object] | None = None, /, **fields: object) -> Self:
        """Return this output. What is left out is filled in with what would have been returned otherwise.

        At the top that is every field; inside of objects it is those that the document requires.

        Args:
            output: The whole output or a part of it, as a model or a dict.
            **fields: Fields of it.

        Raises:
            InvalidOutputError: It does not match the endpoint's document.
        """
        given = _with_fields(output, fields)
        self._checked(given)
        return self._answering(output=deepcopy(given))  # the caller may go on with it

    def fails(self, error: FalError | type[FalError]) -> Self:
        """Fail, so that the caller gets an error of this class, with these fields; its request id is the fake's.

        The client does not repeat the call, as it would after some of them: for that there are `faults`.

        Args:
            error: Such as `ModelError("The picture is too dark")` or `ContentPolicyError`.

        Raises:
            ScriptError: No answer of fal leads to it.
        """
        return self._answering(error=checked_error(error))

    def streams(self, events: Sequence[object], /) -> Self:
        """Stream these events. The last one is the output, also of calls that do not stream.

        Args:
            events: At least one, as models or dicts.

        Raises:
            InvalidOutputError: One of them does not match the endpoint's document.
        """
        if not is_sequence(events) or not events:
            raise ScriptError(f"streams(...) takes a list of events, at least one, not {shortened(events)}")
        for at, each in enumerate(events[:-1]):
            self._notebook.script_of(self._spec).checked_event(each, at)
        self._checked(events[-1], f"event {len(events) - 1}")
        return self._answering(events=list(events))

    def answers(self, function: Callable[[I], O | Mapping[str, object] | FalError | None], /) -> Self:
        """Return what a function makes of the input.

        Args:
            function: A plain one, not a coroutine function: it is called where the request arrives, for `AsyncFal` in
                the event loop. It returns what `returns` takes, an error or None for the usual output, or raises an
                error of this package. Whatever else it raises reaches the caller.
        """
        if not callable(function):
            raise ScriptError(f"answers(...) takes a function of the input, not {shortened(function)}")
        plain_function("answers(...)", function)
        return self._answering(function=function)

    def takes(self, seconds: float, *, logs: Sequence[str] = (), queue: Sequence[int] = ()) -> Self:
        """Take so long, on the clock of the fake: nobody waits.

        Args:
            seconds: From submission to the result.
            logs: Lines that the model prints meanwhile.
            queue: The positions in the queue, one after the other: `[3, 1, 0]`.
        """
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"seconds must be a number, not {type(seconds).__name__}")
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"seconds must be a finite number, 0 or more, not {seconds!r}")
        if isinstance(logs, str) or not all(isinstance(line, str) for line in logs):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError("logs must be a list of lines")
        if not all(type(position) is int and position >= 0 for position in queue):
            raise ValueError("queue must be a list of positions, each 0 or more")
        step = self._notebook.script_of(self._spec).timing if self._step is None else self._step
        step.seconds, step.logs, step.queue = float(seconds), tuple(logs), tuple(queue)
        return self

    @property
    def then(self) -> Self:
        """The call after that."""
        return self._about(self._notebook.script_of(self._spec).add())

    @property
    def faults(self) -> Faults:
        """What goes wrong on the way, for the requests of this endpoint."""
        return self._notebook.faults_of(self._spec)

    def reset(self) -> None:
        """Forget what was scripted, and what was called."""
        self._notebook.forget(self._spec)

    # What it was called with.

    @property
    def calls(self) -> Calls[I]:
        """Its calls so far."""
        return self._notebook.calls(self._spec)

    @property
    def call_count(self) -> int:
        """How many there are."""
        return len(self.calls)

    def assert_called(self) -> None:
        """It was called. See `Calls`."""
        __tracebackhide__ = True
        self.calls.assert_called()

    def assert_not_called(self) -> None:
        """It was not called. See `Calls`."""
        __tracebackhide__ = True
        self.calls.assert_not_called()

    def assert_called_once(self) -> None:
        """It was called exactly once. See `Calls`."""
        __tracebackhide__ = True
        self.calls.assert_called_once()

    def assert_called_with(self, /, **input: object) -> None:
        """The last call had exactly this input. See `Calls`."""
        __tracebackhide__ = True
        self.calls.assert_called_with(**input)

    def assert_called_once_with(self, /, **input: object) -> None:
        """It was called exactly once, with exactly this input. See `Calls`."""
        __tracebackhide__ = True
        self.calls.assert_called_once_with(**input)

    def assert_any_call(self, /, **input: object) -> None:
        """One of the calls had exactly this input. See `Calls`."""
        __tracebackhide__ = True
        self.calls.assert_any_call(**input)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._spec.id}>"

    def _answering(self, **answer: Any) -> Self:
        step = self._notebook.script_of(self._spec).begin() if self._step is None else self._step
        step.answer_with(**answer)
        return self if self._step is step else self._about(step)

    def _about(self, step: Step) -> Self:
        return type(self)(self._notebook, self._spec, step)

    def _checked(self, given: object, what: str = "output") -> None:
        if given is not NOTHING:
            self._notebook.script_of(self._spec).checked(given, what)


def _with_fields(output: object, fields: Mapping[str, object]) -> object:
    if output is None:
        return dict(fields) if fields else NOTHING
    if not fields:
        return output
    if not is_mapping(output):
        raise ScriptError("returns(...) takes fields beside a dict, and beside nothing else")
    return {**output, **fields}

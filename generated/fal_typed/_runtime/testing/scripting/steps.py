"""What an endpoint is to do, call after call."""

# design: What does `then` mean?

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...errors import FalError
from ..messages import Answer
from ..values.outputs import NoOutputError
from .failures import checked_error, ending_of, is_error
from .mistakes import ScriptError
from .outputs import completed
from .script import Call, Failure, Play

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...inputs.spec import EndpointSpec
    from ..messages import Json, NoAnswer

NOTHING: Any = object()


@dataclass
class Step:
    """What one call is answered with; the later fields win over the earlier ones.

    Attributes:
        output: It returns that, filled up.
        function: Or what this makes of the input.
        events: It streams these.
        error: It fails.
        seconds: How long it takes; None for as long as the endpoint's calls do.
    """

    output: object = NOTHING
    function: Callable[[Any], object] | None = None
    events: Sequence[object] | None = None
    error: FalError | None = None
    seconds: float | None = None
    logs: Sequence[str] = ()
    queue: Sequence[int] = ()

    def answer_with(self, **answer: object) -> None:
        """Forget what it answered before."""
        self.output, self.function, self.events, self.error = NOTHING, None, None, None
        vars(self).update(answer)


@dataclass
class EndpointScript:
    """The steps of an endpoint: a call takes the next one, and the last one stays. It is a `script.Script`.

    Attributes:
        spec: The endpoint.
        usual: Makes an output that is valid by the document.
        refuse: Told of a call that is not accepted, or whose answer gets lost.
        input_of: What was passed, under Python's names.
        timing: How long calls take that have no time of their own.
    """

    spec: EndpointSpec
    usual: Callable[[Call], Json]
    refuse: Callable[[Call, Answer | NoAnswer], None]
    input_of: Callable[[Call], Any]
    timing: Step = field(default_factory=lambda: Step(seconds=0.0))
    _steps: list[Step] = field(default_factory=list[Step])
    _at: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> Step:
        """Begin anew, with one step."""
        with self._lock:
            self._steps, self._at = [Step()], 0
            return self._steps[0]

    def add(self) -> Step:
        """One more; the first one is as usual if there was none."""
        with self._lock:
            if not self._steps:
                self._steps.append(Step())
            self._steps.append(Step())
            return self._steps[-1]

    def checked(self, given: object, what: str = "output") -> Json:
        """An output that was given, held against the document as if the input were empty.

        Raises:
            InvalidOutputError: It does not match.
        """
        return self._whole(given, Call(self.spec.id, {}, "00000000-0000-0000-0000-000000000000", "run"), what)

    def checked_event(self, given: object, at: int) -> Json:
        """An event that was given, and is not the last one."""
        return completed(self.spec.event, given, {}, endpoint=self.spec.id, what=f"event {at}")

    def play(self, call: Call) -> Play:
        """See `script.Script`."""
        with self._lock:
            step = self._steps[min(self._at, len(self._steps) - 1)] if self._steps else Step()
            self._at += 1
        timed = self.timing if step.seconds is None else step
        play = self._answered(step, call)
        play.seconds, play.logs, play.queue = timed.seconds or 0.0, timed.logs, timed.queue
        return play

    def _answered(self, step: Step, call: Call) -> Play:
        if step.error is not None:
            return self._failed(step.error, call)
        if step.events is not None:
            *first, last = step.events
            output = self._whole(last, call)
            return Play(output, events=[*(self.checked_event(each, at) for at, each in enumerate(first)), output])
        given = step.output
        if step.function is not None:
            try:
                given = step.function(self.input_of(call))
            except FalError as error:
                return self._failed(checked_error(error), call)
            if is_error(given):
                return self._failed(checked_error(given), call)
        output = self.usual(call) if given is NOTHING or given is None else self._whole(given, call)
        return Play(output, events=[output])

    def _whole(self, given: object, call: Call, what: str = "output") -> Json:
        try:
            usual: Json = self.usual(call)
        except (NoOutputError, ScriptError):  # so nothing is filled in
            usual = {}
        return completed(self.spec.output, given, usual, endpoint=self.spec.id, what=what)

    def _failed(self, error: FalError, call: Call) -> Play:
        ending = ending_of(error, call.kind)
        if isinstance(ending, Failure):
            return Play(error=ending)
        self.refuse(call, ending)
        if isinstance(ending, Answer):
            return Play(error=Failure(ending.status, json.loads(ending.body)), accepted=False)
        output = self.usual(call)  # fal has it, whether or not the caller knows
        return Play(output, events=[output])

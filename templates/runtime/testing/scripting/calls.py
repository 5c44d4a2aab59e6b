"""What was asked, as a test reads it, and what it may say of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, overload

from ...checks import is_object, shortened, suggestion
from .differences import differences, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..messages import Json
    from .script import CallOptions, Failure, Play, UploadedFile

__unittest = True  # unittest shows no line of here, as pytest does by __tracebackhide__
I = TypeVar("I")  # noqa: E741 - the input
_MOST_SHOWN = 10
Verb: TypeAlias = Literal["run", "subscribe", "submit", "stream"]
Outcome: TypeAlias = Literal["succeeded", "failed", "refused", "lost", "unknown"]


@dataclass
class Ending:
    """What became of a call, as far as it is settled.

    Attributes:
        play: What comes of it; it changes where the request is cancelled.
        word: Whether it was refused at once, or its answer got lost.
    """

    play: Play | None = None
    word: Literal["refused", "lost"] | None = None


@dataclass(kw_only=True, eq=False, repr=False)
class Call(Generic[I]):
    """One call of an endpoint, as it arrived at the fake. What the client repeats for want of an answer is another.

    Attributes:
        endpoint_id: Which endpoint.
        input: What was passed, under the names that Python has for the inputs; files are the URLs of their uploads.
        verb: How it was called. A `submit` whose client is none of this package may have been a `subscribe`.
        client: The client that called: "Fal", "AsyncFal", or what it says it is (its user agent).
        request_id: fal's id of it.
        options: What was asked for beside the input: `priority`, `hint`, `start_timeout`, `webhook_url`, `headers` …
        uploads: The files of the input: each has a `url`, a `name`, a `content_type` and its `content`.
        at: When, in seconds on the clock of the fake.
    """

    endpoint_id: str
    input: I
    verb: Verb
    client: str
    request_id: str
    options: CallOptions
    uploads: Sequence[UploadedFile] = ()
    at: float = 0.0
    _ending: Ending

    @property
    def outcome(self) -> Outcome:
        """Whether it succeeds, fails (cancelled ones do), was refused at once, or its answer got lost."""
        play = self._ending.play
        if play is None or self._ending.word is not None:
            return self._ending.word or "unknown"
        return "succeeded" if play.error is None else "failed"

    @property
    def output(self) -> Json:
        """What it returns, as JSON; None where it does not succeed."""
        play = self._ending.play
        return None if play is None or play.error is not None else play.output

    @property
    def error(self) -> Failure | None:
        """How it fails: the status and the body of fal's answer."""
        return None if self._ending.play is None else self._ending.play.error

    @property
    def files(self) -> dict[str, UploadedFile]:
        """Its uploads by their URLs."""
        return {each.url: each for each in self.uploads}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {_shown(self)}: {self.outcome}>"


class Calls(Sequence[Call[I]]):
    """The calls of an endpoint, or of all of them, in the order in which they arrived.

    Args:
        calls: They.
        subject: Whose they are, for messages: an endpoint's id.
        known: The names of the inputs, where they are of one endpoint.
    """

    def __init__(self, calls: Iterable[Call[I]], subject: str, known: Iterable[str] = ()) -> None:
        self._calls = list(calls)
        self._subject = subject
        self._known = list(known)

    @overload
    def __getitem__(self, index: int, /) -> Call[I]: ...
    @overload
    def __getitem__(self, index: slice, /) -> Calls[I]: ...
    def __getitem__(self, index: int | slice, /) -> Call[I] | Calls[I]:
        if isinstance(index, slice):
            return Calls(self._calls[index], self._subject, self._known)
        return self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __repr__(self) -> str:
        return f"<{_count(len(self))} of {self._subject}>"

    @property
    def call_count(self) -> int:
        """How many there are."""
        return len(self._calls)

    def assert_called(self) -> None:
        """There was a call.

        Raises:
            AssertionError: There was none.
        """
        __tracebackhide__ = True
        if not self._calls:
            raise AssertionError(f"{self._subject} was not called")

    def assert_not_called(self) -> None:
        """There was no call.

        Raises:
            AssertionError: There was one.
        """
        __tracebackhide__ = True
        if self._calls:
            raise AssertionError(f"{self._subject} was called {_times(len(self))}:{self._list()}")

    def assert_called_once(self) -> None:
        """There was exactly one call.

        Raises:
            AssertionError: There was none, or more than one.
        """
        __tracebackhide__ = True
        self.assert_called()
        if len(self._calls) > 1:
            raise AssertionError(f"{self._subject} was called {_times(len(self))}, not once:{self._list()}")

    def assert_called_once_with(self, /, **input: object) -> None:
        """There was exactly one call, with exactly this input.

        Args:
            **input: The whole input: fal's own defaults are not part of it. `unittest.mock.ANY` stands for anything,
                bytes or a path for an uploaded file with that content.

        Raises:
            AssertionError: There was another one; the message says in which fields it differs.
        """
        __tracebackhide__ = True
        self.assert_called_once()
        self.assert_any_call(**input)

    def assert_called_with(self, /, **input: object) -> None:
        """The last call had exactly this input. See `assert_called_once_with`."""
        __tracebackhide__ = True
        self.assert_called()
        self[-1:].assert_any_call(**input)

    def assert_any_call(self, /, **input: object) -> None:
        """One of the calls had exactly this input. See `assert_called_once_with`."""
        __tracebackhide__ = True
        self.assert_called()
        found = [differences(input, call.input, call.files) for call in self._calls]
        if not all(found):
            return
        at = min(range(len(found)), key=lambda index: len(found[index]))
        which = "" if len(found) == 1 else f" The nearest of {len(found)} calls is calls[{at}]:"
        raise AssertionError(
            f"{self._subject} was not called with this input.{which}\n{shown(found[at])}{self._hints(input)}"
        )

    def _hints(self, input: Mapping[str, object]) -> str:
        """What is expected and no input at all."""
        unknown = [name for name in input if self._known and name not in self._known]
        lines = [f"\n  {name} is not an input of this endpoint{suggestion(name, self._known)}" for name in unknown]
        return "".join(lines)

    def _list(self) -> str:
        more = "" if len(self) <= _MOST_SHOWN else f"\n  … ({len(self) - _MOST_SHOWN} more)"
        return "".join(f"\n  {_shown(call)}" for call in self._calls[:_MOST_SHOWN]) + more


def _shown(call: Call[Any]) -> str:
    """A call as one would write it."""
    given: Any = call.input
    if not is_object(given):
        return f"{call.endpoint_id}.{call.verb}({shortened(given)})"
    arguments = [f"{name}={shortened(value)}" for name, value in given.items()]
    more = [] if len(arguments) <= _MOST_SHOWN else ["…"]
    return f"{call.endpoint_id}.{call.verb}({', '.join([*arguments[:_MOST_SHOWN], *more])})"


def _count(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")

"""What the service is asked and what it answers, whichever way that comes: in the process, or over a socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What JSON can say.
Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


@dataclass(frozen=True)
class Request:
    """An HTTP request as a client sent it.

    Attributes:
        method: In upper case.
        url: Absolute, with its query.
        headers: By their names in lower case.
        body: All of it.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. The service sleeps nowhere: who brings the answer lets the time pass that it names.

    Attributes:
        status: The status code.
        headers: By their names in lower case, without those of the transfer (content-length and the like).
        body: All of it, where there are no events.
        events: A body that comes piece by piece; a number stands for the seconds that pass before the next piece.
        seconds: How long it takes until the head of the answer comes, on the service's clock.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    events: Iterator[bytes | float] | None = None
    seconds: float = 0.0


# refused: no connection came about. lost: it broke after the request was taken. timeout: nothing came back.
NoAnswerKind: TypeAlias = Literal["refused", "lost", "timeout"]


class NoAnswer(Exception):
    """There is no answer: a client sees the exception of its library, a server closes the socket.

    Args:
        kind: In which way.
        seconds: After how long, on the service's clock. A timeout lasts as long as the client has patience.
    """

    def __init__(self, kind: NoAnswerKind, seconds: float = 0.0) -> None:
        super().__init__(kind)
        self.kind: NoAnswerKind = kind
        self.seconds = seconds

"""What a recorder saw, and what a cassette keeps of it: plain values on both sides of the redaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ... import forks

if TYPE_CHECKING:
    from collections.abc import Mapping

# An exchange as the file has it: {"request": …, "answer": …} or {"request": …, "fault": …}.
Kept: TypeAlias = dict[str, Any]
# How a body ended: all of it came, the client had enough, or the connection failed.
End: TypeAlias = Literal["open", "whole", "left", "fault"]


@dataclass
class Sent:
    """A request as it went out.

    Attributes:
        url: Absolute.
        headers: By their names in lower case.
        body: All of it; of an upload nothing.
        size: How long the body is.
        is_new: Whether it is to be kept: it is not on the cassette yet.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    is_new: bool = True

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()

    @property
    def is_upload(self) -> bool:
        """Whether its body is a file, which is kept as its hash: it may be long, and is no part of the answer."""
        media_type = media_type_of(self.headers)
        is_text = media_type in ("application/json", "application/x-www-form-urlencoded")
        return self.method == "PUT" or "x-fal-file-name" in self.headers or not is_text

    @property
    def sha256(self) -> str:
        """Of the body."""
        return self._digest.hexdigest()

    def feed(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self.size += len(piece)
        self._digest.update(piece)
        if not self.is_upload:
            self.body += piece


@dataclass
class Heard:
    """What came back: an answer with its body so far, or the fault there was instead.

    Attributes:
        most: How many bytes of a body are kept. Of a longer one none are.
        fault: The name of the exception of httpx, and its text.
    """

    most: int
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    end: End = "open"
    fault: str = ""

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the head of the answer."""
        self.status, self.headers = status, headers

    def feed(self, piece: bytes) -> None:
        """Take a piece of the body, as it is on the wire."""
        self.size += len(piece)
        if self.size <= self.most:
            self.body += piece
        else:
            self.body.clear()

    def finish(self, end: End, fault: str = "") -> None:
        """Take how it ended; what comes first counts."""
        if self.end == "open":
            self.end, self.fault = end, fault

    @property
    def is_of_use(self) -> bool:
        """Whether there is something to answer with: not where the client was interrupted before any answer."""
        return self.status is not None or self.end == "fault"


@dataclass
class Seen:
    """An exchange while it is recorded."""

    sent: Sent
    heard: Heard


class Log:
    """What was seen, in the order in which it was asked. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: list[Seen] = []
        self._lock = forks.Lock()

    def begin(self, sent: Sent) -> Heard:
        """Take a request; what comes back is told to what this gives."""
        seen = Seen(sent, Heard(self._most))
        if sent.is_new:
            with self._lock:
                self._seen.append(seen)
        return seen.heard

    def seen(self) -> list[Seen]:
        """Those that are of use."""
        with self._lock:
            return [each for each in self._seen if each.heard.is_of_use]


def media_type_of(headers: Mapping[str, str]) -> str:
    """The media type that headers name, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()

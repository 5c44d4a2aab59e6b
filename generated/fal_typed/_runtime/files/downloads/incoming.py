"""What comes of a file, over all tries: checked, unpacked, and written to its part. No I/O but that writing.

A try that was cut off is gone on with where the server can show that it still has the same bytes (RFC 9110, 13.1.5 and
14.2); anything else begins anew. So does gzip: what was cut is its packed form, of which nothing is kept.
"""

# design: What does a download trust?

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ...errors import FileTransferError
from .gunzip import Gunzip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .partial_file import PartialFile

_WHOLE = (200, 203)  # 203: somebody between says that it is not as it was; it is whole
_PART = 206
OUT_OF_RANGE = 416
_RANGE = re.compile(r"bytes +(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
# A date names a second, in which a file may have changed twice (RFC 9110, 8.8.2.2).
_SETTLED_SECONDS = 1.0


class OtherPartError(Exception):
    """The part that came is not the one that is missing: begin anew."""


class Incoming:
    """The body of a file (`Exchange.sink`).

    Args:
        part: Where it goes.

    Attributes:
        furthest: The bytes that had been received where a try came furthest.
    """

    def __init__(self, part: PartialFile) -> None:
        self.furthest = 0
        self._part = part
        self._gunzip: Gunzip | None = None
        self._received = 0
        self._total: int | None = None
        self._validator: str | None = None
        self._is_resumed = True
        self._asked_from = 0

    @property
    def is_part_asked_for(self) -> bool:
        """Whether the last try asked for the rest of the file."""
        return self._asked_from > 0

    @property
    def received(self) -> int:
        """The bytes that are there, as they are sent."""
        return self._received

    @property
    def is_short(self) -> bool:
        """Whether the server says that there is more than it sent."""
        return self._total is not None and self._received < self._total

    def headers(self) -> Mapping[str, str]:
        """See Sink: which part is missing."""
        self._asked_from = self._received if self._validator is not None and self._is_resumed else 0
        if not self._asked_from or self._validator is None:
            return {}
        return {"range": f"bytes={self._asked_from}-", "if-range": self._validator}

    def start_over(self, *, resumed: bool) -> None:
        """Forget what came.

        Args:
            resumed: Whether a later try that is cut off may be gone on with.
        """
        self._received, self._total, self._validator, self._is_resumed = 0, None, None, resumed

    def begin(self, status: int, headers: Mapping[str, str]) -> Callable[[bytes], object]:
        """See Sink.

        Raises:
            FileTransferError: It is no whole file, or packed in a way that nobody asked for.
            OtherPartError: It is a part, and not that which was asked for.
        """
        if status == _PART and self._asked_from:
            self._go_on(headers)
        elif status in _WHOLE:
            self._start(headers)
        else:
            what = "a part of it that nobody asked for" if status == _PART else "no file"
            raise FileTransferError(f"{self._part.name}: the server answered {status} with {what}; nothing was saved")
        return self._take if self._gunzip is None else self._take_packed

    def finish(self) -> None:
        """The body has ended.

        Raises:
            FileTransferError: In the middle of what it is.
        """
        if self._gunzip is not None and not self._gunzip.is_whole:
            raise FileTransferError(f"{self._part.name}: its gzip ends in the middle; nothing was saved")

    def _start(self, headers: Mapping[str, str]) -> None:
        is_packed = self._is_packed(headers)
        self._gunzip = Gunzip() if is_packed else None
        self._received, self._total = 0, None
        self._validator = None if is_packed else _validator(headers)
        length = "" if "transfer-encoding" in headers else headers.get("content-length", "")  # RFC 9112, 6.3
        if not is_packed and length.isascii() and length.isdecimal():
            self._total = int(length)
        self._part.begin(self._total)

    def _go_on(self, headers: Mapping[str, str]) -> None:
        """Only with the bytes that follow those that are there, of the same file."""
        found = _RANGE.fullmatch(headers.get("content-range", "").strip().lower())
        total = None if found is None or found[3] == "*" else int(found[3])
        tag = headers.get("etag")
        agrees = (
            found is not None
            and int(found[1]) == self._asked_from
            and (total is None or self._total is None or total == self._total)
            and (tag is None or not _is_strong(self._validator or "") or tag == self._validator)
            and not _encodings(headers)
        )
        if not agrees:
            raise OtherPartError
        self._total = self._total if total is None else total
        self._part.expect(self._total)

    def _is_packed(self, headers: Mapping[str, str]) -> bool:
        encodings = _encodings(headers)
        if not encodings or encodings in (["gzip"], ["x-gzip"]):
            return bool(encodings)
        raise FileTransferError(
            f"{self._part.name} came with the content-encoding {', '.join(encodings)[:80]!r}, which nobody asked for; "
            "nothing was saved"
        )

    def _take(self, chunk: bytes) -> None:
        self._count(chunk)
        if self._total is not None and self._received > self._total:
            raise FileTransferError(f"{self._part.name}: more came than its {self._total} bytes; nothing was saved")
        self._part.write(chunk)

    def _take_packed(self, chunk: bytes) -> None:
        assert self._gunzip is not None
        self._count(chunk)
        try:
            for piece in self._gunzip.pieces(chunk):
                self._part.write(piece)
        except ValueError as error:
            raise FileTransferError(f"{self._part.name}: its gzip is broken ({error}); nothing was saved") from None

    def _count(self, chunk: bytes) -> None:
        self._received += len(chunk)
        self.furthest = max(self.furthest, self._received)


def _encodings(headers: Mapping[str, str]) -> list[str]:
    named = (each.strip().lower() for each in headers.get("content-encoding", "").split(","))
    return [each for each in named if each not in ("", "identity")]


def _is_strong(tag: str) -> bool:
    return tag.startswith('"') and tag.endswith('"') and len(tag) > 1 and tag.isascii() and tag.isprintable()


def _validator(headers: Mapping[str, str]) -> str | None:
    """What names exactly these bytes of the file: a strong ETag, else a date of change that is over."""
    tag, changed = headers.get("etag", ""), headers.get("last-modified", "")
    if _is_strong(tag):
        return tag
    when, now = _seconds(changed), _seconds(headers.get("date", ""))
    if when is None or (time.time() if now is None else now) - when < _SETTLED_SECONDS:
        return None
    return changed


def _seconds(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None

"""A look into a file, wherever in it what is wanted stands, that never costs more than 64 KiB."""

# design: How is a file looked at before it is uploaded?

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from ..errors import FileTransferError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    class Readable(Protocol):
        """What is to be uploaded (`files.sources.Source`)."""

        size: int | None

        def chunks(self, start: int, length: int, /) -> Iterable[bytes]: ...  # noqa: D102


MOST_BYTES = 64 * 1024
_BLOCK = 2048
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Peek:
    """Reads blocks of a file, each once.

    Attributes:
        size: How long the file is.
    """

    def __init__(self, size: int, read: Callable[[int, int], bytes]) -> None:
        """A look into a file of that many bytes, of which `read(start, length)` gives some."""
        self.size = size
        self._read = read
        self._blocks: dict[int, bytes] = {}

    def at(self, start: int, length: int) -> bytes:
        """Some bytes; fewer where the file ends, where it cannot be read, and where enough of it was read."""
        if start < 0:
            return b""
        end = min(start + length, self.size, start + MOST_BYTES)
        read = b"".join(self._block(number) for number in range(start // _BLOCK, -(-end // _BLOCK)))
        return read[start % _BLOCK :][: max(end - start, 0)]

    def number(self, start: int, length: int, order: str = "big") -> int | None:
        """A number without a sign; None where it is not there."""
        read = self.at(start, length)
        return int.from_bytes(read, "little" if order == "little" else "big") if len(read) == length else None

    def _block(self, number: int) -> bytes:
        if number in self._blocks:
            return self._blocks[number]
        if (len(self._blocks) + 1) * _BLOCK > MOST_BYTES:
            return b""
        start = number * _BLOCK
        try:
            block = self._read(start, min(_BLOCK, self.size - start))
        except (OSError, TypeError, ValueError, FileTransferError):  # the upload will tell
            block = b""
        self._blocks[number] = block
        return block


def into_source(source: Readable) -> Peek | None:
    """A look into what is to be uploaded; None where it can be read once only."""
    if source.size is None:
        return None
    return Peek(source.size, lambda start, length: b"".join(source.chunks(start, length)))


def into_data_uri(uri: str) -> Peek | None:
    """A look into a `data:` URI, of which no more is decoded than is looked at; None where it is no plain base64."""
    head, _, text = uri.partition(",")
    if not head.lower().endswith(";base64") or not text.isascii():
        return None
    content = text.encode("ascii")
    plain = content.rstrip(b"=")
    if content.translate(None, _BASE64) not in (b"", b"=", b"=="):
        return None

    def read(start: int, length: int) -> bytes:
        first = start // 3
        some = plain[first * 4 : -(-(start + length) // 3) * 4]
        return base64.b64decode(some + b"=" * (-len(some) % 4))[start - first * 3 :][:length]

    return Peek(len(plain) * 3 // 4, read)

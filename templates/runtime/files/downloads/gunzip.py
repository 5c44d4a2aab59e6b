"""Gzip unpacked in pieces: whatever a stream unpacks to, no more than a piece of it is in memory at once."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE_BYTES = 2**18
# To zlib: gzip, with any window.
_GZIP = 16 + zlib.MAX_WBITS


class Gunzip:
    """One stream of gzip, which may be several one after the other (RFC 1952)."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP)
        self._has_begun = False

    @property
    def is_whole(self) -> bool:
        """Whether it may end here."""
        return self._inner.eof or not self._has_begun

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What more of the stream unpacks to.

        Raises:
            ValueError: It is not gzip.
        """
        while True:
            if self._inner.eof:
                data = (data or self._inner.unused_data).lstrip(b"\0")  # archives are filled up with zeros
                if not data:
                    return
                self._inner = zlib.decompressobj(_GZIP)
            self._has_begun = self._has_begun or bool(data)
            try:
                piece = self._inner.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise ValueError(str(error)) from None
            if piece:
                yield piece
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
            if not data and len(piece) < PIECE_BYTES:
                return

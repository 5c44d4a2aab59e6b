"""The steps of an upload, the same for both clients. No I/O but reading the file.

Asked for are exchanges, a token, and several flows to go on side by side: `storage.py` and `async_storage.py` do that.
"""

# design: How does a file get to fal's storage?

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from .storage_api import Multipart, StorageRequests, check_success, read_etag

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...http.exchange import Answer, Exchange
    from ..progress import Meter
    from .sources import Source
    from .storage_api import CdnToken
    from .tokens import Tokens, TokenWanted

T = TypeVar("T")
# Those of the official client 1.0.3.
SINGLE_LIMIT = 100 * 1024 * 1024
PART_BYTES = 10 * 1024 * 1024
# Of an upload in parts, as S3 and those that follow it have it.
_MOST_PARTS = 10_000
# A token that the CDN does not take any more.
_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class Parallel:
    """Flows that can go on side by side.

    Attributes:
        flows: To be taken one by one, as places get free: each may hold a part in memory.
        blocks: Whether taking the next one may wait for whoever writes into a pipe.
    """

    flows: Iterator[Flow[Any]]
    blocks: bool = False


Flow: TypeAlias = Generator["Exchange | Parallel | TokenWanted", Any, T]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way."""

    source: Source
    requests: StorageRequests
    tokens: Tokens
    meter: Meter

    def steps(self) -> Flow[str]:
        """The upload, to its URL."""
        size = self.source.size
        if size is None:
            return (yield from self._of_stream())
        if size <= SINGLE_LIMIT:
            return (yield from self._single(lambda: self.source.chunks(0, size), size))
        length = max(PART_BYTES, ceil(size / _MOST_PARTS))
        return (yield from self._multipart(self._pieces(size, length), blocks=False))

    def _of_stream(self) -> Flow[str]:
        """How long it is shows when it is read: a part ahead, which is kept for another try."""
        first = self._next_piece()
        if not first and self.source.if_empty is not None:
            raise self.source.if_empty
        if len(first) < PART_BYTES:
            return (yield from self._single(lambda: _slices(first), len(first)))
        return (yield from self._multipart(self._pieces_of_stream(first), blocks=True))

    def _single(self, content: Callable[[], Iterator[bytes]], length: int) -> Flow[str]:
        counted = self.meter.counted(content)
        sent, answer = yield from self._with_token(lambda token: self.requests.single(token, counted, length))
        url = self.requests.read_url(sent, answer)
        self._done()
        return url

    def _multipart(self, pieces: Iterator[Piece], *, blocks: bool) -> Flow[str]:
        upload = self.requests.read_multipart(*(yield from self._with_token(self.requests.create)))
        parts = (self._part(upload, number, piece) for number, piece in enumerate(pieces, start=1))
        etags: list[str] = yield Parallel(parts, blocks)
        self.source.check_unchanged()  # before it is put together
        check_success(*(yield from self._with_token(lambda token: self.requests.complete(token, upload, etags))))
        self._done()
        return upload.access_url

    def _part(self, upload: Multipart, number: int, piece: Piece) -> Flow[str]:
        content, length = piece
        counted = self.meter.counted(content)
        return read_etag(
            *(yield from self._with_token(lambda token: self.requests.part(token, upload, number, counted, length)))
        )

    def _with_token(self, make: Callable[[CdnToken], Exchange]) -> Flow[tuple[Exchange, Answer]]:
        token = yield from self.tokens.current(self.requests)
        exchange = make(token)
        answer: Answer = yield exchange
        if answer.status in _REFUSED:
            exchange = make((yield from self.tokens.instead(self.requests, token)))
            answer = yield exchange
        return exchange, answer

    def _done(self) -> None:
        self.source.check_unchanged()
        self.source.is_sent = True
        self.meter.finish()

    # Pieces.

    def _pieces(self, size: int, length: int) -> Iterator[Piece]:
        for start in range(0, size, length):
            yield _piece_of(self.source, start, min(length, size - start))

    def _pieces_of_stream(self, first: bytes) -> Iterator[Piece]:
        piece = first
        while piece:
            yield _piece_of_bytes(piece)
            piece = self._next_piece() if len(piece) == PART_BYTES else b""

    def _next_piece(self) -> bytes:
        return b"".join(self.source.chunks(0, PART_BYTES))


Piece: TypeAlias = "tuple[Callable[[], Iterator[bytes]], int]"


def _piece_of(source: Source, start: int, length: int) -> Piece:
    return lambda: source.chunks(start, length), length


def _piece_of_bytes(content: bytes) -> Piece:
    return lambda: _slices(content), len(content)


def _slices(content: bytes) -> Iterator[bytes]:
    """Bytes piece by piece: what is given to a socket whole is copied at each step."""
    step = 256 * 1024
    view = memoryview(content)
    for at in range(0, len(content), step):
        yield bytes(view[at : at + step])

"""The body of a request to a proxy, as WSGI gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ..headers import length_of
from ..request import ProxyRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..headers import RawHeaders

_PIECE = 64 * 1024


class Readable(Protocol):
    """`wsgi.input`, or a request of Django's."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class WsgiBody:
    """What is left to receive of one WSGI request.

    Args:
        environ: WSGI's. `wsgi.input_terminated` says that reading ends where the body does (Lambda, chunked bodies);
            else it ends with the length that is named, since behind it a server may wait for ever.
        limit: The most bytes to take.
    """

    def __init__(self, environ: Mapping[str, Any], limit: int) -> None:
        self._input: Readable = environ["wsgi.input"]
        self._limit = limit
        self._length = length_of(headers_of(environ))
        self._is_terminated = bool(environ.get("wsgi.input_terminated"))
        self._is_framed = str(environ.get("SERVER_PROTOCOL", "")).startswith(("HTTP/2", "HTTP/3"))
        self._is_chunked = "HTTP_TRANSFER_ENCODING" in environ

    def content(self) -> bytes | Iterator[bytes]:
        """All of it, where it is short, or its pieces."""
        first, pieces = bytearray(), self._pieces()
        for piece in pieces:
            first += piece
            if len(first) >= _PIECE:
                return self._from(bytes(first), pieces)
        return bytes(first)

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(self._pieces())

    def _from(self, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
        yield first
        yield from rest

    def _pieces(self) -> Iterator[bytes]:
        if self._is_chunked and not self._is_terminated and self._length is None:
            raise ProxyRefusedError(411, "Length required")  # this server does not read such bodies
        if self._is_framed and not self._is_terminated and self._length is None:
            raise ProxyRefusedError(411, "Length required")  # there may be one, and nobody says where it ends
        done, left = 0, self._length
        if left is None and not self._is_terminated:
            left = 0
        while left is None or left > done:
            try:
                piece = self._input.read(_PIECE if left is None else min(_PIECE, left - done))
            except OSError:  # the caller has left
                raise ProxyRefusedError(400, "The body broke off") from None
            if not piece and left is not None:
                raise ProxyRefusedError(400, "The body broke off")
            if not piece:
                return
            done += len(piece)
            if done > self._limit:
                raise ProxyRefusedError(413, "Request too large")
            yield piece


def headers_of(environ: Mapping[str, Any]) -> RawHeaders:
    """The headers of a request, as bytes."""
    named = {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")}
    named |= {key: environ[key] for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(key)}
    return [
        (name.replace("_", "-").lower().encode("latin-1", "replace"), str(value).encode("latin-1", "replace"))
        for name, value in named.items()
    ]

"""The body of a request, off a socket: never more of it in memory than a limit says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

# Bytes. The largest that fal's clients send in one piece are files of 100 MiB; longer ones they send in parts.
LARGEST = 128 * 1024 * 1024
_LINE = 4096
_PIECE = 1024 * 1024


class Bytes(Protocol):
    """A file to read from."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, or fewer at the end."""
        ...

    def readline(self, size: int, /) -> bytes:
        """A line, or so many bytes of it."""
        ...


class BadBodyError(Exception):
    """It cannot be read.

    Args:
        status: What to answer with.
        detail: And in which words.
    """

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def read_body(file: Bytes, headers: Mapping[str, str], largest: int = LARGEST) -> bytes:
    """All of it.

    Args:
        file: What stands behind the request's head.
        headers: The request's, by names in lower case; several of a name with commas between.
        largest: The most bytes that are taken.

    Raises:
        BadBodyError: It is too long, or not what the headers say.
        ConnectionError: The client went away in the middle of it.
    """
    coding = headers.get("transfer-encoding")
    if coding is None:
        return _exactly(file, length_of(headers, largest))
    if "content-length" in headers:
        raise BadBodyError(400, "a body has a content-length or a transfer-encoding, not both")
    if coding.strip().lower() != "chunked":
        raise BadBodyError(501, "the only transfer-encoding here is chunked")
    return _chunks(file, largest)


def length_of(headers: Mapping[str, str], largest: int = LARGEST) -> int:
    """How long a body is said to be.

    Raises:
        BadBodyError: That is no number, or too large a one.
    """
    named = {one.strip() for one in headers.get("content-length", "0").split(",")}
    text = named.pop()
    if named or not (text.isascii() and text.isdigit()):
        raise BadBodyError(400, "content-length is not one number")
    if len(text) > 18 or int(text) > largest:
        raise BadBodyError(413, f"a body has at most {largest} bytes here; send longer files in parts")
    return int(text)


def _exactly(file: Bytes, length: int) -> bytes:
    body = bytearray()  # which grows as it comes: what is only announced takes no memory
    while len(body) < length:
        piece = file.read(min(length - len(body), _PIECE))
        if not piece:
            raise ConnectionError("the body broke off")
        body += piece
    return bytes(body)


def _chunks(file: Bytes, largest: int) -> bytes:
    body = bytearray()
    while size := _chunk_size(_line(file)):
        if len(body) + size > largest:
            raise BadBodyError(413, f"a body has at most {largest} bytes here; send longer files in parts")
        body += _exactly(file, size)
        if _line(file):
            raise BadBodyError(400, "a chunk is longer than it says")
    while _line(file):  # trailers, which say nothing here
        pass
    return bytes(body)


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 15 or digits.strip(b"0123456789abcdefABCDEF"):
        raise BadBodyError(400, "a chunk does not say how long it is")
    return int(digits, 16)


def _line(file: Bytes) -> bytes:
    line = file.readline(_LINE)
    if not line:
        raise ConnectionError("the body broke off")
    if not line.endswith(b"\n"):
        raise BadBodyError(400, "a line of a chunked body is too long")
    return line.rstrip(b"\r\n")

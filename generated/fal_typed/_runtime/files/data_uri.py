"""Files as `data:` URIs: made of small files, and read where a model answers with one (`sync_mode`)."""

from __future__ import annotations

import base64
import binascii
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from ..errors import FileTransferError
from . import media_type
from .uploads.sources import CHUNK_BYTES, open_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .uploads.sources import Uploadable

_BASE64 = ";base64"
# Decoded in a few milliseconds.
_PIECE_CHARACTERS = 2**18


def data_uri(file: Uploadable, *, content_type: str | None = None) -> str:
    """A file as a `data:` URI, for an input that is to carry it along. For small files; others are uploaded.

    Args:
        file: A `pathlib.Path`, bytes, or a binary file object, read from where it stands.
        content_type: Its media type; by default guessed by its name, else by its first bytes.

    Raises:
        OSError: There is no such file, it is a directory, or it may not be read.
        TypeError: It is nothing to read from: a `str` is a URL and never a path.
    """
    media_type.check(content_type)
    with closing(open_source(file)) as source:
        pieces: list[bytes] = []
        while source.size is None and (piece := b"".join(source.chunks(0, CHUNK_BYTES))):
            pieces.append(piece)
        if source.size is not None:
            pieces.extend(source.chunks(0, source.size))
        source.is_sent = True
        content = b"".join(pieces)
        kind = content_type or media_type.guess(source.name, content[: media_type.HEAD_BYTES])
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def is_data_uri(url: str) -> bool:
    """Whether a URL holds its file itself."""
    return url[:5].lower() == "data:"


def media_type_of(uri: str) -> str:
    """The media type that a `data:` URI names (RFC 2397: plain text where it names none)."""
    comma = uri.find(",")
    return uri[5 : comma if comma >= 0 else None].partition(";")[0].strip().lower() or "text/plain"


def decoded(uri: str) -> bytes:
    """The content of a `data:` URI (RFC 2397).

    Raises:
        FileTransferError: It is none.
    """
    return b"".join(pieces_of(uri))


def pieces_of(uri: str) -> Iterator[bytes]:
    """The content of a `data:` URI, piece by piece: nothing is copied whole, nor takes long.

    Raises:
        FileTransferError: It is none.
    """
    head, start = _head(uri)
    pieces = map(unquote_to_bytes, _slices(uri, start))
    return _from_base64(pieces) if head.endswith(_BASE64) else pieces


def length_of(uri: str) -> int | None:
    """How many bytes `pieces_of` will give; None where only decoding tells.

    Raises:
        FileTransferError: It is none.
    """
    head, start = _head(uri)
    if uri.find("%", start) >= 0 or not uri.isascii():
        return None
    length = len(uri) - start
    if not head.endswith(_BASE64):
        return length
    return length // 4 * 3 - (uri.endswith("=", start) + uri.endswith("==", start))


def _head(uri: str) -> tuple[str, int]:
    """What is before the content, in lower case, and where that begins."""
    comma = uri.find(",")
    if comma < 0:
        raise FileTransferError("the data URI has no comma, so no content")
    return uri[:comma].lower(), comma + 1


def _slices(uri: str, start: int) -> Iterator[str]:
    """The text from there on; no `%20` is cut in two."""
    while start < len(uri):
        end = start + _PIECE_CHARACTERS
        if end < len(uri) and (escape := uri.find("%", end - 2, end)) >= 0:
            end = escape
        yield uri[start:end]
        start = end


def _from_base64(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest, is_over = b"", False
    try:
        for piece in pieces:
            text = rest + piece
            whole = len(text) - len(text) % 4  # four characters are three bytes
            rest = text[whole:]
            if whole and is_over:
                raise binascii.Error("Excess data after padding")
            yield base64.b64decode(text[:whole], validate=True)
            is_over = is_over or text.endswith(b"=", 0, whole)
        if rest:
            raise binascii.Error("Incorrect padding")
    except binascii.Error as error:
        raise FileTransferError(f"the data URI is not base64: {error}") from None

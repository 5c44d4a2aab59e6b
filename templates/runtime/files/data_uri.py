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
    from .uploads.sources import Uploadable


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
        content = b"".join(pieces)
        kind = content_type or media_type.guess(source.name, content[: media_type.HEAD_BYTES])
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def is_data_uri(url: str) -> bool:
    """Whether a URL holds its file itself."""
    return url[:5].lower() == "data:"


def media_type_of(uri: str) -> str:
    """The media type that a `data:` URI names (RFC 2397: plain text where it names none)."""
    return uri[5:].partition(",")[0].partition(";")[0].strip().lower() or "text/plain"


def decoded(uri: str) -> bytes:
    """The content of a `data:` URI (RFC 2397).

    Raises:
        FileTransferError: It is none.
    """
    head, comma, text = uri.partition(",")
    if not comma:
        raise FileTransferError("the data URI has no comma, so no content")
    content = unquote_to_bytes(text)
    if not head.lower().endswith(";base64"):
        return content
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error as error:
        raise FileTransferError(f"the data URI is not base64: {error}") from None

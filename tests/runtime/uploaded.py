"""Things to upload, of every kind, and a server's view of them."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = tuple("path bytes bytearray memoryview file unbuffered bytesio moved spooled pipe reader".split())


class Reader:
    """No more than `read`, and less than was asked for at a time."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(min(size, 100_000) if size > 0 else size)


@contextmanager
def made(kind: str, content: bytes, folder: Path) -> Iterator[Any]:
    """The content as something that can be uploaded."""
    path = folder / "upload.bin"
    path.write_bytes(content)
    if kind in ("path", "bytes", "bytearray", "memoryview"):
        yield {"path": path, "bytes": content, "bytearray": bytearray(content), "memoryview": memoryview(content)}[kind]
    elif kind == "bytesio":
        yield io.BytesIO(content)
    elif kind == "reader":
        yield Reader(content)
    elif kind == "moved":  # a header that was read already is not part of it
        path.write_bytes(b"header" + content)
        with path.open("rb") as file:
            file.read(6)
            yield file
    elif kind == "spooled":
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(content)
            file.seek(0)
            yield file
    elif kind == "pipe":
        with pipe(content) as file:
            yield file
    else:
        with path.open("rb", buffering=0 if kind == "unbuffered" else -1) as file:
            yield file


@contextmanager
def pipe(content: bytes) -> Iterator[Any]:
    """A pipe that somebody writes the content into."""
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    with open(reading, "rb") as file:  # noqa: PTH123
        yield file
    writer.join(5)

"""What is to be uploaded, opened: read piece by piece, as often as a piece has to be sent."""

from __future__ import annotations

import io
import os
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from ... import forks
from ...errors import FalError, FileTransferError
from ..media_type import HEAD_BYTES
from .library_objects import is_picture, own_name, png_of, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol, TypeAlias

    from .library_objects import LibraryObject

    class BinaryFile(Protocol):
        """A file open for reading in binary mode, or anything else that reads bytes like one (`BinaryIO` does)."""

        def read(self, size: int = ..., /) -> bytes: ...  # noqa: D102

    Uploadable: TypeAlias = os.PathLike[str] | bytes | BinaryFile | LibraryObject

CHUNK_BYTES = 256 * 1024


class Source(ABC):
    """An opened upload.

    Attributes:
        name: The file's own name, if it has one.
        size: Its length in bytes, from where it is read; None where only reading it tells.
        head: Its first bytes, as far as they can be looked at beforehand.
        why_empty: What to say where there are no bytes and some are needed, after a place.
        if_empty: What to raise if only reading shows that there are none.
        start: Where a caller's file stood, from which it is read.
        is_sent: Whether all of it was; then a caller's file is left at its end, and where it stood otherwise.
    """

    why_empty = "has no bytes"
    if_empty: FalError | None = None
    start = 0
    is_sent = False

    def __init__(self, name: str | None, size: int | None) -> None:
        self.name = name
        self.size = size
        self.head = b""

    @abstractmethod
    def chunks(self, start: int, length: int) -> Iterator[bytes]:
        """A piece of it. One whose size is unknown gives each piece once, in order, and less at its end."""

    def check_unchanged(self) -> None:  # noqa: B027  (most cannot change)
        """Raise FileTransferError if it is not any more what it was when it was opened."""

    def close(self) -> None:  # noqa: B027  (most have nothing to close)
        """Close what was opened here."""


class BytesSource(Source):
    """Bytes in memory."""

    def __init__(self, content: memoryview) -> None:
        self._content = content
        super().__init__(None, len(content))
        self.head = bytes(content[:HEAD_BYTES])

    def chunks(self, start: int, length: int) -> Iterator[bytes]:
        """See Source."""
        for at in range(start, start + length, CHUNK_BYTES):
            yield bytes(self._content[at : min(at + CHUNK_BYTES, start + length)])


# One for all files of callers: an object may be given to several calls at once, each of which moves its position.
_POSITIONS = forks.Lock()


class SeekableSource(Source):
    """A file from its position on. Threads take turns: each read is of one chunk."""

    def __init__(self, file: Any, name: str | None, *, owned: bool) -> None:
        self._file = file
        self._owned = owned
        self._lock = threading.Lock() if owned else _POSITIONS
        with self._lock:
            self.start: int = file.tell()
            self._end = max(self.start, file.seek(0, os.SEEK_END))
            file.seek(self.start)
        super().__init__(name, self._end - self.start)
        if self.start:
            self.why_empty = "is at its end: seek(0), or pass a pathlib.Path"
        self._state = self._now()
        self.head = b"".join(self.chunks(0, min(HEAD_BYTES, self._end - self.start)))

    def chunks(self, start: int, length: int) -> Iterator[bytes]:
        """See Source."""
        done = 0
        while done < length:
            chunk = self._read(self.start + start + done, min(CHUNK_BYTES, length - done))
            if not chunk:
                raise self._changed()
            done += len(chunk)
            yield chunk

    def _read(self, at: int, length: int) -> bytes:
        with self._lock:
            try:
                self._file.seek(at)
                chunk = checked_bytes(self._file.read(length))
                if not self._owned:
                    self._file.seek(self.start)  # another call may be given it now
            except TypeError:
                raise
            except Exception as error:  # it was closed meanwhile, or is an archive's that is damaged
                raise FileTransferError(f"{self.name or 'the file'} can be read no more: {error}") from error
            return chunk

    def check_unchanged(self) -> None:
        """See Source."""
        if self._now() != self._state:
            raise self._changed()

    def _changed(self) -> FileTransferError:
        return FileTransferError(f"{self.name or 'the file'} changed while it was being uploaded")

    def _now(self) -> tuple[int, int] | None:
        try:
            status = os.fstat(self._file.fileno())
        except (AttributeError, OSError, ValueError):  # it is no file of the operating system's, or not any more
            return None
        return status.st_size, status.st_mtime_ns

    def close(self) -> None:
        """See Source. A caller's own file stays open; one that was sent is at its end, as after a read."""
        if self._owned:
            self._file.close()
        elif self.is_sent:
            with self._lock, suppress(OSError, ValueError):
                self._file.seek(self._end)


class StreamSource(Source):
    """A pipe, a socket, or anything else that can only be read on."""

    def __init__(self, file: Any, name: str | None, *, owned: bool) -> None:
        super().__init__(name, None)
        self._file = file
        self._owned = owned

    def chunks(self, start: int, length: int) -> Iterator[bytes]:  # noqa: ARG002  (it is where the last piece ended)
        """See Source."""
        done = 0
        while done < length and (chunk := checked_bytes(self._file.read(min(CHUNK_BYTES, length - done)))):
            done += len(chunk)
            yield chunk

    def close(self) -> None:
        """See Source."""
        if self._owned:
            self._file.close()


def is_uploadable(value: object) -> TypeGuard[Uploadable]:
    """Whether a value is a path, bytes, a picture, or something to read from. A `str` is never a path."""
    if isinstance(value, bytes | bytearray | memoryview | os.PathLike):
        return True
    return readable(value) is not None or is_picture(value)


def is_text_file(value: object) -> bool:
    """Whether a file object reads text."""
    value = readable(value)
    return isinstance(value, io.TextIOBase) or isinstance(getattr(value, "encoding", None), str)


def checked_bytes(chunk: object) -> bytes:
    """What `read` gave, if it is bytes."""
    if isinstance(chunk, bytes | bytearray | memoryview):
        return bytes(cast("bytes", chunk))
    raise TypeError(f"its read() must give bytes, not {type(chunk).__name__}")


def open_source(value: object) -> Source:
    """Open what is to be uploaded.

    Raises:
        OSError: There is no such file, it is a directory, or it may not be read.
        TypeError: This is nothing to be read: a `str` is a URL and never a path. Or it is an array, not of `uint8`.
        ValueError: It is a file that was opened in text mode, or is closed; or a picture without pixels.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return BytesSource(memoryview(cast("bytes", value)).cast("B"))
    if isinstance(value, os.PathLike):
        path = Path(value)  # pyright: ignore[reportUnknownArgumentType]
        return _closing(path.open("rb"), lambda file: _of_file(file, path.name, owned=True))
    if isinstance(value, str):
        raise TypeError("a str is a URL and never a path: pass pathlib.Path(...) to upload a file")
    if is_picture(value):
        return BytesSource(memoryview(png_of(value)))
    file = readable(value)
    if file is None:
        raise TypeError(f"must be a pathlib.Path, bytes or a binary file object, not {type(value).__name__}")
    if is_text_file(file):
        raise ValueError("must be a file opened in binary mode, 'rb'")
    if getattr(file, "closed", False) is True:
        raise ValueError("is a file that was closed already")
    return _of_file(file, own_name(value), owned=False)


def _closing(file: Any, make: Callable[[Any], Source]) -> Source:
    try:
        return make(file)
    except BaseException:
        file.close()
        raise


def _of_file(file: Any, name: str | None, *, owned: bool) -> Source:
    try:
        seekable = bool(file.seekable())
    except AttributeError:  # it has no more than `read`
        seekable = False
    return SeekableSource(file, name, owned=owned) if seekable else StreamSource(file, name, owned=owned)

"""Files in the objects of other libraries: uploads of web frameworks, pictures of Pillow, arrays of numpy.

They are told by what they have; none of those libraries is imported, nor needed.
"""

# design: How is a file told at run time?

from __future__ import annotations

import io
import zlib
from struct import pack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import IO, BinaryIO, Protocol, TypeAlias

    class FileUpload(Protocol):
        """An `UploadFile` of Starlette and FastAPI, whose own `read` is awaited."""

        @property
        def filename(self) -> str | None: ...  # noqa: D102
        @property
        def file(self) -> BinaryIO: ...  # noqa: D102

    class StreamUpload(Protocol):
        """A `FileStorage` of werkzeug, which Flask and Quart give."""

        @property
        def filename(self) -> str | None: ...  # noqa: D102
        @property
        def stream(self) -> IO[bytes]: ...  # noqa: D102

    class PillowImage(Protocol):
        """An `Image` of Pillow: sent as PNG, which loses nothing."""

        @property
        def mode(self) -> str: ...  # noqa: D102
        def save(self, fp: Any, format: str | None = ..., **params: Any) -> None: ...  # noqa: D102

    class PixelArray(Protocol):
        """A numpy array of `uint8`: (height, width), or (height, width, 1 to 4 channels); sent as PNG."""

        @property
        def __array_interface__(self) -> dict[str, Any]: ...

    LibraryObject: TypeAlias = FileUpload | StreamUpload | PillowImage | PixelArray

# How deep a file may be in such objects: Django's upload has a wrapper of a temporary file, which has the file.
_DEPTH = 3
# What PNG can hold of Pillow's modes; and what to make of those others that are no plain colours.
_PNG_MODES = frozenset(("1", "L", "LA", "I;16", "P", "RGB", "RGBA"))
_NEAREST = {"La": "LA", "PA": "RGBA", "RGBa": "RGBA", "I": "I;16"}
_OF_16_BITS = frozenset(("I;16B", "I;16L", "I;16N"))
# PNG's colour types, by the number of channels.
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_BLOCK_BYTES = 1 << 20


def readable(value: object, depth: int = _DEPTH) -> Any:
    """What to read from: the value itself, or the file that it holds. None where it is neither."""
    if isinstance(value, io.IOBase) or _reads(value):
        return value
    if depth == 0:
        return None
    # Not any attribute named so: an object that makes up attributes as they are asked for is no file.
    held = (readable(getattr(value, name, None), depth - 1) for name in ("file", "stream"))
    return next((each for each in held if each is not None), None)


def _reads(value: object) -> bool:
    """Whether it has a `read` that need not be awaited."""
    read = getattr(type(value), "read", None)
    if not callable(read):
        return False
    import inspect

    return not inspect.iscoroutinefunction(read)


def own_name(value: object) -> str | None:
    """A file's own name without its folders: what the sender of an upload called it, or that of a file on disk."""
    if isinstance(value, io.BytesIO):
        return None
    for name in (getattr(value, "filename", None), getattr(value, "name", None)):
        if isinstance(name, str) and name:  # a file that was opened by a descriptor has its number
            return name.replace("\\", "/").rpartition("/")[2] or None
    return None


def is_picture(value: object) -> bool:
    """Whether it has pixels and no file: an image of Pillow, or an array that could be one."""
    return _is_pillow(value) or (_is_array(value) and len(_interface(value)["shape"]) in (2, 3))


def png_of(value: object) -> bytes:
    """A picture as PNG.

    Raises:
        ValueError: It has no pixels, or too many channels.
        TypeError: It is an array of something other than `uint8`.
    """
    return _png_of_pillow(value) if _is_pillow(value) else _png_of_array(value)


def _is_pillow(value: object) -> bool:
    return _is_below(value, "PIL.Image", "Image")


def _is_array(value: object) -> bool:
    return _is_below(value, "numpy", "ndarray")


def _is_below(value: object, module: str, name: str) -> bool:
    return any(each.__name__ == name and each.__module__ == module for each in type(value).__mro__)


def _interface(array: Any) -> dict[str, Any]:
    interface: dict[str, Any] = array.__array_interface__
    return interface


def _png_of_pillow(image: Any) -> bytes:
    if 0 in image.size:
        raise ValueError("is a picture without pixels")
    if image.mode not in _PNG_MODES:
        if image.mode == "F":  # nobody knows what is white
            raise ValueError("is a picture of floating-point numbers: convert it to L or RGB first")
        if image.mode in _OF_16_BITS:
            image = image.convert("I")
        image = image.convert(_NEAREST.get(image.mode, "RGB"))
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def _png_of_array(array: Any) -> bytes:
    interface = _interface(array)
    shape: tuple[int, ...] = interface["shape"]
    if interface["typestr"] != "|u1":
        raise TypeError(f"must be an array of uint8 (0 to 255) to be sent as a picture, not of {array.dtype}")
    height, width, channels = (*shape, 1)[:3]
    if not height or not width or channels not in _COLOUR_TYPES:
        raise ValueError(f"must be an array of (height, width), or of (height, width, 1 to 4 channels), not {shape}")
    header = pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    pixels = _compressed(memoryview(array.tobytes()), width * channels)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _compressed(pixels: memoryview, row_bytes: int) -> bytes:
    """The rows, each after the number of its filter (none), some at a time so that they are not in memory twice."""
    compressor = zlib.compressobj(3)
    rows = max(1, _BLOCK_BYTES // row_bytes) * row_bytes
    pieces: list[bytes] = []
    for start in range(0, len(pixels), rows):
        block = pixels[start : start + rows]
        filtered = b"".join(b"\0" + block[at : at + row_bytes] for at in range(0, len(block), row_bytes))
        pieces.append(compressor.compress(filtered))
    return b"".join((*pieces, compressor.flush()))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))

"""What an input that was expected and one that came do not have in common, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...checks import is_mapping, is_sequence, shortened
from ...files.remote_file import RemoteFile, url_of
from ...outputs.model import FalModel, as_received

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .script import UploadedFile

_NOTHING: Any = object()


class Difference(NamedTuple):
    """A field that is otherwise than expected."""

    path: str
    expected: str
    was: str


def differences(expected: Mapping[str, object], was: object, files: Mapping[str, UploadedFile]) -> list[Difference]:
    """The fields in which an input differs from the expected one, in the order of the latter.

    Args:
        expected: Bytes and paths stand for uploaded files with that content, models for what they hold.
        was: The input that came.
        files: The files that were uploaded for it, by their URLs.
    """
    return list(_between("", expected, was, files))


def shown(found: Sequence[Difference]) -> str:
    """Differences in words, a line or two for each field."""
    width = max((len(each.path) for each in found), default=0) + 1
    lines: list[str] = []
    for path, expected, was in found:
        lines += [f"  {path + ':':<{width}} expected {expected}", f"  {'':<{width}} was      {was}"]
    return "\n".join(lines)


def _between(path: str, expected: Any, was: Any, files: Mapping[str, UploadedFile]) -> Iterator[Difference]:
    if _is_same(expected, was, files):
        return
    expected = as_received(expected) if isinstance(expected, FalModel) else expected
    if is_mapping(expected) and is_mapping(was):
        for name in [*expected, *(name for name in was if name not in expected)]:
            below = f"{path}.{name}" if path else str(name)
            yield from _between(below, expected.get(name, _NOTHING), was.get(name, _NOTHING), files)
    elif is_sequence(expected) and is_sequence(was) and len(expected) == len(was):
        for at, (one, other) in enumerate(zip(expected, was, strict=True)):
            yield from _between(f"{path}.{at}", one, other, files)
    else:
        yield Difference(path or "input", _text(expected, files), _text(was, files))


def _is_same(expected: Any, was: Any, files: Mapping[str, UploadedFile]) -> bool:
    if expected is _NOTHING or was is _NOTHING:
        return expected is was
    content = _content(expected)
    if content is not None:
        return isinstance(was, str) and was in files and files[was].content == content
    if isinstance(expected, RemoteFile) and isinstance(was, str):
        return url_of(expected) == was
    if isinstance(expected, FalModel):
        expected = as_received(expected)
    if is_mapping(expected) and is_mapping(was):
        return expected.keys() == was.keys() and all(_is_same(expected[name], was[name], files) for name in expected)
    if is_sequence(expected) and is_sequence(was):
        return len(expected) == len(was) and all(
            _is_same(one, other, files) for one, other in zip(expected, was, strict=True)
        )
    is_number = isinstance(expected, int | float)  # in JSON true is not 1
    return bool(expected == was) and not (is_number and isinstance(expected, bool) != isinstance(was, bool))


def _content(expected: object) -> bytes | None:
    """The bytes of what stands for an uploaded file."""
    if isinstance(expected, bytes | bytearray):
        return bytes(expected)
    return expected.read_bytes() if isinstance(expected, Path) else None


def _text(value: object, files: Mapping[str, UploadedFile]) -> str:
    if value is _NOTHING:
        return "nothing"
    content = _content(value)
    if content is not None:
        return f"an uploaded file of {len(content)} bytes"
    file = files.get(value) if isinstance(value, str) else None
    about = "" if file is None else f" (an upload: {file.name}, {len(file.content)} bytes)"
    return f"{shortened(value)}{about}"

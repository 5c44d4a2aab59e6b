"""Names of files that a caller gives as a template: `out/{key}{ext}`."""

# design: Where does `download=` save a file?

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..remote_file import RemoteFile

# What is known of every file.
OF_FILES = {
    "name": "the file's own name",
    "stem": "that without its ending",
    "ext": "its ending, with the dot",
    "number": "1, 2 … in the order of the output",
}
_FIELD = re.compile(r"\{([^{}]*)\}")


def unknown_field(template: str, known: Iterable[str]) -> str | None:
    """A field of a template that is none, if there is one."""
    return next((name for name in _FIELD.findall(template) if name not in {*known}), None)


def has_field(template: str, *names: str) -> bool:
    """Whether a template has one of some fields; without names, any."""
    return any(not names or name in names for name in _FIELD.findall(template))


def in_folder(template: str) -> str:
    """A template for files in a folder, by their own names."""
    return f"{template.rstrip('/' + os.sep)}/{{name}}"


def check_folder(template: str) -> None:
    """See that files can be saved where a template leads, or below what there is of it, before anything is sent.

    Raises:
        OSError: They cannot; with a message for people.
    """
    folder = Path(os.path.dirname(_FIELD.split(template)[0]))  # noqa: PTH120
    try:
        there = next(each for each in (folder, *folder.parents) if each.exists())
    except OSError as error:
        raise OSError(f"{folder}: {error.strerror or error}") from None
    if not there.is_dir():
        raise NotADirectoryError(f"{there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(f"the folder {there} may not be written to")


def named(template: str, file: RemoteFile, number: int, more: Mapping[str, str]) -> Path:
    """The path of a file.

    Args:
        template: With fields.
        file: The file.
        number: Which one of the output it is, from 1.
        more: Other fields, and what stands for them.
    """
    from ..media_type import safe_name, split
    from ..remote_file import facts_of, url_of
    from .target import FileFacts, own_name

    name = own_name(FileFacts(url_of(file) or "", *facts_of(file)))
    stem, ending = split(name)
    safe = {field: safe_name(value) for field, value in more.items()}
    values = {"name": name, "stem": stem, "ext": ending, "number": str(number), **safe}
    return Path(_FIELD.sub(lambda found: values[found[1]], template))


def beside(path: Path) -> Iterator[Path]:
    """A path, and the same with a number, for where it is taken."""
    from .target import numbered

    yield path
    number = 2
    while True:
        yield path.with_name(numbered(path.name, number))
        number += 1

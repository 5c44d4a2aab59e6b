"""Where a file is saved, under which name, and what becomes of a file that is there."""

# design: What becomes of a file that is there already?

from __future__ import annotations

import unicodedata
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from .. import media_type
from ..data_uri import is_data_uri, media_type_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence


class Existing(Enum):
    """What becomes of a file that has the name already."""

    REPLACED = "it is replaced"
    KEPT = "it stays, and the new one is not saved"
    BESIDE = "it stays, and the new one gets a number"


class Target(NamedTuple):
    """Where a file is to be saved."""

    path: Path
    existing: Existing

    def names(self) -> Iterator[Path]:
        """The names to try, one after the other."""
        yield self.path
        if self.existing is Existing.BESIDE:
            number = 2
            while True:
                yield self.path.with_name(numbered(self.path.name, number))
                number += 1

    def check_free(self) -> None:
        """Find out before anything is asked for.

        Raises:
            FileExistsError: There is one, and it may not be replaced.
            OSError: No file can have this name, or its folder may not be looked into.
        """
        with suppress(FileNotFoundError, NotADirectoryError):
            self.path.lstat()  # `is_dir` and `exists` say no more what is wrong with a name (Python 3.14)
        if self.existing is Existing.KEPT and self.path.exists():
            raise self.occupied()

    def occupied(self) -> FileExistsError:
        """What to raise then."""
        return FileExistsError(f"{str(self.path)!r} is there already, and overwrite=False")


class FileFacts(NamedTuple):
    """What an output says of a file: anything may be there."""

    url: str
    file_name: object
    content_type: object


def target_of(path: str | os.PathLike[str], file: FileFacts, overwrite: bool | None) -> Target:
    """A file's target: the path, or the file's own name in it if it is a folder.

    Args:
        path: A path, or a folder that is there.
        file: What is known of it.
        overwrite: Whether a file that is there may be replaced. None: where the caller named it, and in a folder not.
    """
    given = Path(path)
    if not given.is_dir():
        return Target(given, existing(overwrite, Existing.REPLACED))
    return Target(given / own_name(file), existing(overwrite, Existing.BESIDE))


def targets_in(folder: Path, files: Sequence[FileFacts], overwrite: bool | None) -> list[Target]:
    """The targets of several files in a folder, of which no two are the same to any file system.

    Raises:
        FileExistsError: One is there, and may not be replaced.
    """
    taken: set[str] = set()
    tried: dict[str, int] = {}
    found: list[Target] = []
    for file in files:
        name = own_name(file)
        base = _key(name)
        number = tried.get(base, 0)
        while True:
            number += 1
            path = folder / (name if number == 1 else numbered(name, number))
            if _key(path.name) not in taken and not (overwrite is None and path.exists()):
                break
        tried[base] = number
        taken.add(_key(path.name))
        found.append(Target(path, existing(overwrite, Existing.BESIDE)))
    for target in found:
        target.check_free()
    return found


def existing(overwrite: bool | None, usual: Existing) -> Existing:
    """What `overwrite` means.

    Raises:
        TypeError: It is no bool, and not None.
    """
    if overwrite is not None and not isinstance(overwrite, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"overwrite must be True or False, not {type(overwrite).__name__}")
    return usual if overwrite is None else Existing.REPLACED if overwrite else Existing.KEPT


def own_name(file: FileFacts) -> str:
    """What a file is called in a folder: as the output says, else as its URL does, with the ending of its type."""
    is_data = is_data_uri(file.url)
    kind = media_type_of(file.url) if is_data else file.content_type
    in_url = "" if is_data else _last_part(file.url)
    given = file.file_name if isinstance(file.file_name, str) else ""
    name = media_type.safe_name(given) or media_type.safe_name(in_url) or "file"
    if "." in name or not isinstance(kind, str):
        return name
    return media_type.cut(name, media_type.ending_of(kind))


def numbered(name: str, number: int) -> str:
    """A name with a number before its ending."""
    stem, ending = media_type.split(name)
    return media_type.cut(stem, f"-{number}{ending}")


def _last_part(url: str) -> str:
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def _key(name: str) -> str:
    """Equal for names that are one name to some file system."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())

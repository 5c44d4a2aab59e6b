"""`-o`: where the files of an output are saved, and under which names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .exits import UsageProblemError
from .text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

# What `-o` may say in braces.
FIELDS = {
    "name": "the file's own name",
    "stem": "that without its ending",
    "ext": "its ending, with the dot",
    "number": "1, 2 … in the order of the output",
    "request_id": "fal's id of the request",
}
_FIELD = re.compile(r"\{([^{}]*)\}")


def check_template(template: str) -> str:
    """The template, if it is one; asked before anything is paid for.

    Raises:
        UsageProblemError: A field is none, or nothing can be saved there.
    """
    for name in _FIELD.findall(template):
        if name not in FIELDS:
            known = ", ".join(f"{{{each}}}" for each in FIELDS)
            raise UsageProblemError(f"-o: there is no {{{visible(name)}}}; there are {known}")
    if not template:
        raise UsageProblemError("-o: a path is wanted, such as out/{name}")
    _check_folder(Path(os.path.dirname(_FIELD.split(_with_name(template))[0])))  # noqa: PTH120
    return template


def _with_name(template: str) -> str:
    """With the file's own name behind a folder: one that is there, or a path that is nothing like a file's."""
    path = Path(template)
    is_new = not _FIELD.search(template) and not path.suffix and not path.exists()
    is_folder = template.endswith(("/", os.sep)) or path.is_dir() or is_new
    return f"{template.rstrip('/' + os.sep) or '/'}/{{name}}" if is_folder else template


def _check_folder(folder: Path) -> None:
    """See that files can be saved in a folder, or below what there is of it, before anything is sent.

    Raises:
        UsageProblemError: They cannot.
    """
    try:
        there = next(each for each in (folder, *folder.parents) if each.exists())
    except OSError as error:
        raise UsageProblemError(f"-o: {visible(str(folder))}: {error.strerror or error}") from None
    if not there.is_dir():
        raise UsageProblemError(f"-o: {visible(str(there))} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageProblemError(f"-o: the folder {visible(str(there))} may not be written to")


def save(output: Any, template: str, request_id: str) -> Iterator[Path]:
    """Save every file of an output, and give the paths: only a file that the template names is replaced.

    Args:
        output: That of a call.
        template: A path, with fields; a folder keeps own names: one that is there, or a path that ends in `/` or has
            neither a field nor an ending.
        request_id: fal's id of the request.

    Raises:
        FileTransferError: One cannot be had.
        OSError: One cannot be written.
    """
    from ..files.downloads.found_files import files_in
    from ..files.downloads.target import FileFacts, numbered, own_name
    from ..files.remote_file import facts_of, url_of

    files = files_in(output) if not isinstance(output, str | int | float | None) else []
    template = _with_name(template)
    is_named = not _FIELD.search(template)
    saved: list[Path] = []
    for number, file in enumerate(files, 1):
        name = own_name(FileFacts(url_of(file) or "", *facts_of(file)))
        path = Path(_filled(template, name, number, request_id))
        path.parent.mkdir(parents=True, exist_ok=True)
        path = next(one for one in _names(path, numbered) if one not in saved and (is_named or not one.exists()))
        saved.append(file.download(path))
        yield saved[-1]


def _filled(template: str, name: str, number: int, request_id: str) -> str:
    from ..files.media_type import safe_name, split

    stem, ending = split(name)
    values = {"name": name, "stem": stem, "ext": ending, "number": str(number), "request_id": safe_name(request_id)}
    return _FIELD.sub(lambda found: values[found[1]], template)


def _names(path: Path, numbered: Any) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(numbered(path.name, number))
        number += 1

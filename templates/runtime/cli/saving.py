"""`-o`: where the files of an output are saved, and under which names."""

from __future__ import annotations

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
        UsageProblemError: A field is none.
    """
    for name in _FIELD.findall(template):
        if name not in FIELDS:
            known = ", ".join(f"{{{each}}}" for each in FIELDS)
            raise UsageProblemError(f"-o: there is no {{{visible(name)}}}; there are {known}")
    if not template:
        raise UsageProblemError("-o: a path is wanted, such as out/{name}")
    return template


def save(output: Any, template: str, request_id: str) -> Iterator[Path]:
    """Save every file of an output, and give the paths: only a file that the template names is replaced.

    Args:
        output: That of a call.
        template: A path, with fields; a folder (one that is there, or a path that ends in `/`) keeps own names.
        request_id: fal's id of the request.

    Raises:
        FileTransferError: One cannot be had.
        OSError: One cannot be written.
    """
    from ..files.downloads.found_files import files_in
    from ..files.downloads.target import FileFacts, numbered, own_name
    from ..files.remote_file import facts_of, url_of

    files = files_in(output) if not isinstance(output, str | int | float | None) else []
    is_folder = template.endswith("/") or Path(template).is_dir()
    template = f"{template.rstrip('/') or '/'}/{{name}}" if is_folder else template
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

"""`-o`: where the files of an output are saved, and under which names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files.downloads import naming
from .exits import UsageProblemError
from .text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

# What `-o` may say in braces.
FIELDS = {**naming.OF_FILES, "request_id": "fal's id of the request"}


def check_template(template: str) -> str:
    """The template, if it is one; asked before anything is paid for.

    Raises:
        UsageProblemError: A field is none, or nothing can be saved there.
    """
    if (name := naming.unknown_field(template, FIELDS)) is not None:
        known = ", ".join(f"{{{each}}}" for each in FIELDS)
        raise UsageProblemError(f"-o: there is no {{{visible(name)}}}; there are {known}")
    if not template:
        raise UsageProblemError("-o: a path is wanted, such as out/{name}")
    try:
        naming.check_folder(_with_name(template))
    except OSError as error:
        raise UsageProblemError(f"-o: {visible(str(error))}") from None
    return template


def _with_name(template: str) -> str:
    """With the file's own name behind a folder: one that is there, or a path that is nothing like a file's."""
    path = Path(template)
    is_new = not naming.has_field(template) and not path.suffix and not path.exists()
    is_folder = template.endswith(("/", os.sep)) or path.is_dir() or is_new
    return naming.in_folder(template) if is_folder else template


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

    files = files_in(output) if not isinstance(output, str | int | float | None) else []
    template = _with_name(template)
    is_named = not naming.has_field(template)
    saved: list[Path] = []
    for number, file in enumerate(files, 1):
        path = naming.named(template, file, number, {"request_id": request_id})
        path.parent.mkdir(parents=True, exist_ok=True)
        path = next(one for one in naming.beside(path) if one not in saved and (is_named or not one.exists()))
        saved.append(file.download(path))
        yield saved[-1]

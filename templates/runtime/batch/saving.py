"""`download=`: where the files of a job are saved, and their download."""

# design: Where does `download=` save a file?

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files.downloads import naming
from ..http.exchange import Blocking

if TYPE_CHECKING:
    from ..files.downloads.target import Target
    from ..files.remote_file import RemoteFile
    from ..http.exchange import Steps
    from ..journal.records import JobRecord

# What `download=` may say in braces.
FIELDS = {
    "key": "what the journal knows the job by",
    "index": "which of the inputs it is, from 0",
    "request_id": "fal's id of the request",
    **naming.OF_FILES,
}
# What makes a path that of one job, whichever the others are.
_OF_JOB = ("key", "request_id")


def check_template(template: str) -> str:
    """The template, if it is one, with a file's own name behind a folder.

    Raises:
        ValueError: A field is none, or all files would have one name.
        OSError: Nothing can be saved there.
    """
    if (name := naming.unknown_field(template, FIELDS)) is not None:
        known = ", ".join(f"{{{each}}}" for each in FIELDS)
        raise ValueError(f"download: there is no {{{name}}}; there are {known}")
    if _is_folder(template):
        template = naming.in_folder(template)
    if not naming.has_field(template):
        raise ValueError(f"download: every file would be {template!r}; say which with {{key}}, {{index}} or {{name}}")
    naming.check_folder(template)
    return template


def _is_folder(template: str) -> bool:
    """Whether it names no file: nothing of one stands in its last part, nor an ending."""
    last = os.path.basename(template)  # noqa: PTH119
    is_file = naming.has_field(last, *naming.OF_FILES) or "." in last.strip(".")
    return not last or not is_file or (not naming.has_field(template) and Path(template).is_dir())


def saved(output: Any, template: str, record: JobRecord, index: int) -> Steps[tuple[str, ...]]:
    """Save every file of an output, to their paths.

    Args:
        output: That of the job.
        template: What `check_template` gave.
        record: The job.
        index: Which of the inputs it is.

    Raises:
        FalError: One cannot be had.
        OSError: One cannot be written.
    """
    from ..files.downloads import download_steps
    from ..files.downloads.found_files import files_in
    from ..files.downloads.host_rule import HostRule
    from ..files.remote_file import url_of

    files = files_in(output) if not isinstance(output, str | int | float | None) else []
    more = {"key": record.key, "index": str(index), "request_id": record.request_id or ""}
    paths: list[Path] = []
    for number, file in enumerate(files, 1):
        target: Target = yield Blocking(lambda: _target(template, file, number, more, paths))  # noqa: B023
        if (url := url_of(file)) is not None:
            steps = download_steps.saved(url, target, rule=HostRule(None), max_bytes=None, progress=None)
            paths.append((yield from steps))
    return tuple(str(path) for path in paths)


def _target(template: str, file: RemoteFile, number: int, more: dict[str, str], taken: list[Path]) -> Target:
    """Where a file goes. What an earlier run left of this very job is replaced; what may be another's stays."""
    from ..files.downloads.target import Existing, Target

    path = naming.named(template, file, number, more)
    path.parent.mkdir(parents=True, exist_ok=True)
    path = next(one for one in naming.beside(path) if one not in taken)
    return Target(path, Existing.REPLACED if naming.has_field(template, *_OF_JOB) else Existing.BESIDE)

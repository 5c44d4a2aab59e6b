"""Several files on their way to a folder: which is next, and what became of each. The same for threads and tasks."""

# design: What if one of many files fails?

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ... import checks
from ...errors import APIStatusError, FileTransferError
from ...http.worker_transport import StoppedError
from ...outputs.model import origin_of
from ..remote_file import facts_of, url_of
from .download_steps import saved
from .found_files import files_in
from .host_rule import HostRule
from .target import FileFacts, targets_in
from .total_progress import TotalProgress

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from ...http.exchange import Steps
    from ...outputs.model import FalModel
    from ..progress import Progress
    from ..remote_file import RemoteFile
    from .target import Target

# So many are on their way at once.
AT_ONCE = 4
# These are about one file; any other error would meet the next one as well.
_OF_ONE_FILE = (APIStatusError, FileTransferError)
_MOST_NAMES = 20


class Rules(NamedTuple):
    """The arguments of these names (see `download_all`)."""

    max_bytes: int | None
    only_hosts: str | Iterable[str] | None
    overwrite: bool | None


class Job(NamedTuple):
    """The download of one file, and the caller's own client, if there is one."""

    number: int
    steps: Steps[Path]
    http_client: Any


class Batch:
    """The files of some outputs.

    Args:
        outputs: What they are in.
        folder: Where they are saved; made if it is not there.
        rules: What may be saved, and over what.
        report: Told how far all of them are.

    Raises:
        TypeError: The outputs are no outputs.
        OSError: There is no such folder, nor can there be one.
    """

    def __init__(
        self,
        outputs: FalModel | Iterable[object],
        folder: str | os.PathLike[str],
        rules: Rules,
        report: Progress | None,
    ) -> None:
        self._files = files_in(outputs)
        self._rule, self._max_bytes = HostRule(rules.only_hosts), checks.count("max_bytes", rules.max_bytes)
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        facts = [FileFacts(url_of(each) or "", *facts_of(each)) for each in self._files]
        self._targets = targets_in(self._folder, facts, rules.overwrite)
        self._progress = TotalProgress(report, [_length_of(each) for each in self._files], self._check)
        self._saved: dict[int, Path] = {}
        self._errors: dict[int, Exception] = {}
        self._lock = threading.Lock()
        self._next = 0
        self._is_over = self._is_stopped = False

    @property
    def workers(self) -> int:
        """How many threads or tasks it takes."""
        return min(AT_ONCE, len(self._files))

    def take(self) -> Job | None:
        """The next file; None where there is none, or no more are begun."""
        with self._lock:
            number = self._next
            if self._is_over or number >= len(self._files):
                return None
            self._next += 1
        file = self._files[number]
        return Job(number, self._steps(file, self._targets[number], number), origin_of(file).http_client)

    def note_saved(self, job: Job, path: Path) -> None:
        """It is there."""
        self._saved[job.number] = path

    def note_failed(self, job: Job, error: Exception) -> None:
        """It is not there, and others may not be either."""
        self._errors[job.number] = error
        if not isinstance(error, _OF_ONE_FILE):
            self._is_over = True

    def stop(self) -> None:
        """Begin no more, and end what runs as soon as something comes."""
        self._is_over = self._is_stopped = True

    def paths(self) -> list[Path]:
        """Where the files are, in the order of the outputs.

        Raises:
            Exception: That of the first file that failed, with notes about all.
        """
        if self._errors:
            error = self._errors[min(self._errors)]
            for note in self._notes():
                error.add_note(note)
            raise error
        return [self._saved[number] for number in range(len(self._files))]

    def _steps(self, file: RemoteFile, target: Target, number: int) -> Steps[Path]:
        url = url_of(file)
        if url is None:
            raise FileTransferError(f"{target.path.name}: the file has no URL")
        report = self._progress.of(number)
        return (yield from saved(url, target, rule=self._rule, max_bytes=self._max_bytes, progress=report))

    def _check(self) -> None:
        if self._is_stopped:
            raise StoppedError("given up")

    def _notes(self) -> list[str]:
        names = [target.path.name for target in self._targets]
        failed = [f"{names[number]} ({type(self._errors[number]).__name__})" for number in sorted(self._errors)]
        missing = set(range(len(names))) - self._saved.keys() - self._errors.keys()
        there = [self._saved[number].name for number in sorted(self._saved)]
        notes = [
            f"saved in {str(self._folder)!r}: {len(there)} of {len(names)} files{_listed(there)}",
            f"failed: {len(failed)}{_listed(failed)}",
        ]
        if missing:
            notes.append(f"not begun: {len(missing)}{_listed([names[at] for at in sorted(missing)])}")
        return notes


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    more = len(names) - _MOST_NAMES
    return f": {', '.join(names[:_MOST_NAMES])}{f' and {more} more' if more > 0 else ''}"


def _length_of(file: RemoteFile) -> int | None:
    """What an output says of a file's length."""
    length = getattr(file, "file_size", None)
    return length if isinstance(length, int) and not isinstance(length, bool) and length >= 0 else None

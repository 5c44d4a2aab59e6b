"""What stands for the files of an input in the key of a job: the hash of their content."""

# design: What is the key of a job?

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from ..checks import shortened
from ..errors import InputProblem, InvalidInputError
from ..files.remote_file import RemoteFile, url_of
from ..files.uploads.input_files import files_in, key_of, why_unread
from ..files.uploads.sources import open_source
from ..forks import Lock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..calls.steps import Call
    from ..files.uploads.sources import Source
    from ..media.limits import MediaLimits

# Of so many paths it is remembered: one that many inputs share is read once.
_MOST_PATHS = 1000


class Contents:
    """Hashes of files. A path's is remembered as long as the file's size and time stay as they are."""

    def __init__(self) -> None:
        self._of_paths: OrderedDict[tuple[str, int, int], str] = OrderedDict()
        self._lock = Lock()

    def of_files(self, call: Call, arguments: Mapping[str, Any]) -> dict[str | int, Any]:
        """What stands for each file of an input, by `key_of`.

        Raises:
            InvalidInputError: With every file that cannot be read, can be read only once, or is not what fal takes.
        """
        found: dict[str | int, Any] = {}
        problems: list[InputProblem] = []
        for path, value in files_in(arguments):
            try:
                if key_of(value) not in found:
                    found[key_of(value)] = self._of(value)
                problems += _unfit(call.media, path, value)
            except Exception as error:  # what a caller's object raises may be anything
                problems.append(InputProblem(path, why_unread(error), shortened(value)))
        if problems:
            raise InvalidInputError(endpoint=call.spec.id, problems=problems)
        return found

    def _of(self, value: Any) -> Any:
        if isinstance(value, RemoteFile):
            if (url := url_of(value)) is None:
                raise ValueError("is a file without a URL")
            return url
        if not isinstance(value, os.PathLike):
            return _hashed(value)
        path: Any = value  # pyright: ignore[reportUnknownVariableType]
        state = os.stat(path)  # noqa: PTH116  (it may be any object with a path)
        at = os.path.abspath(path), state.st_size, state.st_mtime_ns  # noqa: PTH100
        with self._lock:
            if at in self._of_paths:
                self._of_paths.move_to_end(at)
                return {"sha256": self._of_paths[at]}
        made = _hashed(value)
        with self._lock:
            self._of_paths[at] = made["sha256"]
            if len(self._of_paths) > _MOST_PATHS:
                self._of_paths.popitem(last=False)
        return made


def _hashed(value: Any) -> dict[str, str]:
    source = open_source(value)
    try:
        size = _size_of(source)
        digest = hashlib.sha256()
        for chunk in source.chunks(0, size):
            digest.update(chunk)
        source.check_unchanged()
        return {"sha256": digest.hexdigest()}
    finally:
        source.close()


def _size_of(source: Source) -> int:
    if source.size is None:
        raise ValueError("can be read only once, and its content is a part of the job's key: pass a path, or bytes")
    if source.size == 0:
        raise ValueError(source.why_empty)
    if source.start:
        raise ValueError(f"stands at byte {source.start}: seek(0), or pass a pathlib.Path")
    return source.size


def _unfit(media: Mapping[str, MediaLimits] | None, path: str, value: Any) -> list[InputProblem]:
    """What is wrong with a file for fal: told before anything is paid for any job, rather than at its upload."""
    if media is None or isinstance(value, RemoteFile):
        return []
    from ..media.check import file_problems

    source = open_source(value)
    try:
        return file_problems(media, [(path, value, source)])
    finally:
        source.close()

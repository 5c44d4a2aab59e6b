"""What is printed of a job, and which exit code it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import InvalidInputError
from ...outputs.model import as_received
from ..command import file_in_words
from ..exits import DONE, FAILED, FILES, KEY, NETWORK, TIMEOUT, code_of
from ..text import out, tell, to_json, visible

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...jobs.job import Job
    from .lines import Lines

_HOW = {"made": "done", "kept": "done before", "picked up": "done, picked up", "adopted": "done, found at fal"}
# Of several jobs the first that one asks for: a refused key is why all of them failed; what failed for good is not
# mended by typing the command again, as the rest is.
_CODES = (KEY, FAILED, FILES, NETWORK, TIMEOUT)


def tell_job(job: Job[Any, Any], lines: Lines, *, as_json: bool) -> int:
    """Print what became of a job, and give its exit code."""
    where = lines.where(job.index)
    if as_json:
        out(to_json({"line": lines.number(job.index), **_as_json(job)}, None))
    elif job.error is None:
        what = ", ".join(visible(str(path)) for path in job.files) or f"request id {visible(job.request_id or '')}"
        out(f"{where}: {_HOW[job.how]}: {what}")
    if job.error is None:
        return DONE
    for line in in_lines(job.error, lines.files):
        tell(f"{where}: {line}")
    code = code_of(job.error)
    return code if code in _CODES else FAILED


def code_of_all(codes: Collection[int]) -> int:
    """The exit code of a run, by those of its jobs."""
    return next((code for code in _CODES if code in codes), DONE)


def in_lines(error: Exception, files: Collection[str]) -> list[str]:
    """An error for people, the problems of an input one by one.

    Args:
        error: Of a job.
        files: The inputs that are files.
    """
    if isinstance(error, InvalidInputError):
        problems = (file_in_words(each, takes_file=each.path.partition(".")[0] in files) for each in error.problems)
        return [visible(str(each)) for each in problems]
    told = [*(str(error) or type(error).__name__).splitlines(), *getattr(error, "__notes__", ())]
    first, *rest = (visible(str(line)) for line in told)
    return [f"error: {first}", *(f"  {line.lstrip()}" for line in rest)]


def _as_json(job: Job[Any, Any]) -> dict[str, Any]:
    error = None if job.error is None else {"kind": type(job.error).__name__, "message": str(job.error)}
    return {
        "key": job.key,
        "number": job.number,
        "how": None if job.error is not None else job.how,
        "request_id": job.request_id,
        "billable_units": job.billable_units,
        "files": [str(path) for path in job.files],
        "output": None if job.output is None else as_received(job.output),
        "error": error,
    }

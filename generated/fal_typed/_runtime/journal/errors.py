"""What a journal raises.

FalError
├── JournalError                    it cannot be read or written
├── LeaseLostError                  another worker has the job now
├── JobMismatchError(ValueError)    a key, or a request's id, belongs to another job
└── TwiceSubmittedError             a job was submitted twice
"""

# design: What does a journal promise?

from __future__ import annotations

from ..errors import FalError


class JournalError(FalError):
    """What a journal is kept in cannot be opened, read or written."""


class LeaseLostError(FalError):
    """A worker was to change a job that it does not have any more. Nothing was changed, but see `Store.submitted`.

    Attributes:
        key: The job's key.
    """

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


class JobMismatchError(FalError, ValueError):
    """A key belongs to a job with another endpoint or input, or the id of a request to another job.

    Attributes:
        key: The key.
    """

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


class TwiceSubmittedError(FalError):
    """A job turned out to have been submitted a second time. Both requests may be charged for.

    Attributes:
        key: The job's key.
        request_ids: The id that the journal has, and the one that it was to take.
    """

    maybe_submitted = True

    def __init__(self, key: str, request_ids: tuple[str, str]) -> None:
        self.key = key
        self.request_ids = request_ids
        known, other = request_ids
        super().__init__(
            f"job {key} was submitted twice: its request is {known}, and {other} is another one for the same work; "
            "cancel one of them if it still runs"
        )


# A traceback then names what users import, and not the module that it lies in.
for _error in (JournalError, LeaseLostError, JobMismatchError, TwiceSubmittedError):
    _error.__module__ = f"{__name__.partition('._runtime')[0]}.batch"

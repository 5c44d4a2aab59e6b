"""How a command ends: the exit codes, and which error is which."""

# design: What does the command line promise to scripts?

from __future__ import annotations

from ..batch.errors import UnknownCostError
from ..errors import (
    APIConnectionError,
    AuthenticationError,
    DeadlineExceededError,
    FalError,
    FileTransferError,
    InvalidInputError,
    MissingCredentialsError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from ..journal.errors import JournalError

DONE, FAILED, USAGE, NETWORK, KEY, TIMEOUT, FILES, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130
# What `--help` says of them.
TABLE = """\
Exit codes: 0 done; 1 the request or a job failed, or there is nothing to find or to cancel; 2 wrong usage or input, \
nothing was sent; 3 no connection, or fal is busy or out of order; 4 the key is missing or refused; 5 --timeout has \
passed; 6 a file or a journal cannot be read, sent or saved; 130 interrupted, by Ctrl-C, SIGTERM or SIGHUP. A reader \
of the output that has enough (`| head`) changes nothing of it."""


class UsageProblemError(Exception):
    """What was asked for cannot be done as it was said; nothing was sent."""


# The first that fits.
_CODES: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((UsageProblemError, InvalidInputError, UnknownCostError), USAGE),
    ((MissingCredentialsError, AuthenticationError, PermissionDeniedError), KEY),
    ((DeadlineExceededError,), TIMEOUT),
    ((APIConnectionError, RateLimitError, ServerError), NETWORK),
    ((FileTransferError, JournalError), FILES),
    ((FalError,), FAILED),
    ((OSError,), FILES),
)


def code_of(error: Exception) -> int | None:
    """The exit code of an error; None for what is nobody's but ours."""
    return next((code for kinds, code in _CODES if isinstance(error, kinds)), None)

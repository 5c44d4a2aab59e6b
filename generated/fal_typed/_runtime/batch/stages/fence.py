"""What keeps a worker that only slept from submitting, and what is known of a submit that went wrong. No I/O."""

# design: When is a worker gone?

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import ClientClosedError, FalError
from ...http.exchange import Deadline
from ...journal import clock

if TYPE_CHECKING:
    from collections.abc import Callable


# A job is sent within so many seconds after that was written down, or that is written down anew: so it is known when.
SENDING_SECONDS = 10.0


class NotSentError(Exception):
    """The request may not be sent any more, and was not. An earlier try did not arrive either, or there was none."""


class Fence(Deadline):
    """The limit of a submit: that of the call, and nothing is sent late, or once the lease may be over.

    Args:
        whole: The call's own.
        announced_at: Before when it was written down, by `clock.awake`, that it is about to be sent.
        is_good: Whether the lease lasts for certain.

    Attributes:
        has_begun: Whether anything may have been sent.
    """

    def __init__(self, whole: Deadline, announced_at: float, is_good: Callable[[], bool]) -> None:
        self.timeout = whole.timeout
        self.begun_in = whole.begun_in
        self.has_begun = False
        self._whole = whole
        self._latest = announced_at + SENDING_SECONDS
        self._is_good = is_good

    def remaining(self) -> float | None:
        """See Deadline."""
        return self._whole.remaining()

    def check_sending(self) -> None:
        """See Deadline.

        Raises:
            NotSentError: The lease may be over, or it is late.
        """
        if clock.awake() > self._latest or not self._is_good():
            raise NotSentError
        self.has_begun = True


def may_have_arrived(error: BaseException, fence: Fence) -> bool:
    """Whether fal may have a request whose submit ended so."""
    if isinstance(error, NotSentError) or not fence.has_begun:
        return False
    if isinstance(error, ClientClosedError) and isinstance(error.__cause__, FalError):
        error = error.__cause__
    return error.maybe_submitted if isinstance(error, FalError) else True

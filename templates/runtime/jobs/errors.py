"""What a `map` raises itself."""

from __future__ import annotations

from ..errors import FalError


class TooManyErrorsError(FalError):
    """More jobs of a `map` than `max_errors` ended with an error. No more were submitted; `__cause__` is the last one.

    Attributes:
        failed: How many ended so.
    """

    maybe_submitted = True

    def __init__(self, endpoint: str, failed: int, max_errors: int) -> None:
        self.failed = failed
        super().__init__(f"{endpoint}: {failed} jobs ended with an error, and max_errors is {max_errors}")


# A traceback then names what users import, and not the module that it lies in.
TooManyErrorsError.__module__ = f"{__name__.partition('._runtime')[0]}.batch"

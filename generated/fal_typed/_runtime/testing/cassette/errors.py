"""What is wrong with a cassette. No `FalError`: nothing that handles what fal answers should take it for such."""

from __future__ import annotations


class CassetteError(Exception):
    """A cassette cannot do what it was asked."""


class CassetteFileError(CassetteError):
    """The file is no cassette, or none that can be read. The message has its path and the place in it."""


class NotRecordedError(CassetteError, AssertionError):
    """A request is not on the cassette. The message shows the nearest one that is, and how to record it."""


class UnusedRecordingsError(CassetteError, AssertionError):
    """A strict cassette has exchanges that nobody asked for."""


# A traceback then names what users import.
for _each in (CassetteError, CassetteFileError, NotRecordedError, UnusedRecordingsError):
    _each.__module__ = f"{__name__.partition('._runtime')[0]}.testing"

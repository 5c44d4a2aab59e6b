# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""A fal for tests, which needs no network and no key; as a program a server of it."""

from typing import TYPE_CHECKING

from ._runtime.testing.emitted import (
    Call,
    Calls,
    Cassette,
    CassetteError,
    CassetteFileError,
    Delivery,
    EndpointFake,
    EndpointFakes,
    FakeHistory,
    Faults,
    InvalidOutputError,
    NetworkBlockedError,
    NotRecordedError,
    ScriptError,
    UnusedRecordingsError,
    UploadedFile,
    cassette,
)

if TYPE_CHECKING:
    from ._fakes import FakeFal, fake_fal
else:
    from ._runtime.testing.emitted import FakeFal, fake_fal

__all__ = [
    "Call",
    "Calls",
    "Cassette",
    "CassetteError",
    "CassetteFileError",
    "Delivery",
    "EndpointFake",
    "EndpointFakes",
    "FakeFal",
    "FakeHistory",
    "Faults",
    "InvalidOutputError",
    "NetworkBlockedError",
    "NotRecordedError",
    "ScriptError",
    "UnusedRecordingsError",
    "UploadedFile",
    "cassette",
    "fake_fal",
]

if __name__ == "__main__":
    from ._runtime.testing.emitted import main

    raise SystemExit(main())

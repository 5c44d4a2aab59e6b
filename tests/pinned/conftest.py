"""The fake server, the clients of it, and what the package logged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from fal_server import FalServer
from fal_server.secure import one_authority

from .caller import Caller
from .catalog import PINNED
from .documents import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLES = ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET", "FAL_RUN_HOST", "FAL_QUEUE_RUN_HOST")


@pytest.fixture(scope="module", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with one_authority(tmp_path_factory.getbasetemp()):
        yield


@pytest.fixture(scope="session")
def _running() -> Iterator[FalServer]:
    server = FalServer()
    with server:
        yield server


@pytest.fixture
def server(_running: FalServer, monkeypatch: pytest.MonkeyPatch) -> FalServer:
    """A fake fal.ai to which nothing was sent yet; each endpoint answers with all that its document promises."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    _running.begin()
    for entry in PINNED:
        known = document(entry.id)
        _running.plan(entry.id, output=known.sample(known.output, full=True))
    return _running


@pytest.fixture
def sync_call(server: FalServer) -> Iterator[Caller]:
    """The synchronous client, for what is the same on both."""
    caller = Caller(server, is_async=False)
    yield caller
    caller.close()


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, server: FalServer) -> Iterator[Caller]:
    """Both clients, one after the other."""
    caller = Caller(server, is_async=request.param == "async")
    yield caller
    caller.close()


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was logged as a warning or worse, on the logger that users know."""
    from fal_typed._runtime.outputs import mismatches

    caplog.set_level(logging.DEBUG, logger="fal_typed")
    mismatches._told.clear()  # what is told once in a process is told once in each test

    def read() -> list[str]:
        records = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert {record.name for record in records} <= {"fal_typed"}
        return [record.getMessage() for record in records]

    return read

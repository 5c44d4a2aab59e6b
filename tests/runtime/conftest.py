"""The fake server, and both clients of it."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING

import pytest
import runtime_sample
from fal_server import FalServer
from fal_server.secure import one_authority
from runtime.files.downloads import shared_clients
from runtime.http import requests
from runtime.outputs import mismatches
from runtime_twin import OUTPUT, SCHNELL, Twin
from stopped_clock import StoppedClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with one_authority(tmp_path_factory.getbasetemp()):
        yield


@pytest.fixture(autouse=True)
def _nothing_told() -> None:
    """What is told once in a process is told once in each test."""
    mismatches._told.clear()
    requests._tell_foreign.cache_clear()


@pytest.fixture(scope="session")
def _running_server() -> Iterator[FalServer]:
    with FalServer() as server:
        yield server


@pytest.fixture
def server(_running_server: FalServer, monkeypatch: pytest.MonkeyPatch) -> FalServer:
    """A fake fal.ai; the endpoint of most tests answers with OUTPUT."""
    for name in ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET", "FAL_RUN_HOST", "FAL_QUEUE_RUN_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FAL_HOME_DIR", "/nonexistent")  # where nobody is logged in
    shared_clients.close()  # a process keeps its connections for downloads
    _running_server.begin()
    _running_server.plan(SCHNELL, output=OUTPUT)
    # Where the table of the sample client looks for modules.
    package = types.ModuleType("sample_endpoints")
    package.__path__ = []
    monkeypatch.setitem(sys.modules, "sample_endpoints", package)
    monkeypatch.setitem(sys.modules, "sample_endpoints.runtime_sample", runtime_sample)
    return _running_server


@pytest.fixture(params=["sync", "async"])
def twin(request: pytest.FixtureRequest, server: FalServer, monkeypatch: pytest.MonkeyPatch) -> Twin:
    """The synchronous and the asynchronous client, one after the other, with shorter waits."""
    if "nobody_waits" not in request.fixturenames:
        monkeypatch.setattr("runtime.http.retry.FIRST_WAIT", 0.01)
        monkeypatch.setattr("runtime.http.retry.GROWTH", 1.0)
    monkeypatch.setattr("runtime.calls.waiting.FIRST_INTERVAL", 0.01)
    # On a busy machine the server is slow, which is no reason to poll.
    monkeypatch.setattr("runtime.calls.status_stream.FIRST_EVENT_SECONDS", 30.0)
    monkeypatch.setattr("runtime.calls.status_stream.LAST_SECONDS", 30.0)
    monkeypatch.setattr("runtime.http.exchange.STREAM_HEAD_SECONDS", 30.0)
    return Twin(server, is_async=request.param == "async")


@pytest.fixture
def fals_own(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake server is not just anybody's: it stands for fal's own hosts, the second ones as well."""
    backups = {url: url for url in (server.run_url, server.queue_url)}
    monkeypatch.setattr("runtime.http.requests.BACKUPS", backups)


@pytest.fixture
def nobody_waits(clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """The clock of all that waits: a pause lets it go on by so much, at once."""
    for name in ("retry", "transport"):
        monkeypatch.setattr(f"runtime.http.{name}.time", clock)
        monkeypatch.setattr(f"runtime.http.{name}.stand_in", clock.stand_in)
    monkeypatch.setattr(
        "runtime.http.async_transport.AsyncTransport._pause", lambda _, seconds: clock.sleep_async(seconds)
    )
    return clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """What deadlines go by."""
    stopped = StoppedClock()
    monkeypatch.setattr("runtime.http.exchange.stand_in", stopped.stand_in)
    return stopped

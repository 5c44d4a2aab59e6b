"""The servers of these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from fal_server import FalServer
from fal_server.secure import Deployment, deployed, one_authority

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of what waits at the server while it does not read: so a body need not be long to be broken off.
WINDOW = 16_384
VARIABLES = ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET", "FAL_RUN_HOST", "FAL_QUEUE_RUN_HOST")


@pytest.fixture(scope="module", autouse=True)
def _one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with one_authority(tmp_path_factory.getbasetemp()):
        yield


@pytest.fixture(autouse=True, params=["httpx", pytest.param("httpx2", marks=pytest.mark.slow)])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the client's own connections are of. They are of httpx; here they are of httpx2 as well, as callers' are."""
    if request.param == "httpx2":
        for module in ("transport", "async_transport"):
            monkeypatch.setattr(f"fal_typed._runtime.http.{module}.httpx", httpx2)
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """One that speaks https."""
    with deployed(tmp_path_factory.mktemp("ca")) as deployment:
        yield deployment


@pytest.fixture(scope="session")
def _plain() -> Iterator[FalServer]:
    with FalServer(window=WINDOW) as server:
        yield server


@pytest.fixture
def server(_plain: FalServer, monkeypatch: pytest.MonkeyPatch) -> FalServer:
    """A plain one, to which nothing was sent yet."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    _plain.begin()
    return _plain

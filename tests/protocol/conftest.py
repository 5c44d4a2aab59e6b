"""The servers of these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

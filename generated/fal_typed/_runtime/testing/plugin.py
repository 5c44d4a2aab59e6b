"""The fixtures of the pytest plugin. Importing this imports nothing of the client: that comes with the first fixture.

The public module `pytest_plugin` has these names, which pytest finds there; it is the entry point (`pytest11`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from .fake import FakeFal

_PACKAGE = __name__.removesuffix("._runtime.testing.plugin")
MARKER = "fake_fal"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", f"{MARKER}(allow=...): hosts that the fixture fake_fal lets through")


@pytest.fixture(name="fake_fal")
def fake_fal_fixture(request: pytest.FixtureRequest) -> Generator[FakeFal]:
    """An offline fal, on for the whole test: every client of the process talks to it.

    `@pytest.mark.fake_fal(allow=["files.example.com"])` lets some hosts through.
    """
    from .fake import fake_fal

    marker = request.node.get_closest_marker(MARKER)
    options: dict[str, Any] = {} if marker is None else marker.kwargs
    if marker is not None and (marker.args or options.keys() - {"allow"}):
        raise pytest.UsageError(f"{request.node.nodeid}: say @pytest.mark.{MARKER}(allow=[...]), by that name alone")
    with fake_fal(**options) as fake:
        yield fake


@pytest.fixture(name="fal")
def fal_fixture(fake_fal: FakeFal) -> Generator[Any]:  # noqa: ARG001 - it is to be on
    """A client of the fake."""
    with import_module(_PACKAGE).Fal() as client:
        yield client


@pytest.fixture(name="async_fal")
def async_fal_fixture(fake_fal: FakeFal) -> Any:  # noqa: ARG001 - it is to be on
    """The same for asynchronous tests, of whichever plugin. It opens no connection that would have to be closed."""
    return import_module(_PACKAGE).AsyncFal()

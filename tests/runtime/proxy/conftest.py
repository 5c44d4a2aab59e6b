"""What the tests of the proxies share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runtime_proxies import Proxies

if TYPE_CHECKING:
    from fal_server import FalServer


@pytest.fixture(params=["asgi", "wsgi"])
def proxies(request: pytest.FixtureRequest, server: FalServer) -> Proxies:
    """The proxy of ASGI, and that of WSGI."""
    return Proxies(server, is_async=request.param == "asgi")

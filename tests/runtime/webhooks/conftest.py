"""A server of fal's keys, and both ways to verify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fal_server.webhooks import KeyServer
from runtime.webhooks import keys as webhook_keys
from stopped_clock import StoppedClock
from webhook_calls import KEY, verify_async, verify_sync

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def keys() -> Iterator[KeyServer]:
    with KeyServer(KEY) as server:
        yield server


@pytest.fixture(params=["sync", "async"])
def verify(request: pytest.FixtureRequest) -> Any:
    """Either way to verify, as one function of the verifier, the headers and the body."""
    return verify_sync if request.param == "sync" else verify_async


@pytest.fixture
def key_clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """What the age of keys goes by."""
    clock = StoppedClock()
    monkeypatch.setattr(webhook_keys, "stand_in", clock.stand_in)
    return clock

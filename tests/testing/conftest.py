"""Fixtures of the tests about fakes."""

from __future__ import annotations

import pytest


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key is to be found: whatever asks fal itself fails before it does."""
    for name in ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FAL_HOME_DIR", "/nonexistent")

"""How long is waited before asking again, and how long where fal says how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from generator.fetch import clock


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, [0.25, 0.5, 1, 8, 15]), (1.0, [0.5, 1, 2, 16, 30])])
def test_a_pause_doubles_up_to_half_a_minute(
    chance: float, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: chance)
    monkeypatch.setattr("random.uniform", lambda low, high: low + (high - low) * chance)
    assert [clock.delay_before(repetition, 0.5) for repetition in (1, 2, 3, 6, 7)] == seconds


def test_it_is_now_everywhere() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_moment_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 9, 1, 12, tzinfo=UTC))
    assert clock.wait_asked_for({"retry-after": "Tue, 01 Sep 2026 12:00:07 GMT"}) == 7
    assert clock.wait_asked_for({"retry-after": "Tue, 01 Sep 2026 11:00:00 GMT"}) == 0
    assert clock.wait_asked_for({"retry-after": "later", "x-ratelimit-reset": " 9 "}) == 9
    assert clock.wait_asked_for({"retry-after": "0", "x-ratelimit-reset": "9"}) == 0
    assert clock.wait_asked_for({}) is None
    assert clock.today() == "2026-09-01"

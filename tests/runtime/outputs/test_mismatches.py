"""What is told of an output that is not as its document says: how many places, and how often."""

from __future__ import annotations

import pytest
from runtime.outputs import mismatches
from runtime.outputs.mismatches import Mismatch, tell


def said(caplog: pytest.LogCaptureFixture, fields: int, endpoint: str = "a/b") -> str:
    """The line about so many wrong fields; empty where there is none."""
    caplog.clear()
    tell(endpoint, [Mismatch((f"f{number}",), "missing") for number in range(fields)], ())
    return "".join(record.getMessage() for record in caplog.records)


@pytest.fixture(autouse=True)
def _nothing_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mismatches, "_told", {})


def test_ten_places_are_told_and_that_there_are_more(caplog: pytest.LogCaptureFixture) -> None:
    assert said(caplog, 10).endswith("f8 (missing), f9 (missing)")
    assert said(caplog, 11, "c/d").endswith("f8 (missing), f9 (missing), …")
    assert said(caplog, 0) == ""


def test_each_is_told_once_until_there_are_a_thousand(caplog: pytest.LogCaptureFixture) -> None:
    """Names of fields can be data: what was told of them must not be kept for ever."""
    said(caplog, 999)
    assert said(caplog, 1) == ""
    said(caplog, 1, "c/d")
    assert said(caplog, 1).endswith("f0 (missing)"), "it begins anew"
    assert said(caplog, 1) == ""

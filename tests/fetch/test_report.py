"""What a run says of itself, to programs and to who asks whether trying again may help."""

from __future__ import annotations

import pytest

from generator.fetch.answers import Failed
from generator.fetch.report import FetchReport

WRONG, LOST = Failed(problem="no document", is_network=False), Failed(problem="no answer", is_network=True)


def test_every_endpoint_counts_once() -> None:
    report = FetchReport(
        new=["x/f", "x/e"],
        changed=["x/d"],
        unchanged=["x/c"],
        skipped=["x/a", "x/b"],
        vanished={"x/h": "2026-09-01", "x/g": "2026-09-02"},
        aliases={"x/f": "x/z"},
        failed={"x/k": LOST, "x/i": WRONG},
        streams=["x/f"],
        ended=["x/e"],
    )
    assert report.count == 10
    assert report.as_json() == {
        "new": ["x/e", "x/f"],
        "changed": ["x/d"],
        "unchanged": ["x/a", "x/b", "x/c"],
        "vanished": {"x/g": "2026-09-02", "x/h": "2026-09-01"},
        "aliases": {"x/f": "x/z"},
        "failed": {
            "x/i": {"problem": "no document", "network": False},
            "x/k": {"problem": "no answer", "network": True},
        },
        "streams": ["x/f"],
        "ended_streams": ["x/e"],
        "notes": [],
        "partial": False,
    }


@pytest.mark.parametrize(
    ("failed", "helps"), [({}, False), ({"x/a": WRONG}, False), ({"x/a": WRONG, "x/b": LOST}, True)]
)
def test_trying_again_helps_where_no_answer_came(failed: dict[str, Failed], helps: bool) -> None:
    assert FetchReport(failed=failed).is_network is helps


def test_what_was_missed_may_come_next_time() -> None:
    report = FetchReport()
    report.miss("half of it")
    assert (report.notes, report.is_partial, report.is_network) == (["half of it"], True, True)

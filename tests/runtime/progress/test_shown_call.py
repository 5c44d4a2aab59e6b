"""What the steps of a call say on its line, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from runtime.events.kinds import Closed, Completed, Event, Failed, Retried, Started, Submitted, Updated, Uploaded
from runtime.events.states import Completed as Done
from runtime.events.states import InProgress, LogEntry, Queued
from runtime.progress.call import ShownCall
from runtime.progress.summary import Ended, picture_of
from runtime.progress.wanted import Place

if TYPE_CHECKING:
    from runtime.events.kinds import Verb
    from runtime.progress.line import Line


class Shown:
    """A display that nobody sees."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.ended: list[bool] = []

    def add(self, line: Line, place: Place) -> None:
        self.lines.append(line)

    def end(self, line: Line, *, failed: bool = False) -> None:
        assert line is self.lines[0]
        self.ended.append(failed)

    @property
    def text(self) -> str:
        told = picture_of(self.lines, Ended(), self.lines[0].begun)
        return f"{told.what}: {told.state}{told.note and f' ({told.note})'}"


def step(kind: type[Event], **more: Any) -> Event:
    return kind(endpoint="fal-ai/x", call=1, request_id=None, seconds=0.0, **more)


def begun(verb: Verb) -> tuple[Shown, ShownCall]:
    shown: Any = Shown()
    call = ShownCall(Place.TERMINAL, shown)
    call.told(step(Started, verb=verb))
    return shown, call


def test_a_subscription() -> None:
    shown, call = begun("subscribe")
    told = [shown.text]

    def tell(kind: type[Event], **more: Any) -> None:
        call.told(step(kind, **more))
        told.append(shown.text)

    tell(Submitted)
    tell(Updated, status=Queued("r", 3))
    tell(Updated, status=Queued("r", 0))
    tell(Updated, status=InProgress("r", (LogEntry("one"), LogEntry("two"))))
    tell(Updated, status=InProgress("r"))
    tell(Retried, purpose="status", attempt=2, reason="429", wait=1.0)
    tell(Updated, status=Done("r"))
    tell(Retried, purpose="result", attempt=2, reason="503", wait=1.0)
    assert told == [
        "fal-ai/x: submitting",
        "fal-ai/x: queued",
        "fal-ai/x: queued, 3 ahead",
        "fal-ai/x: queued",
        "fal-ai/x: in progress (two)",
        "fal-ai/x: in progress (two)",
        "fal-ai/x: in progress, trying again: 429 (two)",
        "fal-ai/x: finishing (two)",
        "fal-ai/x: finishing, trying again: 503 (two)",
    ]


@pytest.mark.parametrize("kind", [Submitted, Uploaded])
def test_what_has_worked_is_not_tried_again_any_more(kind: type[Event]) -> None:
    shown, call = begun("subscribe")
    call.told(step(Retried, purpose="submit", attempt=2, reason="no connection", wait=1.0))
    assert shown.text == "fal-ai/x: submitting, trying again: no connection"
    file = {"name": "a", "content_type": "image/png", "size": 4}
    call.told(step(kind, **(file if kind is Uploaded else {})))
    assert "trying again" not in shown.text


def test_uploads_of_a_direct_call() -> None:
    shown, call = begun("run")
    assert shown.text == "fal-ai/x: running"
    call.moved(1, "a", 1, 4)
    call.moved(1, "b", 4, 4)
    call.told(step(Uploaded, name="b", content_type="image/png", size=4))
    assert shown.text == "fal-ai/x: uploading 5 B of 8 B"
    call.moved(1, "a", 4, 4)
    call.told(step(Uploaded, name="a", content_type="image/png", size=4))
    assert shown.text == "fal-ai/x: running"


@pytest.mark.parametrize(
    ("last", "failed"),
    [
        (step(Completed, billable_units=None), False),
        (step(Closed), False),
        (step(Failed, error=KeyboardInterrupt()), True),
    ],
)
@pytest.mark.parametrize("verb", ["run", "subscribe", "submit", "stream", "result", "updates"])
def test_every_call_ends(last: Event, failed: bool, verb: Verb) -> None:
    shown, call = begun(verb)
    assert shown.text.startswith("fal-ai/x: ")
    call.told(last)
    assert shown.ended == [failed]

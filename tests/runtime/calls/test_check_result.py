"""What a finished request amounts to, by what the queue says of it and what is answered for its result."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from runtime import errors
from runtime.calls.status import Completed, check_result
from runtime.http.exchange import Answer, Exchange, Purpose

ASKED = Exchange(Purpose.RESULT, "GET", "https://queue.fal.run/a/b/requests/req-1", {}, "a/b", request_id="req-1")
SAID, UNSAID, NOTHING = {"detail": "no such voice"}, {"status": "NOT_FOUND"}, {}


def outcome(status: int, body: Any, error: str | None) -> type[Exception] | None:
    """What is raised; None where the answer is the result, or the model's own error."""
    completed = Completed("req-1", error=error)
    answer = Answer(status, {"x-fal-billable-units": "2"}, json.dumps(body).encode())
    with contextlib.suppress(errors.RequestFailedError, errors.ResultExpiredError):
        assert check_result(ASKED, answer, completed) is answer
        return None
    with pytest.raises((errors.RequestFailedError, errors.ResultExpiredError), match=r"^a/b") as caught:
        check_result(ASKED, answer, completed)
    raised = caught.value
    assert (raised.request_id, raised.body, raised.billable_units) == ("req-1", body, 2)
    return type(raised)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, SAID, None),
        (404, SAID, None),
        (404, UNSAID, errors.ResultExpiredError),
        (404, NOTHING, errors.ResultExpiredError),
        (405, UNSAID, None),
        (410, SAID, errors.ResultExpiredError),
        (410, UNSAID, errors.ResultExpiredError),
        (411, UNSAID, None),
        (422, UNSAID, None),
        (500, NOTHING, None),
    ],
)
def test_of_a_success(status: int, body: Any, kind: type[Exception] | None) -> None:
    assert outcome(status, body, None) is kind


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, SAID, errors.RequestFailedError),
        (399, SAID, errors.RequestFailedError),
        (400, UNSAID, None),
        (404, SAID, None),
        (404, UNSAID, errors.RequestFailedError),
        (405, UNSAID, None),
        (410, SAID, None),
        (410, UNSAID, errors.RequestFailedError),
        (411, UNSAID, None),
        (422, NOTHING, errors.RequestFailedError),
        (422, UNSAID, None),
    ],
)
def test_of_a_failure_the_models_own_answer_counts(status: int, body: Any, kind: type[Exception] | None) -> None:
    assert outcome(status, body, "the runner broke") is kind


@pytest.mark.parametrize("error", [None, "the runner broke"])
def test_without_an_answer_the_failure_is_what_the_queue_says(error: str | None) -> None:
    lost = errors.APIConnectionError("no answer", maybe_submitted=True)
    with pytest.raises(errors.RequestFailedError if error else errors.APIConnectionError) as caught:
        check_result(ASKED, lost, Completed("req-1", error=error, error_type="oom"))
    assert (caught.value.__cause__ if error else caught.value) is lost

"""fal's queue: submissions, their states, their results, and cancelling them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ... import forks
from ...http.endpoint_ids import app_of
from ..messages import Answer
from ..scripting.script import Failure
from .answers import EVENTS, REQUEST_ID, in_json, unknown_request, wrong_method
from .submission import Submission

if TYPE_CHECKING:
    from ..clock import Clock
    from ..messages import Request
    from ..scripting.script import Call, Play
    from .places import Place

# Real answers name `owner/app` alone; documents of endpoints name the whole id.
_ABOUT = re.compile(r"(?P<app>.+)/requests/(?P<id>[^/]+)(?P<rest>/response|/status/stream|/status|/cancel)?")
_METHODS = {"/cancel": "PUT"}
_CANCELLED = Failure(
    499,
    {"detail": "The request was cancelled", "error_type": "client_cancelled"},
    {"x-fal-error-type": "client_cancelled"},
    "The request was cancelled",
    "client_cancelled",
)
# The caller's own limit (fal docs, Common parameters): final.
_NOT_BEGUN = Failure(
    504,
    {"detail": "The request did not begin in time", "error_type": "request_timeout"},
    {"x-fal-error-type": "request_timeout", "x-fal-request-timeout-type": "user"},
    "The request did not begin in time",
    "request_timeout",
)


class Queue:
    """Safe to share between threads.

    Args:
        clock: Whose time its requests take.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = forks.Lock()
        self._known: dict[str, Submission] = {}

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._known.clear()

    def submissions(self) -> list[Submission]:
        """What it has accepted, the oldest first."""
        with self._lock:
            return [one for one in self._known.values() if one.play.accepted]

    def submit(self, call: Call, play: Play, path: str, place: Place) -> Answer:
        """Take a request."""
        most = call.options.max_queue_length
        if most is not None and play.queue and play.queue[0] > most:
            return in_json({"detail": f"The queue is longer than {most}", "error_type": "queue_full"}, 429)
        base = f"{place.hosts.queue}/{app_of(path)}/requests/{call.request_id}"
        urls = {"status_url": f"{base}/status", "response_url": base, "cancel_url": f"{base}/cancel"}
        made = Submission(call, play, path, urls)
        start = call.options.start_timeout
        if start is not None and made.starts > call.at + start:
            made.end(_NOT_BEGUN, call.at + start)
        with self._lock:
            self._known[call.request_id] = made
        ahead = play.queue[0] if play.queue else 0
        body = {"status": "IN_QUEUE", "request_id": call.request_id, "queue_position": ahead, **urls}
        return in_json(body, headers={REQUEST_ID: call.request_id})

    def about(self, request: Request, place: Place) -> Answer | None:
        """What is asked about a request; None where a URL is about none."""
        found = _ABOUT.fullmatch(place.path)
        if found is None:
            return None
        rest = found["rest"] or ""
        if request.method != _METHODS.get(rest, "GET"):
            return wrong_method()
        with self._lock:
            one = self._known.get(found["id"])
        if one is None or app_of(found["app"]) != app_of(one.path):
            return unknown_request()
        logs = place.query.get("logs", "").lower() in ("1", "true")
        if rest == "/status":
            now = self._clock.now()
            return in_json(one.state(now, logs=logs), 200 if one.is_over(now) else 202)
        if rest == "/status/stream":
            return Answer(200, EVENTS, events=one.events(self._clock, logs=logs))
        return self._cancel(one) if rest == "/cancel" else self._result(one)

    def _cancel(self, one: Submission) -> Answer:
        now = self._clock.now()
        with self._lock:
            if one.is_over(now):
                return in_json({"status": "ALREADY_COMPLETED"}, 400)
            one.end(_CANCELLED, now)
        return in_json({"status": "CANCELLATION_REQUESTED"}, 202)

    def _result(self, one: Submission) -> Answer:
        if not one.is_over(self._clock.now()):
            return in_json({"detail": "Request is still in progress"}, 400)
        return result(one.call, one.play, one.failure)


def result(call: Call, play: Play, failure: Failure | None, seconds: float = 0.0) -> Answer:
    """The model's own answer."""
    headers = {REQUEST_ID: call.request_id}
    if failure is not None:
        return in_json(failure.body, failure.status, {**headers, **failure.headers}, seconds)
    return in_json(play.output, headers={**headers, "x-fal-billable-units": "1"}, seconds=seconds)

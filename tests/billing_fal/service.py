"""What it answers: the queue, direct calls, files, the platform API, and whoever runs the test."""

from __future__ import annotations

import hashlib
import json
import random
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .billed import FAILURE, LARGE, Billed
from .history import page
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from .protocol import Connection, Request

_UNKNOWN = b'{"status": "NOT_FOUND"}'
_PNG = b"\x89PNG\r\n\x1a\n"
# Path below the queue's host.
_NAMESPACES = ("workflows", "comfy")


class Service:
    """All of it, in one thread.

    Args:
        base: Its URL.
        settings: How it begins.
        later: Calls something after so many seconds.
    """

    def __init__(self, base: str, settings: Settings, later: Callable[..., object]) -> None:
        self._base = base
        self._settings = settings
        self._later = later
        self._offset = 0.0
        self._out_until = 0.0
        self._clear(settings)

    def _clear(self, settings: Settings) -> None:
        self._settings = settings
        self._chance = random.Random(settings.seed)
        self._billed: list[Billed] = []
        self._known: dict[str, Billed] = {}
        self._files: dict[str, bytes] = {}
        self._run = random.Random(time.time_ns()).getrandbits(32)
        self.counts = dict.fromkeys(
            ("submits", "too_many", "lost_answers", "delivered", "expired", "cancelled", "history", "requests"), 0
        )

    def now(self) -> float:
        return time.time() + self._offset

    @property
    def is_out(self) -> bool:
        """Whether nobody can be reached."""
        return time.monotonic() < self._out_until

    def handle(self, request: Request, to: Connection) -> None:
        """Answer a request, now or later."""
        _, part, *rest = request.path.split("/", 2)
        path = rest[0] if rest else ""
        self.counts["requests"] += part != "control"
        handler = {
            "queue": self._queue,
            "run": self._direct,
            "cdn": self._cdn,
            "rest": self._rest,
            "api": self._api,
            "control": self._control,
        }.get(part)
        if handler is None:
            to.answer(404, b"{}")
        else:
            handler(request, path, to)

    # The queue.

    def _queue(self, request: Request, path: str, to: Connection) -> None:
        if request.method == "POST":
            self._after(self._settings.accepts_after, lambda: self._submit(request, path, to))
            return
        _, _, about = path.partition("/requests/")
        request_id, _, rest = about.partition("/")
        one = self._known.get(request_id)
        if one is None:
            to.answer(404, _UNKNOWN)
        elif self._happens(self._settings.status_fails):
            to.answer(502, b"<html>", kind="text/html")
        elif rest == "status":
            state = self._state(one)
            to.answer(200 if self.now() >= one.ends_at else 202, state)
        elif rest == "status/stream":
            self._stream(one, to)
        elif rest == "cancel":
            self._cancel(one, to)
        else:
            self._result(one, to)

    def _submit(self, request: Request, endpoint: str, to: Connection) -> None:
        settings = self._settings
        self.counts["submits"] += 1
        if settings.most_in_progress is not None and self._in_progress() >= settings.most_in_progress:
            self.counts["too_many"] += 1
            body = b'{"detail": "Too many concurrent requests", "error_type": "concurrent_requests_limit"}'
            to.answer(429, body, f"retry-after: {settings.retry_after:g}\r\n")
            return
        if self._happens(settings.loses_submit):
            to.break_off()
            return
        if self._happens(settings.gateway):
            if self._happens(0.5):
                self._accept(endpoint, request.body)
            to.answer(502, b"<html>502</html>", kind="text/html")
            return
        one = self._accept(endpoint, request.body)
        if self._happens(settings.loses_answer):
            self.counts["lost_answers"] += 1
            to.break_off()
        else:
            state = {"status": "IN_QUEUE", "queue_position": 0, **self._about(one)}
            answer = json.dumps(state).encode(), f"x-fal-request-id: {one.request_id}\r\n"
            self._after(settings.answers_after, lambda: to.answer(200, *answer))

    def _accept(self, endpoint: str, body: bytes, *, is_direct: bool = False) -> Billed:
        """From here on it is paid."""
        now, settings, number = self.now(), self._settings, len(self._billed) + 1
        one = Billed(
            request_id=f"{self._run:08x}-0000-4000-8000-{number:012x}",
            endpoint=endpoint,
            input=json.loads(body),
            accepted_at=now,
            ends_at=now + self._chance.uniform(*settings.takes),
            listed_at=now + self._chance.uniform(*settings.history_lag),
            is_large=self._happens(settings.large),
            fails=self._happens(settings.fails),
            is_direct=is_direct,
        )
        self._billed.append(one)
        if not is_direct:
            self._known[one.request_id] = one
        return one

    def _in_progress(self) -> int:
        now = self.now()
        longest = self._settings.takes[1] + 1
        count = 0
        for one in reversed(self._billed):  # in the order in which they came
            if one.accepted_at + longest < now:
                break
            count += one.ends_at > now
        return count

    def _about(self, one: Billed) -> dict[str, str]:
        segments = one.endpoint.split("/")
        app = "/".join(segments[: 3 if segments[0] in _NAMESPACES else 2])
        base = f"{self._base}/queue/{app}/requests/{one.request_id}"
        urls = {"status_url": f"{base}/status", "response_url": base, "cancel_url": f"{base}/cancel"}
        return {"request_id": one.request_id, **urls}

    def _state(self, one: Billed) -> bytes:
        if self.now() < one.ends_at:
            return json.dumps({"status": "IN_PROGRESS", "logs": None, **self._about(one)}).encode()
        state: dict[str, Any] = {"status": "COMPLETED", "logs": None, "metrics": {"inference_time": 0.1}}
        if one.fails or one.is_cancelled:
            state["error"] = "cancelled" if one.is_cancelled else "refused by the model"
        return json.dumps({**state, **self._about(one)}).encode()

    def _stream(self, one: Billed, to: Connection) -> None:
        send = to.begin_events()

        def go_on() -> None:
            if to.is_gone:
                return
            send(self._state(one))
            left = one.ends_at - self.now()
            if left > 0:
                self._later(min(left + 0.001, 1.0), go_on)
            else:
                send(None)

        go_on()

    def _cancel(self, one: Billed, to: Connection) -> None:
        if self.now() >= one.ends_at:
            to.answer(400, b'{"status": "ALREADY_COMPLETED"}')
            return
        one.ends_at, one.is_cancelled = self.now(), True
        self.counts["cancelled"] += 1
        to.answer(202, b'{"status": "CANCELLATION_REQUESTED"}')

    def _result(self, one: Billed, to: Connection) -> None:
        now, settings = self.now(), self._settings
        headers = f"x-fal-request-id: {one.request_id}\r\n"
        if now < one.ends_at:
            to.answer(400, b'{"detail": "Request is still in progress"}')
        elif now >= one.ends_at + (settings.kept_large if one.is_large else settings.kept):
            self.counts["expired"] += 1
            to.answer(404, _UNKNOWN)
        elif one.is_cancelled:
            to.answer(499, b'{"detail": "The request was cancelled", "error_type": "client_cancelled"}', headers)
        else:
            one.delivered += 1
            self.counts["delivered"] += 1
            headers += f"x-fal-billable-units: {one.units(settings.units)}\r\n"
            to.answer(422 if one.fails else 200, self._output(one), headers)

    def _output(self, one: Billed) -> bytes:
        return json.dumps(FAILURE).encode() if one.fails else one.output(self._base)

    # Direct calls, files, and the platform API.

    def _direct(self, request: Request, endpoint: str, to: Connection) -> None:
        one = self._accept(endpoint, request.body, is_direct=True)
        headers = f"x-fal-request-id: {one.request_id}\r\nx-fal-billable-units: {one.units(self._settings.units)}\r\n"

        def answer() -> None:
            one.delivered += not to.is_gone
            to.answer(422 if one.fails else 200, self._output(one), headers)

        self._later(max(one.ends_at - self.now(), 0), answer)

    def _rest(self, request: Request, path: str, to: Connection) -> None:
        del request
        token = {"token": "t", "token_type": "Bearer", "base_url": f"{self._base}/cdn"}
        token["expires_at"] = "2100-01-01T00:00:00Z"
        to.answer(200 if path == "storage/auth/token" else 404, json.dumps(token).encode())

    def _cdn(self, request: Request, path: str, to: Connection) -> None:
        if request.method == "POST" and path == "files/upload":
            # Each upload has a URL of its own, as fal's: what is equal is not the same.
            name = f"{hashlib.sha256(request.body).hexdigest()[:12]}-{len(self._files)}"
            self._files[f"files/up/{name}"] = request.body
            to.answer(200, json.dumps({"access_url": f"{self._base}/cdn/files/up/{name}"}).encode())
            return
        content = self._files.get(path)
        if content is None and path.startswith("files/") and path.endswith(".png"):
            content = _PNG + path.encode()
        if content is None:
            to.answer(404, b"{}")
        else:
            to.answer(200, content, kind="image/png")

    def _api(self, request: Request, path: str, to: Connection) -> None:
        if path == "v1/models/requests/by-endpoint":
            self.counts["history"] += 1
            failure = self._chance.choice((500, 429, None)) if self._happens(self._settings.history_fails) else 0
            if failure is None:
                to.break_off()
            elif failure:
                kind = "rate_limited" if failure == 429 else "server_error"
                body = json.dumps({"error": {"type": kind, "message": "not now"}}).encode()
                to.answer(failure, body, "retry-after: 0\r\n" if failure == 429 else "")
            else:
                status, told = page(self._billed, request.query, self.now(), self._settings, self._base)
                to.answer(status, json.dumps(told).encode())
        elif path == "v1/models/pricing":
            ids = [each for value in request.query.get("endpoint_id", []) for each in value.split(",")]
            prices = [{"endpoint_id": each, "unit_price": 0.003, "unit": "image", "currency": "USD"} for each in ids]
            to.answer(200, json.dumps({"prices": prices, "next_cursor": None, "has_more": False}).encode())
        else:
            to.answer(404, b'{"error": {"type": "not_found", "message": "Not found"}}')

    # Whoever runs the test.

    def _control(self, request: Request, path: str, to: Connection) -> None:
        given: dict[str, Any] = json.loads(request.body) if request.body else {}
        told: Any = None
        if path == "settings":
            self._settings = Settings(**{**asdict(self._settings), **given})
            if "seed" in given:
                self._chance.seed(given["seed"])
        elif path == "reset":
            self._clear(Settings(**given))
        elif path == "advance":
            self._offset += given["seconds"]
        elif path == "outage":
            self._out_until = time.monotonic() + given["seconds"]
        elif path == "accepted":
            told = [
                [one.request_id, one.endpoint, one.input, one.accepted_at, one.ends_at, one.delivered, one.is_direct]
                for one in self._billed
            ]
        else:
            told = {**self.counts, "accepted": len(self._billed), "now": self.now(), "large_from": LARGE}
        to.answer(200, json.dumps(told).encode())

    def _after(self, seconds: tuple[float, float], call: Callable[[], None]) -> None:
        """Call something a random while later."""
        if seconds[1] > 0:
            self._later(self._chance.uniform(*seconds), call)
        else:
            call()

    def _happens(self, share: float) -> bool:
        return share > 0 and self._chance.random() < share

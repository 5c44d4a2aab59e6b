"""What the server was asked, for its page: calls, what was refused, and files that came."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from ... import forks
from .posting import Posting
from .shortened import shortened
from .uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..clock import Clock
    from ..messages import Answer, Json, Request
    from ..scripting.script import Call, Fault, Play, Script
    from .places import Found

# Rows; the oldest go.
_MOST = 500
_FAILED, _LONGEST_NAME = 400, 200
_CALLS = ("/run/", "/queue/")


@dataclass
class Row:
    """Something that was asked.

    Attributes:
        verb: run, submit, stream or upload.
        endpoint: Of which endpoint, or the name of a file.
        request_id: The service's.
        input: Long texts in it are cut.
        came: When, in seconds since 1970.
        at: The same on the service's clock.
        seconds: How long it takes; None while that is not known.
        waits: How many of them it waits in the queue.
        output: What it gives; the URL of a file that was uploaded.
        error: How it fails.
        cdn: How URLs of files begin in its output.
        is_cancelled: Whether somebody asked for its end.
        number: From 1, in the order of coming.
    """

    verb: str
    endpoint: str
    request_id: str | None = None
    input: Json = None
    came: float = field(default_factory=time.time)
    at: float = 0.0
    seconds: float | None = None
    waits: float = 0.0
    output: Json = None
    error: str | None = None
    cdn: str = ""
    is_cancelled: bool = False
    number: int = 0

    def state(self, now: float) -> str:
        """In fal's words, or that it failed."""
        if self.is_cancelled:
            return "CANCELLED"
        passed = now - self.at
        if self.seconds is None or passed < self.seconds:
            return "IN_QUEUE" if passed < self.waits else "IN_PROGRESS"
        return "FAILED" if self.error else "COMPLETED"


class History:
    """The rows. It is the service's book, in which nothing is scripted but how long calls take.

    Args:
        clock: The service's.
        script: What plays the calls of an endpoint, by its id.
    """

    def __init__(self, clock: Clock, script: Callable[[str], Script | None] | None = None) -> None:
        self._clock, self._script = clock, script
        self._rows: deque[Row] = deque(maxlen=_MOST)
        self._count = 0
        self._lock = forks.Lock()
        self._here = threading.local()
        self._uploads = Uploads()
        self._posting = Posting(clock)

    # What the service asks and tells (see Book).

    def script(self, endpoint_id: str) -> Script | None:
        """See Book."""
        return self._script(endpoint_id) if self._script else None

    def faults(self) -> Iterator[Fault]:
        """See Book: nothing goes wrong here, but the keys of webhook calls are the fake's own."""
        return iter((self._posting.keys,))

    def note(self, call: Call) -> None:
        """See Book."""
        self._here.noted = True
        self._add(Row(call.kind, call.endpoint_id, call.request_id, shortened(call.input), at=call.at))

    def ended(self, call: Call, play: Play) -> None:
        """See Book."""
        if call.kind == "submit":
            self._posting.note(call, play)
        row = self._row_of(call.request_id)
        if row is None:
            return
        row.waits = play.seconds / 2 if play.queue and call.kind == "submit" else 0.0
        if play.error is None:
            is_streamed = call.kind == "stream" and play.events is not None
            row.output = shortened(play.events if is_streamed else play.output)
        else:
            row.error = f"{play.error.status} {json.dumps(shortened(play.error.body), ensure_ascii=False)}"
        row.seconds = play.seconds

    # What passes by.

    def watched(self, request: Request, found: Found, answers: Callable[[], Answer]) -> Answer:
        """Have a request answered, and look at what is said.

        Args:
            request: It.
            found: Its place.
            answers: Answers it.
        """
        self._here.noted, self._here.cdn = False, found.hosts.cdn
        answer = answers()
        path = found.path.partition("?")[0]
        if path.startswith(_CALLS):
            self._see_call(request, path, answer)
        elif answer.status < _FAILED and (file := self._uploads.see(request, answer)):
            self._add(Row("upload", file.name, input=file.told(), seconds=0.0, output=file.url))
        return answer

    @property
    def cdn(self) -> str:
        """How URLs of files begin, for the client whose request this thread answers."""
        begins: str = getattr(self._here, "cdn", "")
        return begins

    def rows(self) -> list[Row]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._rows))

    def now(self) -> float:
        """On the service's clock."""
        return self._clock.now()

    def _see_call(self, request: Request, path: str, answer: Answer) -> None:
        host, _, place = path[1:].partition("/")
        app, is_about_one, rest = place.partition("/requests/")
        if is_about_one:
            request_id, _, verb = rest.partition("/")
            if verb == "cancel" and answer.status < _FAILED and (row := self._row_of(request_id)):
                row.is_cancelled = True
        elif answer.status >= _FAILED and not self._here.noted:
            verb = "submit" if host == "queue" else "run"
            said = f"{answer.status} {answer.body[:2000].decode('utf-8', 'replace')}"
            self._add(Row(verb, app[:_LONGEST_NAME], input=_decoded(request.body), seconds=0.0, error=said))

    def _row_of(self, request_id: str) -> Row | None:
        with self._lock:
            return next((row for row in reversed(self._rows) if row.request_id == request_id), None)

    def _add(self, row: Row) -> None:
        with self._lock:
            self._count += 1
            row.number, row.cdn = self._count, self.cdn
            self._rows.append(row)


def _decoded(body: bytes) -> Json:
    try:
        return shortened(cast("Json", json.loads(body)))
    except (ValueError, RecursionError):
        return shortened(body[:2000].decode("utf-8", "replace")) if body else None

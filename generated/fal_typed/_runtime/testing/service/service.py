"""fal, as far as its clients see it: a function of requests. It sleeps nowhere; times are on its clock."""

# design: What does the fake know of fal?

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ... import forks
from ...checks import is_object
from ...http.requests import TARGET_HEADER
from ..messages import Answer
from ..scripting.script import Call, CallOptions
from . import invalid
from .answers import EVENTS, REQUEST_ID, event, in_json, not_found, wrong_method
from .catalog import STREAM
from .files import Files
from .places import place_of
from .platform import Platform
from .queue import Queue, result
from .storage import Storage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...http.hosts import Hosts
    from ..clock import Clock
    from ..messages import Json, Request
    from ..scripting.script import Book, CallKind, Failure, Script
    from .catalog import Catalog
    from .places import Place


# The fakes of this process, each with its number.
_FAKES = itertools.count()


class Service:
    """Safe to share between threads.

    Args:
        catalog: The endpoints that there are, beside those that the book has a script of.
        clock: Whose time calls take.
        book: What is scripted, and where what was asked is noted.
        usual: What an endpoint does that nobody scripted.
        hosts: The base URLs that are fal's, if they are not its own.

    Attributes:
        files: What can be downloaded.
        platform: The history of requests, and prices.
    """

    def __init__(
        self, *, catalog: Catalog, clock: Clock, book: Book, usual: Script, hosts: Hosts | None = None
    ) -> None:
        self.files = Files()
        self._catalog = catalog
        self._clock = clock
        self._book = book
        self._usual = usual
        self._hosts = hosts
        self._storage = Storage(self.files)
        self._queue = Queue(clock)
        self.platform = Platform(clock, self._queue.submissions)
        self._numbers = itertools.count(1)
        self._which = next(_FAKES)
        self._lock = forks.Lock()

    def clear(self) -> None:
        """Forget requests, files and prices."""
        self._queue.clear()
        self._storage.clear()
        self.files.clear()
        self.platform.clear()

    def is_asked(self, request: Request, hosts: Hosts | None = None) -> bool:
        """Whether a request is for fal, or for a file that was put somewhere else."""
        asked = _through_proxy(request)
        return place_of(asked.url, hosts or self._hosts) is not None or self.files.at(asked.url) is not None

    def answer(self, request: Request, hosts: Hosts | None = None) -> Answer:
        """What fal answers.

        Args:
            request: What it is asked. One by a proxy is what that would ask.
            hosts: Base URLs that are fal's for this one.

        Raises:
            NoAnswer: It is scripted that there is none.
            Exception: What a script of the caller's raises.
        """
        asked = _through_proxy(request)
        faults = list(self._book.faults())

        def beyond(number: int) -> Answer:
            """What comes of it behind so many of the faults: once, however often one of them asks."""
            if number == len(faults):
                return self._answer(asked, hosts or self._hosts)
            made: list[Answer] = []

            def usual() -> Answer:
                if not made:
                    made.append(beyond(number + 1))
                return made[0]

            instead = faults[number](asked, usual)
            return usual() if instead is None else instead

        return beyond(0)

    def _answer(self, request: Request, hosts: Hosts | None) -> Answer:
        place = place_of(request.url, hosts)
        if place is None or place.server == "cdn":
            stored = None if place is None else self._storage.cdn(request, place)
            return self.files.answer(request, "" if place is None else place.path) if stored is None else stored
        if place.server == "rest":
            return self._storage.rest(request, place)
        if place.server == "api":
            return self.platform.answer(request, place)
        if place.server == "queue":
            about = self._queue.about(request, place)
            if about is not None:
                return about
        return self._called(request, place)

    def _called(self, request: Request, place: Place) -> Answer:
        """A model is to work."""
        is_run = place.server == "run"
        if request.method != "POST" and not (is_run and request.method == "GET"):
            return wrong_method()
        found = self._endpoint_at(place.path.strip("/"))
        if found is None:
            return not_found(self._unknown(place.path.strip("/")))
        endpoint_id, is_stream = found
        kind: CallKind = ("stream" if is_stream or _wants_events(request) else "run") if is_run else "submit"
        try:
            given: Json = json.loads(request.body) if request.method == "POST" else dict(place.query)
        except (ValueError, RecursionError):
            entry = {"loc": ["body"], "msg": "JSON decode error", "type": "json_invalid"}
            return in_json({"detail": [entry]}, 422)
        schemas = self._catalog.schemas(endpoint_id) if endpoint_id in self._catalog else None
        request_id = self._next_id()
        if schemas is not None and (wrong := invalid.details(schemas.input, given)):
            return in_json({"detail": wrong}, 422, {REQUEST_ID: request_id})
        call = Call(endpoint_id, given, request_id, kind, _options(request, place), self._clock.now())
        call = replace(call, files=self.files.named_in(given))
        return self._played(call, place)

    def _played(self, call: Call, place: Place) -> Answer:
        self._book.note(call)
        play = (self._book.script(call.endpoint_id) or self._usual).play(call)
        self._book.ended(call, play)
        if call.kind == "submit":
            return self._queue.submit(call, play, place.path.strip("/"), place)
        if call.kind == "run":
            return result(call, play, play.error, play.seconds)
        events = [play.output] if play.events is None else play.events
        if play.error is not None and not play.events:
            return result(call, play, play.error, play.seconds)
        headers = {**EVENTS, REQUEST_ID: call.request_id}
        distance = play.seconds / max(len(events), 1)
        return Answer(200, headers, events=_streamed(events, play.error, distance), seconds=distance)

    def _endpoint_at(self, path: str) -> tuple[str, bool] | None:
        """The endpoint that is called at a path, and whether that asks it to stream."""
        for name, is_stream in ((path, False), (path.removesuffix(STREAM), True)):
            found = self._catalog.id_at(name) or (name if self._book.script(name) is not None else None)
            if found is not None:
                return found, is_stream and name != path
        return None

    def _unknown(self, path: str) -> str:
        """What to say of an endpoint that nobody knows."""
        return (
            f"the fake knows no endpoint {path!r}{self._catalog.hint(path) or ';'} "
            f"one that was not generated is to be scripted: fake.endpoint({path!r}).returns(...)"
        )

    def _next_id(self) -> str:
        """The same in each run, in the form of fal's; no two fakes of a process have the same."""
        with self._lock:
            number = next(self._numbers)
        return f"{self._which:08x}-0000-4000-8000-{number:012x}"


def _through_proxy(request: Request) -> Request:
    """What a proxy would send on."""
    target = request.headers.get(TARGET_HEADER)
    return request if target is None else replace(request, url=target)


def _wants_events(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "")


def _options(request: Request, place: Place) -> CallOptions:
    headers = {name: text for name, text in request.headers.items() if name != "authorization"}
    start = headers.get("x-fal-request-start-timeout") or headers.get("x-fal-request-timeout")
    return CallOptions(
        webhook_url=place.query.get("fal_webhook"),
        priority=headers.get("x-fal-queue-priority"),
        hint=headers.get("x-fal-runner-hint"),
        start_timeout=_number(start, float),
        max_queue_length=_number(place.query.get("fal_max_queue_length"), int),
        headers=headers,
    )


def _number(text: str | None, kind: Callable[[str], Any]) -> Any:
    try:
        return None if text is None else kind(text)
    except ValueError:
        return None


def _streamed(events: Sequence[Json], failure: Failure | None, distance: float) -> Iterator[bytes | float]:
    """Events in equal distances, the first one with the head; what fails ends with the event of an error."""
    for number, each in enumerate(events):
        if number and distance:
            yield distance
        yield event(each)
    if failure is not None:
        body = failure.body if is_object(failure.body) else {"error": failure.body}
        yield b"event: error\n" + event(body)

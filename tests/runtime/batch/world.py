"""A world without a network: fal, its history, a clock, and workers that can be stopped and killed at any step."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

from runtime.batch.keys import Prepared, prepared
from runtime.batch.life import Finished, Rules, lived
from runtime.calls.steps import Call
from runtime.errors import APIConnectionError
from runtime.http.connections.held_stream import OpenStream
from runtime.http.exchange import Answer, Blocking, Exchange, Pause, Purpose, Within
from runtime.http.hosts import Hosts
from runtime.inputs.spec import EndpointSpec
from runtime.journal.journal import Journal
from runtime.journal.leases import Leases
from runtime.journal.memory import MemoryStore
from runtime.options import Options
from runtime.session import Settings

if TYPE_CHECKING:
    from runtime.http.exchange import Limits, Steps
    from runtime.journal.records import Claim, Wanted

ENDPOINT = "a/b"
LEASE = 60.0
_SETTINGS = Settings(
    timeout=None,
    http_timeout=30,
    max_retries=0,
    validate_inputs=True,
    hosts=Hosts(run="http://localhost/run", queue="http://localhost/queue", api="http://localhost/api"),
)
CALL = Call(EndpointSpec(ENDPOINT, ENDPOINT), _SETTINGS, Options(poll_interval=1.0), "test/1")


@dataclass
class Request:
    """A request that fal has accepted, and bills."""

    request_id: str
    key: str
    wire: Any
    sent_at: float


@dataclass
class World:
    """Fal, and all that its clients share.

    Attributes:
        lag: After how many seconds a request is in the history.
        page: How many requests a page has.
        faults: What happens to the next submits: "ok", "lost", "gone", "unreached", "refused", "garbled".
        history_faults: What happens to the next looks: "ok", "broken", "refused".
        repeats: Whether pages begin with the last request of the page before.
        sees_death: Whether a worker that is gone is known to be at once.
    """

    now: float = 1_000_000.0
    lag: float = 0.0
    page: int = 100
    repeats: bool = False
    sees_death: bool = True
    faults: list[str] = field(default_factory=list[str])
    history_faults: list[str] = field(default_factory=list[str])
    requests: list[Request] = field(default_factory=list[Request])
    dead: set[str] = field(default_factory=set[str])
    workers: list[Worker] = field(default_factory=list["Worker"])

    def __post_init__(self) -> None:
        self.store = MemoryStore()
        table: Any = self.store._table
        table.now = lambda: self.now

    def clocks(self) -> ExitStack:
        """Have this world's time count, up to the end of the block."""
        stack = ExitStack()
        for name in ("runtime.stand_in.now", "runtime.journal.clock.awake"):
            stack.enter_context(mock.patch(name, self._time))
        return stack

    def _time(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        """Time passes; who lives and is not stopped prolongs its leases meanwhile."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(self.now + LEASE / 3, end)
            for worker in self.workers:
                if worker.is_live and not worker.is_stopped:
                    worker.journal._leases.renew()

    def answer(self, worker: Worker, exchange: Exchange) -> Answer:
        """What fal says to an exchange."""
        parts = urlsplit(exchange.url)
        if exchange.purpose is Purpose.SUBMIT:
            return self._accept(worker, json.loads(exchange.body or b""))
        if exchange.purpose is Purpose.PLATFORM:
            return self._history(parse_qs(parts.query))
        request_id = parts.path.partition("/requests/")[2].partition("/")[0]
        request = next(each for each in self.requests if each.request_id == request_id)
        if exchange.purpose is Purpose.STATUS:
            return _answer({"status": "COMPLETED"})
        return _answer({"made_of": request.wire}, **{"x-fal-billable-units": "1"})

    def _accept(self, worker: Worker, wire: Any) -> Answer:
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault == "refused":
            return Answer(429, {}, b'{"detail": "too many"}')
        if fault == "unreached":
            raise APIConnectionError("unreached", maybe_submitted=False)
        if fault == "gone":
            raise APIConnectionError("gone", maybe_submitted=True)
        request = Request(f"r{len(self.requests)}", worker.key, wire, self.now)
        self.requests.append(request)
        if fault == "lost":
            raise APIConnectionError("lost", maybe_submitted=True)
        return _answer({} if fault == "garbled" else {"request_id": request.request_id})

    def _history(self, query: dict[str, list[str]]) -> Answer:
        fault = self.history_faults.pop(0) if self.history_faults else "ok"
        if fault == "refused":
            return Answer(403, {}, b'{"error": {"type": "authorization_error", "message": "no"}}')
        if fault == "broken":
            raise APIConnectionError("broken", maybe_submitted=False)
        start = datetime.fromisoformat(query["start"][0]).timestamp()
        there = [each for each in self.requests if start <= each.sent_at <= self.now - self.lag]
        begin = int(query.get("cursor", ["0"])[0])
        first = max(0, begin - 1) if self.repeats else begin
        items = [_item(each) for each in reversed(there)][first : begin + self.page]
        cursor = str(begin + self.page) if begin + self.page < len(there) else None
        return _answer({"items": items, "next_cursor": cursor, "has_more": cursor is not None})

    def submissions(self, key: str) -> int:
        """How often a job was paid."""
        return sum(each.key == key for each in self.requests)


def _answer(body: Any, **headers: str) -> Answer:
    return Answer(200, headers, json.dumps(body).encode())


def _item(request: Request) -> dict[str, Any]:
    sent = datetime.fromtimestamp(request.sent_at, UTC).isoformat()
    return {"request_id": request.request_id, "endpoint_id": ENDPOINT, "sent_at": sent, "json_input": request.wire}


class WorldsJournal(Journal):
    """The journal of one worker, whose leases are prolonged when the world's time passes."""

    def __init__(self, world: World, owner: str) -> None:
        self.store = world.store
        self.lease = LEASE
        self._url = "world://"
        self._world = world
        self.owner = owner
        self._leases = Leases(self.store, owner, LEASE)
        self._leases._end = threading.Event()  # no thread

    def claim(self, wanted: Wanted, *, retry: bool = False) -> Claim:
        world = self._world
        found = world.store.claim(
            wanted, self.owner, LEASE, retry=retry, is_gone=lambda owner: world.sees_death and owner in world.dead
        )
        if found.held is not None:
            self._leases.taken(found.held, world.now + LEASE)
        return found


class Worker:
    """A process that does one job.

    Attributes:
        finished: What came of it.
        is_stopped: Whether it sleeps.
        wakes: When its pause ends.
    """

    def __init__(self, world: World, given: dict[str, Any], number: int, rules: Rules) -> None:
        self._world = world
        self.journal = WorldsJournal(world, f"worker {len(world.workers)}")
        self.job: Prepared = prepared(CALL, given, number=number)
        self.key = self.job.wanted.key
        self.finished: Finished | None = None
        self.is_stopped = False
        self.wakes = 0.0
        limits = CALL.limits()
        self._stack: list[tuple[Steps[Any], Limits]] = [(lived(CALL, self.job, self.journal, rules, limits), limits)]
        self._step: Any = None
        world.workers.append(self)
        self._go_on(None, None)

    @property
    def is_live(self) -> bool:
        """Whether it has something to do."""
        return bool(self._stack) and self.journal.owner not in self._world.dead

    @property
    def is_submitting(self) -> bool:
        """Whether its next step is to send its job."""
        return isinstance(self._step, Exchange) and self._step.purpose is Purpose.SUBMIT

    @property
    def is_ready(self) -> bool:
        """Whether it can do something now."""
        return self.is_live and not self.is_stopped and self.wakes <= self._world.now

    def do(self, *, then_die: bool = False) -> None:
        """Do its next step."""
        done: Any = None
        error: BaseException | None = None
        try:
            done = self._done(self._step)
        except Exception as raised:
            error = raised
        if then_die:
            self.die()
        else:
            self._go_on(done, error)

    def die(self) -> None:
        """Be killed: what it would still do is not done. Its steps are kept, or Python would close them."""
        self._world.dead.add(self.journal.owner)

    def _done(self, step: Any) -> Any:
        if isinstance(step, Blocking):
            return step.work()
        if isinstance(step, Exchange):
            deadline = self._stack[-1][1].deadline
            if deadline.has_passed:
                raise deadline.exceeded(step.endpoint, step.request_id)
            deadline.check_sending()
            return self._world.answer(self, step)
        assert isinstance(step, Pause | OpenStream), step
        return None

    def _go_on(self, done: Any, error: BaseException | None) -> None:
        while self._stack:
            steps, _ = self._stack[-1]
            try:
                step = steps.send(done) if error is None else steps.throw(error)
            except StopIteration as stop:
                self._stack.pop()
                done, error = stop.value, None
                continue
            except Exception as raised:
                self._stack.pop()
                done, error = None, raised
                continue
            done = error = None
            if isinstance(step, Within):
                self._stack.append((step.steps, step.limits))
                continue
            self._step = step
            self.wakes = self._world.now + step.seconds if isinstance(step, Pause) else 0.0
            return
        if error is not None:
            raise error
        self.finished = done

"""The calls of `calls.mjs` through one shell, with a fake fal behind it: what each was told, and what fal saw."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fal_server import FalServer, Gate
from fal_server.asgi import JsStorage, running
from fal_server.faults import ingress
from fal_server.plan import Reply, completed, in_progress, queued
from fal_server.stream import event
from fal_server.waiting import PAUSE
from fal_typed import Hosts

from .allowed import SITE
from .node import environment, installed, needed_node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fal_server import Seen

    from .shells import Shell

PROGRAM = Path(__file__).with_name("calls.mjs")
OUTPUT = {"images": [], "seed": 7}
APP = "fal-ai/js"
SECONDS = 150.0  # for all calls together, before they count as hanging
PATIENCE = 15.0  # seconds, for what fal has to see
INVALID = [{"loc": ["body", "prompt"], "msg": "Field required", "type": "missing"}]


class Fal:
    """A fal with everything that the calls meet.

    Attributes:
        server: Its queue and its models.
        storage: Its storage.

    Args:
        sees_leaving: Whether it is told that a caller of the proxy left.
    """

    def __init__(self, server: FalServer, *, sees_leaving: bool) -> None:
        self.server = server
        self._sees_leaving = sees_leaving
        self.storage = JsStorage()
        self._silence = Gate()
        states = [queued(0), in_progress("one"), completed("one", "two")]
        invalid = Reply(422, {"detail": INVALID}, {"x-fal-request-id": "run-2"}, accepted=False)
        plans: dict[str, dict[str, Any]] = {
            **{name: {} for name in ("run", "get", "files", "result", "cancelled", "submitted", "hooked")},
            **{name: {"states": states} for name in ("polled", "streamed", "told", "status")},
            "endless": {"states": [in_progress()]},
            "silent": {"always": {"run": Reply(silent=True) if sees_leaving else Reply(gate=self._silence)}},
            "invalid": {"always": {"run": invalid}},
            "failed": {"always": {"result": invalid}},
            "locked": {"always": {"run": Reply(403, {"detail": "User is locked"})}},
            "broken": {"always": {"run": ingress(500)}},
            "overloaded": {"first": {"run": [ingress(503)]}},
        }
        for name, fields in plans.items():
            server.plan(f"{APP}/{name}", output=OUTPUT, **fields)
        server.plan("workflows/me/app", output=OUTPUT, states=states)
        self._gates = [Gate(), Gate()]
        steps = [event({"step": 1}), self._gates[0], event({"step": 2}), self._gates[1], event({"step": 3})]
        self._stream = server.stream(f"{APP}/events/stream", *steps)
        self._endless = server.stream(f"{APP}/endless/stream", *[event({"step": 1}), 0.02] * 100_000)

    def answers(self) -> dict[str, Callable[[], Any]]:
        """What is told to a call that waits for something."""
        silent = f"/run/{APP}/silent"
        return {
            "an event came": self._next_event,
            "a stream was left": self._stream_left,
            "a run is with fal": lambda: _becomes(lambda: [each for each in self.server.seen if each.path == silent]),
            "a run was left": lambda: self._run_left(silent),
            "a cancel came": lambda: _becomes(lambda: self.server.requests("PUT", "/cancel")[1:]),
        }

    def _next_event(self) -> int:
        """Let the next event go; how many steps of the stream were done before that."""
        done = self._stream.sent
        next((gate for gate in self._gates if not gate.is_open), Gate()).open()
        return done

    def _run_left(self, path: str) -> bool:
        if self._sees_leaving:
            return _becomes(lambda: path in self.server.left)
        self._silence.open()  # so that nobody waits any longer
        return False

    def _stream_left(self) -> bool:
        left = _becomes(self._endless.left.is_set)
        self._endless.left.clear()  # for the next one
        return left


def _becomes(condition: Callable[[], object]) -> bool:
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(PAUSE)
    return bool(condition())


@dataclass
class Played:
    """What came of the calls of one shell.

    Attributes:
        fal: Where they led.
        results: What each call gave, or the error that it threw.
        seen: What fal's models and queue saw of it.
        asked: What fal's storage was asked with the key: headers and body.
        put: The headers of what was put there.
        sees_leaving: Whether fal had to see that a caller left.
        logged: The tracebacks that were logged meanwhile.
    """

    fal: Fal
    sees_leaving: bool
    results: dict[str, Any] = field(default_factory=dict[str, Any])
    seen: dict[str, list[Seen]] = field(default_factory=dict[str, "list[Seen]"])
    asked: dict[str, list[tuple[dict[str, str], Any]]] = field(default_factory=dict[str, Any])
    put: dict[str, list[dict[str, str]]] = field(default_factory=dict[str, Any])
    logged: list[str] = field(default_factory=list[str])

    def hear(self, call: str, result: Any) -> None:
        """A call is over: what came since the last one was over is its own."""
        self.results[call] = result
        lists = ((self.seen, self.fal.server.seen), (self.asked, self.fal.storage.asked))
        for of_calls, whole in (*lists, (self.put, self.fal.storage.put_headers)):
            of_calls[call] = whole[sum(map(len, of_calls.values())) :]


def play(shell: Shell, *calls: str) -> Played:
    """Make the calls, all of the quick ones by default."""
    command = [needed_node().program, str(PROGRAM), str(installed()), SITE]
    with FalServer() as server:
        fal = Fal(server, sees_leaving=shell.sees_leaving)
        with running(fal.storage.app) as storage_url:
            hosts = Hosts(run=server.run_url, queue=server.queue_url, rest=storage_url)
            played = Played(fal, shell.sees_leaving)
            with _logged(played.logged), shell.serve(hosts) as url:
                return _listen(played, [*command, url, *calls])


@contextlib.contextmanager
def _logged(into: list[str]) -> Iterator[None]:
    """Keep the tracebacks that are logged."""

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                into.append(f"{record.name}: {self.format(record)}")

    logging.getLogger().addHandler(handler := Keeping())
    yield
    logging.getLogger().removeHandler(handler)


def _listen(played: Played, command: list[str]) -> Played:
    answers = played.fal.answers()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        limit = threading.Timer(SECONDS, process.kill)
        limit.start()
        for line in process.stdout:
            told = json.loads(line)
            answer = answers[told["wait"]]() if "wait" in told else played.hear(told["call"], told.get("result"))
            process.stdin.write(json.dumps(answer) + "\n")
            process.stdin.flush()
        limit.cancel()
    assert process.returncode == 0, f"Node ended with {process.returncode} after {list(played.results)}"
    return played

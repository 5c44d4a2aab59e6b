"""What arrives from `fal_typed` and from the official client, for the same calls to the same server over https."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_server.plan import completed, in_progress, queued
from pinned.caller import given
from pinned.catalog import PINNED, Entry, each_endpoint
from pinned.documents import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fal_server import FalServer, Seen
    from fal_server.secure import Deployment

REQUEST_ID = "764cabcf-b745-4b3e-ae38-1200304cf45b"
STATES = [queued(1), in_progress("a"), completed("a", "b")]
WEBHOOK = "https://app.example/hook?token=a%20b&c=ü"


@dataclass(frozen=True)
class Line:
    """A request as far as it is compared."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: str
    headers: tuple[tuple[str, str], ...]


def line(seen: Seen) -> Line:
    """Without what must differ: the user agent, and the id that the queue gave."""
    path = "/".join("ID" if part.startswith("req-") else part for part in seen.path.split("/"))
    headers = {name: value for name, value in seen.headers.items() if name.startswith("x-") or name == "authorization"}
    body = json.dumps(seen.json, sort_keys=True) if seen.body else ""
    return Line(seen.method, path, tuple(seen.query.items()), body, tuple(sorted(headers.items())))


# Every difference, as what turns the official client's requests into ours, with the reason.


def _documented_logs(lines: list[Line]) -> list[Line]:
    """fal documents `logs=1` (and its own JavaScript client sends it); httpx writes a Python bool as `true`."""
    return [replace(each, query=(("logs", "1"),)) if each.query == (("logs", "true"),) else each for each in lines]


def _no_logs(lines: list[Line]) -> list[Line]:
    """Logs are off by default: `logs=false` says nothing, and is not among the documented `1` and `0`."""
    return [replace(each, query=()) if each.query == (("logs", "false"),) else each for each in lines]


def _both_start_timeouts(lines: list[Line]) -> list[Line]:
    """fal documents a new name for the header now and calls the old one deprecated: ours sends both, and no `.0`."""
    changed: list[Line] = []
    for each in lines:
        headers = dict(each.headers)
        if old := headers.get("x-fal-request-timeout"):
            headers["x-fal-request-timeout"] = headers["x-fal-request-start-timeout"] = f"{float(old):g}"
        changed.append(replace(each, headers=tuple(sorted(headers.items()))))
    return changed


def _one_status_too_many(lines: list[Line]) -> list[Line]:
    """With a callback the official `subscribe` waits for the end twice: it asks again for a status it has seen."""
    is_asked_again = len(lines) == len(STATES) + 3 and lines[-2].path == lines[-3].path
    return [*lines[:-2], lines[-1]] if is_asked_again else lines


DIFFERENCES = (_documented_logs, _no_logs, _both_start_timeouts, _one_status_too_many)


class Official:
    """The official client in its process."""

    def __init__(self, kind: str, deployment: Deployment) -> None:
        self.kind = kind
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("official.py")), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=deployment.environment,
            text=True,
        )

    def __call__(self, **command: Any) -> Any:
        """Do it, and tell what came of it."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(command) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())["outcome"]

    def close(self) -> None:
        """End the process."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


@pytest.fixture(scope="module", params=["sync", "async"])
def official(request: pytest.FixtureRequest, secure: Deployment) -> Iterator[Official]:
    """Both official clients, one after the other."""
    client = Official(request.param, secure)
    yield client
    client.close()


@dataclass
class Pair:
    """Both clients of one server, and what arrived from each."""

    official: Official
    server: FalServer
    entry: Entry

    def ours(self, call: Callable[[Any], Any]) -> list[Line]:
        """What arrives for a call of an endpoint of ours."""
        self._reset()
        if self.official.kind == "async":
            asyncio.run(self._ours_async(call))
        else:
            with fal_typed.Fal() as fal:
                call(self.entry.of(fal))
        return [line(seen) for seen in self.server.seen]

    async def _ours_async(self, call: Callable[[Any], Any]) -> None:
        async with fal_typed.AsyncFal() as fal:
            result: Any = call(self.entry.of(fal))
            if asyncio.iscoroutine(result):
                await result

    def theirs(self, verb: str, **options: Any) -> list[Line]:
        """What arrives for a call of the official client."""
        self._reset()
        known = {"request_id": REQUEST_ID} if verb in ("status", "result", "cancel") else {"input": given(self.entry)}
        outcome = self.official(verb=verb, endpoint=self.entry.id, options=options, **known)
        assert "Error" not in str(outcome), outcome
        return [line(seen) for seen in self.server.seen]

    def _reset(self) -> None:
        self.server.reset()
        known = document(self.entry.id)
        plan = self.server.plan(self.entry.id, output=known.sample(known.output, full=True), states=STATES)
        self.server.known_request(REQUEST_ID, plan)


@pytest.fixture
def pair(official: Official, secure: Deployment, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """Both clients, told of the server in the same way."""
    monkeypatch.setattr("fal_typed._runtime.calls.waiting.FIRST_INTERVAL", 0.01)
    for name, value in secure.variables.items():
        monkeypatch.setenv(name, value)
    return Pair(official, secure.server, entry)


def as_ours(theirs: list[Line]) -> tuple[list[Line], set[str]]:
    """The official client's requests with the listed differences, and which of them there were."""
    used: set[str] = set()
    for difference in DIFFERENCES:
        changed = difference(theirs)
        if changed != theirs:
            used.add(difference.__name__)
        theirs = changed
    return theirs, used


@pytest.mark.sampled(5)
@each_endpoint
def test_the_same_requests_arrive(pair: Pair, entry: Entry) -> None:
    call, request = given(entry), REQUEST_ID
    options = {"start_timeout": 20, "priority": "low", "hint": "here"}
    headers = {"X-Fal-No-Retry": "1", "X-Mine": "x"}
    run_options = {"start_timeout": 2.5, "hint": "here"}
    interval, polled = {"interval": 0.01}, {"poll_interval": 0.01}  # the official client only ever polls
    used: set[str] = set()
    for theirs, ours in [
        (pair.theirs("run"), pair.ours(lambda each: each.run(**call))),
        (
            pair.theirs("run", **run_options, headers=headers),
            pair.ours(lambda each: each.with_options(**run_options, headers=headers).run(**call)),
        ),
        (pair.theirs("submit"), pair.ours(lambda each: each.submit(**call))),
        (
            pair.theirs("submit", **options, webhook_url=WEBHOOK),
            pair.ours(lambda each: each.with_options(**options).submit(**call, webhook_url=WEBHOOK)),
        ),
        (pair.theirs("status"), pair.ours(lambda each: each.request(request).status())),
        (pair.theirs("status", with_logs=True), pair.ours(lambda each: each.request(request).status(logs=True))),
        (pair.theirs("result"), pair.ours(lambda each: each.with_options(**polled).request(request).result())),
        (pair.theirs("cancel"), pair.ours(lambda each: each.request(request).cancel())),
        (pair.theirs("subscribe", **interval), pair.ours(lambda each: each.with_options(**polled).subscribe(**call))),
        (
            pair.theirs("subscribe", **interval, with_logs=True, watched=True),
            pair.ours(
                lambda each: each.with_options(**polled).subscribe(**call, logs=True, on_queue_update=lambda _: None)
            ),
        ),
    ]:
        expected, differences = as_ours(theirs)
        assert ours == expected
        used |= differences
    assert used == {difference.__name__ for difference in DIFFERENCES}  # none is listed that there is not


@pytest.mark.sampled(5)
@each_endpoint
def test_a_call_that_waits_is_three_requests(pair: Pair, entry: Entry) -> None:
    polls = pair.theirs("subscribe", interval=0.01)
    told = pair.ours(lambda each: each.subscribe(**given(entry)))
    assert [told[0], told[2]] == as_ours([polls[0], polls[-1]])[0]
    assert told[1] == replace(told[2], path=f"{told[2].path}/status/stream")
    assert len(told) == 3


def test_all_pinned_endpoints_are_compared() -> None:
    assert len(PINNED) == 13

"""The server of our own tests, and the fake's, told to behave alike: what one says the other must say."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from fal_server import FalServer
from fal_server.plan import Reply, completed, in_progress
from fal_server.stream import event
from fal_typed import Hosts
from fal_typed._runtime.testing.clock import RealClock
from fal_typed._runtime.testing.scripting.script import Failure, Play
from fal_typed._runtime.testing.server.history import History
from fal_typed._runtime.testing.server.listening import FakeServer
from fal_typed._runtime.testing.server.serving import answers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fal_typed._runtime.testing.scripting.script import Call

# What the endpoints are for; all are generated ones.
DONE, SLOW, FAILING, STREAMING = (
    "fal-ai/flux-1/schnell",
    "fal-ai/pixart-sigma",
    "fal-ai/f-lite/standard",
    "fal-ai/omnigen-v2",
)
INPUT = {"prompt": "a cat"}
DETAIL = [{"loc": ["body", "prompt"], "msg": "too bad", "type": "value_error", "input": "a cat"}]
EVENTS = [{"images": [], "seed": 1}, {"images": [], "seed": 2}]
KEY = {"authorization": "Key any"}
FILE = {"content-type": "text/plain", "x-fal-file-name": "a.txt"}
_STATES = ("IN_QUEUE", "IN_PROGRESS", "COMPLETED", "NOT_FOUND", "ALREADY_COMPLETED", "CANCELLATION_REQUESTED")
# Headers that are about the message itself, and not of it.
_OF_THE_CONNECTION = {"date", "server", "content-length", "transfer-encoding", "connection", "cache-control"}


@dataclass(frozen=True)
class Said:
    """An answer as far as it is compared.

    Attributes:
        status: Its status code.
        content_type: Without parameters.
        headers: The names of the others.
        shape: What its body is made of.
    """

    status: int
    content_type: str
    headers: frozenset[str]
    shape: Any


@dataclass
class _Playing:
    plays: Play

    def play(self, call: Call) -> Play:
        return self.plays


def shape_of(value: Any) -> Any:
    """What a value of JSON is made of: the names in objects, the shapes in lists, the states, and other kinds."""
    if isinstance(value, dict):
        return {name: shape_of(one) for name, one in value.items()}
    if isinstance(value, list):
        shapes = [shape_of(one) for one in value]
        return [shape for at, shape in enumerate(shapes) if shape not in shapes[:at]]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return value if value in _STATES else type(value).__name__


def said(answer: httpx.Response) -> Said:
    content_type = answer.headers.get("content-type", "").partition(";")[0]
    if content_type == "text/event-stream":
        events = [text.removeprefix("data: ") for text in answer.text.split("\n\n") if text.startswith("data: ")]
        body: Any = [json.loads(one) for one in events]
    else:
        body = answer.json() if content_type == "application/json" and answer.content else answer.text
    names = {name for name in answer.headers if name not in {*_OF_THE_CONNECTION, "content-type"}}
    return Said(answer.status_code, content_type, frozenset(names), shape_of(body))


@contextmanager
def ours(output: Any) -> Iterator[str]:
    """The server of our own tests."""
    with FalServer() as server:
        server.plan(DONE, output=output, states=[completed()], result_headers={"x-fal-billable-units": "1"})
        server.plan(SLOW, states=[in_progress("one")])
        end = completed("one", error="too bad", error_type="value_error")
        server.plan(FAILING, states=[end], always=dict.fromkeys(("run", "result"), _failing()))
        server.stream(f"{STREAMING}/stream", *map(event, EVENTS))
        yield server.url


@contextmanager
def fakes() -> Iterator[str]:
    """The fake's."""
    scripts = {
        SLOW: _Playing(Play({}, seconds=3600, logs=["one"])),
        FAILING: _Playing(Play(error=Failure(422, {"detail": DETAIL}, {}, "too bad", "value_error"), logs=["one"])),
        STREAMING: _Playing(Play(EVENTS[-1], events=EVENTS)),
    }
    clock = RealClock()
    history = History(clock, scripts.get)
    with FakeServer(answers_of(clock, history, 0), history) as server:
        yield server.url


def _failing() -> Reply:
    return Reply(422, {"detail": DETAIL}, {"x-fal-request-id": "run-2"}, accepted=False)


def hosts_of(url: str) -> Hosts:
    """For our client."""
    return Hosts(run=f"{url}/run", queue=f"{url}/queue", rest=f"{url}/rest", cdn=f"{url}/cdn")


class Asking:
    """Asks one of the servers.

    Attributes:
        heard: What it said, by what it was asked.
    """

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, headers=KEY, timeout=30)
        self.heard: dict[str, Said] = {}

    def __call__(self, name: str, method: str, place: str, **options: Any) -> httpx.Response:
        """One exchange."""
        answer = self._client.request(method, place, **options)
        self.heard[name] = said(answer)
        return answer

    def close(self) -> None:
        self._client.close()


def direct(ask: Asking) -> None:
    ask("a run", "POST", f"/run/{DONE}", json=INPUT)
    ask("a run that fails", "POST", f"/run/{FAILING}", json=INPUT)
    ask("a run by GET", "GET", f"/run/{DONE}", params=INPUT)
    ask("a stream", "POST", f"/run/{STREAMING}/stream", json=INPUT, headers={"accept": "text/event-stream"})
    ask("a run by PUT", "PUT", f"/run/{DONE}", json=INPUT)
    ask("a run of what is no JSON", "POST", f"/run/{DONE}", content=b"{")
    ask("a run with a wrong input", "POST", f"/run/{DONE}", json={"prompt": 7})
    ask("a run of an unknown endpoint", "POST", "/run/fal-ai/no/such", json=INPUT)


def queued(ask: Asking) -> None:
    submitted = ask("a submission", "POST", f"/queue/{DONE}", json=INPUT).json()
    place = submitted["response_url"]
    assert submitted["status_url"] == f"{place}/status"
    assert submitted["cancel_url"] == f"{place}/cancel"
    assert place.endswith(f"/queue/fal-ai/flux-1/requests/{submitted['request_id']}")
    ask("the last state", "GET", f"{place}/status")
    ask("the last state as a stream", "GET", f"{place}/status/stream", headers={"accept": "text/event-stream"})
    ask("a result", "GET", place)
    ask("a result once more", "GET", place)
    ask("too late a cancel", "PUT", f"{place}/cancel")
    ask("a state asked for by POST", "POST", f"{place}/status", json={})


def waiting(ask: Asking) -> None:
    place = ask("a submission that waits", "POST", f"/queue/{SLOW}", json=INPUT).json()["response_url"]
    ask("a state", "GET", f"{place}/status")
    ask("a result that is not there yet", "GET", place)
    ask("a cancel", "PUT", f"{place}/cancel")


def failing(ask: Asking) -> None:
    place = ask("a submission that fails", "POST", f"/queue/{FAILING}", json=INPUT).json()["response_url"]
    ask("the last state of one that failed", "GET", f"{place}/status?logs=1")
    ask("the result of one that failed", "GET", place)


def unknown(ask: Asking) -> None:
    place = "/queue/fal-ai/flux-1/requests/00000000-0000-0000-0000-000000000000"
    for name, method, end in (
        ("state", "GET", "/status"),
        ("stream of states", "GET", "/status/stream"),
        ("result", "GET", ""),
        ("cancel", "PUT", "/cancel"),
    ):
        ask(f"the {name} of an unknown request", method, place + end)
    ask("an unknown place", "GET", "/nowhere")


def stored(ask: Asking) -> None:
    token = ask("a token", "POST", "/rest/storage/auth/token?storage_type=fal-cdn-v3", json={}).json()
    bearer = {"authorization": f"{token['token_type']} {token['token']}"}
    assert token["base_url"].endswith("/cdn")
    sent = {**bearer, **FILE}
    place = ask("an upload", "POST", "/cdn/files/upload", content=b"hello", headers=sent).json()["access_url"]
    assert ask("a download", "GET", place, headers={"authorization": ""}).content == b"hello"
    begun = ask("an upload in parts", "POST", "/cdn/files/upload/multipart", headers=sent).json()
    place = f"{begun['access_url']}/multipart/{begun['uploadId']}"
    tags = [
        ask("a part", "PUT", f"{place}/{number}", content=text, headers=bearer).headers["etag"]
        for number, text in ((1, b"one;"), (2, b"two"))
    ]
    parts = [{"partNumber": number, "etag": tag} for number, tag in enumerate(tags, 1)]
    ask("an end without a part", "POST", f"{place}/complete", json={"parts": parts[:1]}, headers=bearer)
    ask("the end of the parts", "POST", f"{place}/complete", json={"parts": parts}, headers=bearer)
    assert ask("what came in parts", "GET", begun["access_url"], headers={"authorization": ""}).content == b"one;two"
    ask("a file that is not there", "GET", "/cdn/files/nothing", headers={"authorization": ""})
    ask("a token without a key", "POST", "/rest/storage/auth/token", json={}, headers={"authorization": ""})


ABOUT: list[Callable[[Asking], None]] = [direct, queued, waiting, failing, unknown, stored]

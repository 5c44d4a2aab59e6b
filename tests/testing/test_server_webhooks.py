"""The fake's server posts webhook calls when requests end, signed so that verifiers take them."""

from __future__ import annotations

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpx
import pytest
from fal_server.waiting import PATIENCE, until
from fal_typed.webhooks import WebhookVerifier

from .two_servers import DONE, FAILING, INPUT, fakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_typed.webhooks import WebhookEvent


class Receiver:
    """An application that takes webhook calls.

    Attributes:
        url: Where.
        calls: The headers and the bodies that came.
    """

    def __init__(self) -> None:
        self.calls: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                calls.put((dict(self.headers.items()), body))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?token=1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def url() -> Iterator[str]:
    with fakes() as running:
        yield running


def submitted(url: str, endpoint: str, hook: str) -> str:
    answer = httpx.post(f"{url}/queue/{endpoint}", params={"fal_webhook": hook}, json=INPUT)
    request_id: str = answer.json()["request_id"]
    return request_id


def verified(url: str, receiver: Receiver) -> WebhookEvent:
    headers, body = receiver.calls.get(timeout=PATIENCE)
    verifier = WebhookVerifier(f"{url}/rest/.well-known/jwks.json", user_ids=["fake-user"])
    return verifier.verify(headers, body)


def test_a_call_that_is_done_is_posted(url: str, receiver: Receiver) -> None:
    request_id = submitted(url, DONE, receiver.url)
    event = verified(url, receiver)
    assert (event.request_id, event.status) == (request_id, "OK")
    assert event.payload == httpx.get(f"{url}/queue/fal-ai/flux-1/requests/{request_id}").json()


def test_a_call_that_failed_is_posted(url: str, receiver: Receiver) -> None:
    request_id = submitted(url, FAILING, receiver.url)
    event = verified(url, receiver)
    assert (event.request_id, event.status, event.error) == (request_id, "ERROR", "too bad")


def test_where_none_is_wanted_none_is_posted(url: str, receiver: Receiver) -> None:
    httpx.post(f"{url}/queue/{DONE}", json=INPUT)
    httpx.post(f"{url}/run/{DONE}", params={"fal_webhook": receiver.url}, json=INPUT)
    request_id = submitted(url, DONE, receiver.url)
    assert json.loads(receiver.calls.get(timeout=PATIENCE)[1])["request_id"] == request_id
    assert receiver.calls.empty()


@pytest.mark.parametrize("hook", ["http://127.0.0.1:9/hook", "https://elsewhere.example/hook", "nonsense"])
def test_one_that_cannot_be_posted_is_told_and_forgotten(
    url: str, receiver: Receiver, hook: str, capfd: pytest.CaptureFixture[str]
) -> None:
    lost = submitted(url, DONE, hook)
    said: list[str] = []
    until(lambda: said.append(capfd.readouterr().err) or lost in "".join(said), "nothing is said of it")
    assert hook in "".join(said)
    request_id = submitted(url, DONE, receiver.url)
    assert verified(url, receiver).request_id == request_id

"""fal as a function: what any client may ask it, also one that is none of ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from fal_typed._runtime.http.hosts import Hosts
from fal_typed._runtime.testing.clock import FakeClock
from fal_typed._runtime.testing.messages import Answer, Request
from fal_typed._runtime.testing.scripting.usual import Usual
from fal_typed._runtime.testing.service import invalid
from fal_typed._runtime.testing.service.catalog import Catalog
from fal_typed._runtime.testing.service.places import place_of
from fal_typed._runtime.testing.service.service import Service
from fal_typed.testing import FakeFal

from .faked import IDS, SCHNELL, input_for, schemas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fal_typed._runtime.testing.scripting.script import Call, Fault, Play

RUN, QUEUE, REST, CDN = "https://fal.run", "https://queue.fal.run", "https://rest.fal.ai", "https://v3.fal.media"
PANDA = {"prompt": "a panda"}
FORMATS = "'jpeg' or 'png'"


class Asking:
    """A client that sends what it is told to."""

    def __init__(self) -> None:
        self.fake = FakeFal()

    def __call__(self, method: str, url: str, body: Any = b"", **headers: str) -> Answer:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        answer = self.fake.answer(Request(method, url, named, content))
        assert answer is not None
        return answer


@pytest.fixture
def ask() -> Asking:
    return Asking()


def said(answer: Answer) -> Any:
    return json.loads(answer.body)


def events(answer: Answer, ask: Asking) -> list[Any]:
    """Those of a stream, read as time goes on."""
    found: list[Any] = []
    assert answer.events is not None
    for piece in answer.events:
        if isinstance(piece, bytes):
            found += [json.loads(piece.removeprefix(b"data: "))] if piece.startswith(b"data") else []
        else:
            ask.fake.clock.pause(piece)
    return found


def test_a_request_from_its_submission_to_its_result(ask: Asking) -> None:
    ask.fake.flux_1.schnell.takes(10, logs=["one", "two"], queue=[1, 0])
    queued = said(ask("POST", f"{QUEUE}/{SCHNELL}", PANDA))
    assert (queued["status"], queued["queue_position"]) == ("IN_QUEUE", 1)
    base = f"{QUEUE}/fal-ai/flux-1/requests/{queued['request_id']}"
    urls = [queued[f"{name}_url"] for name in ("response", "status", "cancel")]
    assert urls == [base, f"{base}/status", f"{base}/cancel"]
    seen: list[Any] = []
    for _ in range(6):
        answer = ask("GET", f"{base}/status?logs=1")
        state = said(answer)
        assert answer.status == (200 if state["status"] == "COMPLETED" else 202)
        logs: list[Any] = state.get("logs") or []
        lines = [line["message"] for line in logs]
        seen.append((state["status"], state.get("queue_position"), lines))
        assert (ask("GET", base).status == 200) == (state["status"] == "COMPLETED")
        ask.fake.clock.pause(2)
    assert seen == [
        ("IN_QUEUE", 1, []),
        ("IN_QUEUE", 1, []),
        ("IN_QUEUE", 0, []),
        ("IN_PROGRESS", None, []),
        ("IN_PROGRESS", None, ["one"]),
        ("COMPLETED", None, ["one", "two"]),
    ]
    assert said(ask("GET", f"{base}/status"))["logs"] is None
    result = ask("GET", f"{base}/response")
    assert result.headers["x-fal-request-id"] == queued["request_id"]
    assert said(result) == said(ask("POST", f"{RUN}/{SCHNELL}", PANDA))
    # By the whole id as well, and by nobody else's.
    assert ask("GET", f"{QUEUE}/{SCHNELL}/requests/{queued['request_id']}").status == 200
    unknown = ask("GET", f"{QUEUE}/fal-ai/flux-2/requests/{queued['request_id']}/status")
    assert (unknown.status, said(unknown)) == (404, {"status": "NOT_FOUND"})


def test_the_states_as_events(ask: Asking) -> None:
    """New logs alone are in each, and what lasts is told that it lives."""
    ask.fake.flux_1.schnell.takes(100, logs=["one", "two"], queue=[1, 0])
    status_url = said(ask("POST", f"{QUEUE}/{SCHNELL}", PANDA))["status_url"]
    told = events(ask("GET", f"{status_url}/stream?logs=1"), ask)
    assert [one["status"] for one in told] == ["IN_QUEUE"] * 2 + ["IN_PROGRESS"] * 3 + ["COMPLETED"]
    logs: list[list[Any]] = [one.get("logs") or [] for one in told]
    assert [line["message"] for lines in logs for line in lines] == ["one", "two"]
    pieces = ask("GET", f"{said(ask('POST', f'{QUEUE}/{SCHNELL}', PANDA))['status_url']}/stream").events
    assert pieces is not None
    assert b": ping\n\n" in [*(piece if isinstance(piece, bytes) else ask.fake.clock.pause(piece) for piece in pieces)]


def test_cancelling(ask: Asking) -> None:
    ask.fake.flux_1.schnell.takes(10)
    queued = said(ask("POST", f"{QUEUE}/{SCHNELL}", PANDA))
    assert ask("GET", queued["cancel_url"]).status == 405
    answer = ask("PUT", queued["cancel_url"])
    assert (answer.status, said(answer)) == (202, {"status": "CANCELLATION_REQUESTED"})
    assert said(ask("GET", queued["status_url"]))["error_type"] == "client_cancelled"
    assert ask("GET", queued["response_url"]).status == 499
    again = ask("PUT", queued["cancel_url"])
    assert (again.status, said(again)) == (400, {"status": "ALREADY_COMPLETED"})


def test_limits_of_the_queue(ask: Asking) -> None:
    ask.fake.flux_1.schnell.takes(100, queue=[5, 2])
    assert ask("POST", f"{QUEUE}/{SCHNELL}?fal_max_queue_length=3", PANDA).status == 429
    queued = said(ask("POST", f"{QUEUE}/{SCHNELL}?fal_max_queue_length=5", PANDA, x_fal_request_timeout="20"))
    ask.fake.clock.pause(20)
    result = ask("GET", queued["response_url"])
    assert (result.status, result.headers["x-fal-request-timeout-type"]) == (504, "user")


def test_what_is_said_of_an_endpoint_that_nobody_knows(ask: Asking) -> None:
    for host in (RUN, QUEUE):
        answer = ask("POST", f"{host}/fal-ai/flux-1/schnel", PANDA)
        assert answer.status == 404
        assert "did you mean 'fal-ai/flux-1/schnell'?" in said(answer)["detail"]
        assert "fake.endpoint('fal-ai/flux-1/schnel').returns(...)" in said(answer)["detail"]
    ask.fake.endpoint("me/app").returns({"ok": 1})
    assert said(ask("POST", f"{RUN}/me/app", {})) == {"ok": 1}
    assert events(ask("POST", f"{RUN}/me/app/stream", {}), ask) == [{"ok": 1}]


# --- inputs ----------------------------------------------------------------------------------------------------------


INVALID: list[Any] = [
    ({}, (["prompt"], "missing", {})),
    ({"prompt": 5}, (["prompt"], "string_type", {})),
    ({"prompt": "x", "num_images": 9}, (["num_images"], "less_than_equal", {"le": 4})),
    ({"prompt": "x", "num_images": 0}, (["num_images"], "greater_than_equal", {"ge": 1})),
    ({"prompt": "x", "num_images": 1.5}, (["num_images"], "int_type", {})),
    ({"prompt": "x", "sync_mode": "maybe"}, (["sync_mode"], "bool_type", {})),
    (
        {"prompt": "x", "output_format": "gif"},
        (["output_format"], "literal_error", {"expected": FORMATS}),
    ),
    ({"prompt": "x", "image_size": {"width": -1}}, (["image_size", "width"], "greater_than", {"gt": 0})),
]


@pytest.mark.parametrize(("given", "entry"), INVALID)
def test_an_input_that_is_not_valid(ask: Asking, given: Any, entry: tuple[list[str], str, dict[str, Any]]) -> None:
    place, kind, limits = entry
    for host in (RUN, QUEUE):
        answer = ask("POST", f"{host}/{SCHNELL}", given)
        assert answer.status == 422
        (found,) = said(answer)["detail"]
        assert (found["loc"], found["type"], found.get("ctx", {})) == (["body", *place], kind, limits)
        assert found["msg"]
    assert len(ask.fake.calls) == 0


def test_an_input_that_is_no_json(ask: Asking) -> None:
    answer = ask("POST", f"{RUN}/{SCHNELL}", b"{")
    assert (answer.status, said(answer)["detail"][0]["type"]) == (422, "json_invalid")


@pytest.mark.parametrize("endpoint_id", IDS)
def test_valid_inputs_are_taken(endpoint_id: str) -> None:
    """And of those that somebody spoilt, those are refused that a validator of JSON Schema refuses."""
    schema: dict[str, Any] = dict(schemas(endpoint_id).input)
    given = input_for(endpoint_id)
    judge: Any = jsonschema.Draft202012Validator(schema)
    assert invalid.details(schema, given) == []
    fields: Mapping[str, Any] = schema["properties"]
    for name in fields:
        for value in (None, [], {}, -1e12, "\x00", ["x"] * 1000, {"a": 1}):
            spoilt = {**given, name: value}
            assert bool(invalid.details(schema, spoilt)) == (not judge.is_valid(spoilt)), (name, value)


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_file_is_uploaded_by_a_signed_url_whole_and_in_parts(ask: Asking) -> None:
    told = {"content_type": "text/plain", "file_name": "a b.txt"}
    place = said(ask("POST", f"{REST}/storage/upload/initiate?storage_type=fal-cdn-v3", told))
    assert ask("PUT", place["upload_url"], b"whole").status == 200
    assert ask("GET", place["file_url"]).body == b"whole"

    place = said(ask("POST", f"{REST}/storage/upload/initiate-multipart?storage_type=fal-cdn-v3", told))
    url, _, query = place["upload_url"].partition("?")
    parts = [said(ask("PUT", f"{url}/{number}?{query}", content)) for number, content in ((2, b"lo"), (1, b"hel"))]
    assert ask("POST", f"{url}/complete?{query}", {"parts": parts[:1]}).status == 400
    assert ask("POST", f"{url}/complete?{query}", {"parts": parts}).status == 200
    kept = ask("GET", place["file_url"])
    assert (kept.body, kept.headers["content-type"]) == (b"hello", "text/plain")
    assert [(one.name, one.content, one.parts) for one in ask.fake.uploads] == [
        ("a b.txt", b"whole", 0),
        ("a b.txt", b"hello", 2),
    ]


def test_a_file_is_uploaded_with_a_token_in_parts(ask: Asking) -> None:
    token = said(ask("POST", f"{REST}/storage/auth/token?storage_type=fal-cdn-v3", {}))
    assert (token["base_url"], token["token_type"]) == (CDN, "Bearer")
    lifecycle = '{"expiration_duration_seconds": 60}'
    headers = {"x_fal_file_name": "a.bin", "content_type": "image/x", "x_fal_object_lifecycle": lifecycle}
    begun = said(ask("POST", f"{CDN}/files/upload/multipart", **headers))
    url = f"{begun['access_url']}/multipart/{begun['uploadId']}"
    tags = [ask("PUT", f"{url}/{number}", content).headers["etag"] for number, content in ((1, b"a"), (2, b"b"))]
    parts = [{"partNumber": number, "etag": tag} for number, tag in enumerate(tags, 1)]
    assert ask("POST", f"{url}/complete", {"parts": parts}).status == 200
    (kept,) = ask.fake.uploads
    assert (kept.content, kept.lifecycle, kept.parts) == (b"ab", {"expiration_duration_seconds": 60}, 2)
    assert ask("GET", begun["access_url"]).body == b"ab"
    assert ask("PUT", f"{CDN}/files/uploading/77/a.bin/multipart/77/1", b"x").status == 404


def test_parts_of_a_file(ask: Asking) -> None:
    ask.fake.put_file("https://example.com/a.txt", b"0123456789")

    def part(text: str, method: str = "GET", **more: str) -> tuple[int, bytes, str | None]:
        answer = ask(method, "https://example.com/a.txt", range=text, **more)
        return answer.status, answer.body, answer.headers.get("content-range")

    assert part("bytes=2-4") == (206, b"234", "bytes 2-4/10")
    assert part("bytes=7-") == (206, b"789", "bytes 7-9/10")
    assert part("bytes=-2") == (206, b"89", "bytes 8-9/10")
    assert part("bytes=10-") == (416, b"", "bytes */10")
    assert part("lines=1-2") == (200, b"0123456789", None)
    assert part("bytes=2-4", if_range='"another"')[0] == 200
    head = ask("HEAD", "https://example.com/a.txt")
    assert (head.body, head.headers["content-length"], head.headers["content-type"]) == (b"", "10", "text/plain")
    assert part("bytes=2-4", if_range=head.headers["etag"])[0] == 206
    assert ask("DELETE", "https://example.com/a.txt").status == 405


def test_files_that_nobody_made(ask: Asking) -> None:
    """Of a name that says what they are they are made; of others there are none."""
    made = ask("GET", f"{CDN}/files/b/koala/panda.png")
    assert (made.status, made.headers["content-type"], made.body[:4]) == (200, "image/png", b"\x89PNG")
    assert ask("GET", f"{CDN}/files/b/koala/panda").status == 404
    assert ask("GET", "https://v3b.fal.media/files/panda.png").body != made.body


# --- where fal is ----------------------------------------------------------------------------------------------------


def test_whose_urls_are_fals() -> None:
    own = Hosts(run="http://localhost:1", queue="http://localhost:1/queue", rest="https://me.example/r")
    found = {
        "https://fal.run/a/b?x=1": ("run", "a/b"),
        "https://queue.falrun.com/a/b": ("queue", "a/b"),
        "https://v3b.fal.media/files/a%20b": ("cdn", "files/a b"),
        "http://LOCALHOST:1/a/b": ("run", "a/b"),
        "http://localhost:1/queue/a/b": ("queue", "a/b"),
        "http://localhost:1/queueing/a": ("run", "queueing/a"),
        "https://me.example/r/tokens/": ("rest", "tokens/"),
        "https://me.example/s": None,
        "https://fal.run.example.com/a": None,
        "http://fal.run/a": None,
        "https://notfal.media/a": None,
    }
    for url, expected in found.items():
        place = place_of(url, own)
        assert (place and (place.server, place.path)) == expected, url
    place = place_of("https://fal.run/a/b?x=1&x=2&y=", None)
    assert place is not None
    assert place.query == {"x": "2", "y": ""}


def test_through_a_proxy_it_is_what_the_proxy_would_ask(ask: Asking) -> None:
    proxied = ask("POST", "https://me.example/fal", PANDA, x_fal_target_url=f"{RUN}/{SCHNELL}")
    assert said(proxied) == said(ask("POST", f"{RUN}/{SCHNELL}", PANDA))


class Watched:
    """A book in which two faults look on, and let the answer pass."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.looked: list[str] = []

    def script(self, endpoint_id: str) -> None:
        """See script.Book."""

    def faults(self) -> Iterator[Fault]:
        def outer(_: Request, usual: Callable[[], Answer]) -> None:
            self.looked.append(f"outer {usual().status}")

        def inner(_: Request, usual: Callable[[], Answer]) -> None:
            self.looked += [f"inner {usual().status}", f"inner {usual().status}"]

        yield from (outer, inner)

    def note(self, call: Call) -> None:
        self.calls.append(call)

    def ended(self, call: Call, play: Play) -> None:
        """See script.Book."""


def test_the_service_is_asked_once_however_often_faults_look() -> None:
    """Those that come first are outermost."""
    book = Watched()
    service = Service(
        catalog=Catalog("fal_typed"), clock=FakeClock(), book=book, usual=Usual(lambda call: {"at": call.at})
    )
    answer = service.answer(Request("POST", f"{RUN}/{SCHNELL}", body=json.dumps(PANDA).encode()))
    assert said(answer) == {"at": 0}
    assert len(book.calls) == 1
    assert book.looked == ["inner 200", "inner 200", "outer 200"]


def test_things_that_are_not_there(ask: Asking) -> None:
    assert ask("GET", f"{REST}/storage/auth/token").status == 405
    assert ask("GET", f"{REST}/what").status == 404
    assert ask("GET", f"{QUEUE}/{SCHNELL}").status == 405
    assert said(ask("POST", f"{REST}/tokens/", {"allowed_apps": ["flux-1"]})).startswith("token-")
    assert json.loads(ask("GET", f"{REST}/.well-known/jwks.json").body)["keys"]

"""The page of the fake's server: what it shows, whatever that is, and that it does nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed._runtime.testing.messages import Answer, Request
from fal_typed._runtime.testing.scripting.script import Call, Failure, Play
from fal_typed._runtime.testing.server import page_parts
from fal_typed._runtime.testing.server.history import History
from fal_typed._runtime.testing.server.page import page_answer
from fal_typed._runtime.testing.server.places import Found, Places

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "http://127.0.0.1:8400"
VOID = {"meta", "link", "img", "br"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</pre></details></article><img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "ROWS STYLE SCRIPT",
    "&lt;b&gt; &amp; \x00 \x1b[2J \u202e ]]> --> {{ 7 * 7 }}",
    "\ud800 lone",
    "x" * 5_000_000,
]


class Clock:
    """One that a test sets."""

    time = 100.0

    def now(self) -> float:
        return self.time

    def pause(self, seconds: float) -> None:
        self.time += seconds


class Page(HTMLParser):
    """What a page has: tags with their attributes, and the text in each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for each in self._open[-1:]:
            self.texts.setdefault(each, []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def text(self, tag: str) -> str:
        return "".join(self.texts.get(tag, []))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(clock: Clock) -> History:
    return History(clock)


def shown(history: History, place: str = "/", **headers: str) -> Answer:
    answer = page_answer(place, headers, history)
    assert answer is not None
    return answer


def page(history: History) -> Page:
    return Page(shown(history).body.decode())


def listed(history: History) -> list[dict[str, Any]]:
    return json.loads(shown(history, "/_fake/requests.json").body)["requests"]


def called(history: History, play: Play | None, kind: Any = "submit", **input: Any) -> None:
    call = Call("fal-ai/flux/dev", input, f"req-{len(history.rows()) + 1}", kind, at=100.0)

    def answers() -> Answer:
        history.note(call)
        if play is not None:
            history.ended(call, play)
        return Answer(200)

    passing(history, "POST", f"/queue/{call.endpoint_id}", answers)


def test_it_is_small_and_whole(history: History) -> None:
    assert len(shown(history).body) < 12_000
    assert page(history).text("p").count("Nothing was asked yet.") == 1


def test_calls_are_shown_the_newest_first(history: History) -> None:
    called(history, Play({"images": []}), prompt="one")
    called(history, Play({"images": []}), "run", prompt="two")
    assert re.findall(r"one|two", page(history).text("summary")) == ["two", "one"]
    assert [row["verb"] for row in listed(history)] == ["run", "submit"]
    assert [row["input"] for row in listed(history)] == [{"prompt": "two"}, {"prompt": "one"}]
    assert "fal-ai/flux/dev" in page(history).text("h2")
    assert "req-1" in page(history).text("p")


def test_a_call_goes_through_its_states(history: History, clock: Clock) -> None:
    called(history, Play({"seed": 7}, seconds=10, queue=[1, 0]))
    states: list[str] = []
    for _ in range(4):
        states.append(listed(history)[0]["state"])
        assert ("seed" in page(history).text("pre")) is (states[-1] == "COMPLETED")
        clock.time += 4
    assert states == ["IN_QUEUE", "IN_QUEUE", "IN_PROGRESS", "COMPLETED"]


@pytest.mark.parametrize(
    ("play", "state"), [(None, "IN_PROGRESS"), (Play({}, seconds=1), "IN_PROGRESS"), (Play({}), "COMPLETED")]
)
def test_states_without_a_queue(history: History, play: Play | None, state: str) -> None:
    called(history, play)
    assert listed(history)[0]["state"] == state


def test_a_stream_has_its_events_and_other_calls_their_output(history: History) -> None:
    for kind in ("run", "submit", "stream"):
        called(history, Play({"seed": 2}, events=[{"seed": 1}, {"seed": 2}]), kind)
    assert [row["output"] for row in listed(history)] == [[{"seed": 1}, {"seed": 2}], {"seed": 2}, {"seed": 2}]


def test_failures_say_how(history: History) -> None:
    called(history, Play(error=Failure(422, {"detail": [{"msg": "too <b>bad"}]})))
    assert listed(history)[0]["state"] == "FAILED"
    assert "422" in page(history).text("pre")
    assert "too <b>bad" in page(history).text("pre")


def test_pictures_are_shown_and_other_files_linked(history: History) -> None:
    files = {"image": "a/1.png", "video": "2.mp4", "audio": "3.wav", "mesh": "4.glb", "noise": "5"}
    output = {name: {"url": f"{BASE}/cdn/files/{path}"} for name, path in files.items()}
    called(history, Play({**output, "theirs": {"url": "https://elsewhere.example/6.png"}}))
    there = page(history)
    assert [each["src"] for each in there.all("img")] == ["/cdn/files/a/1.png"]
    assert [each["src"] for each in there.all("video") + there.all("audio")] == ["/cdn/files/2.mp4", "/cdn/files/3.wav"]
    links = {each["href"] for each in there.all("a")}
    assert {"/cdn/files/4.glb", "/cdn/files/5"} <= links
    assert all(link is not None and link.startswith("/") for link in links)  # so no other host's


def test_no_more_is_shown_than_a_page_can_bear(history: History) -> None:
    called(history, Play({"images": [f"{BASE}/cdn/files/{n}.png" for n in range(500)]}))
    for _ in range(600):
        called(history, Play({}))
    assert len(page(history).all("article")) == 100
    assert len(listed(history)) == 500
    assert listed(history)[0]["number"] == 601


# Texts of others


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20].encode("ascii", "replace").decode())
def test_whatever_is_said_is_text(history: History, text: str) -> None:
    usual = History(Clock())
    for each, said in ((usual, "usual"), (history, text)):
        called(each, Play({"images": [{"url": f"{BASE}/cdn/files/{said[:99]}.png"}], said[:99]: said}), prompt=said)
        each.note(Call(said[:99], {said[:99]: [said, {said[:99]: None}]}, said[:99], "run"))
        refused(each, f"/run/{said[:99]}", 422, said.encode("utf-8", "replace"))
    names = [[(tag, [*attributes]) for tag, attributes in page(each).tags] for each in (usual, history)]
    assert names[0] == names[1]  # not a tag, and not an attribute, more
    assert len(shown(history).body) < 60_000
    json.loads(shown(history, "/_fake/requests.json").body)


@pytest.mark.parametrize("input", [None, "text", 7, [1, [2]], {"a": {"b": "c"}}, {"a": ["x" * 1999] * 1000}])
def test_inputs_of_any_kind(history: History, input: Any) -> None:
    history.note(Call("fal-ai/x", input, "1", "run"))
    assert page(history).all("article")
    assert len(shown(history).body) < 60_000


def test_an_input_as_deep_as_can_be(history: History) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    history.note(Call("fal-ai/x", deep, "1", "run"))
    assert "too deep to show" in page(history).text("summary")


def test_the_page_may_do_what_it_does_and_nothing_else(history: History) -> None:
    called(history, Play({}), prompt="a")
    answer = shown(history)
    policy = dict(part.split(None, 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    for name, text in (("script", page_parts.SCRIPT), ("style", page_parts.STYLE)):
        assert page(history).texts[name] == [text]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[f"{name}-src"] == f"'sha256-{digest}'"
    assert not [at for _, attributes in page(history).tags for at in attributes if at.startswith("on") or at == "style"]
    assert "http:" not in page_parts.STYLE + page_parts.SCRIPT
    assert "https:" not in page_parts.STYLE + page_parts.SCRIPT
    assert "prefers-color-scheme: dark" in page_parts.STYLE


# Live


def test_what_did_not_change_is_not_sent_again(history: History) -> None:
    called(history, Play({}), prompt="a")
    for place in ("/", "/_fake/requests.json"):
        etag = shown(history, place).headers["etag"]
        assert shown(history, place, **{"if-none-match": etag}).status == 304
    called(history, Play({}), prompt="b")
    assert shown(history, "/", **{"if-none-match": etag}).status == 200


@pytest.mark.parametrize("place", ["/", "/_fake/requests.json"])
def test_it_is_not_shown_under_a_strangers_name(history: History, place: str) -> None:
    """A site's own name may be made to lead to this machine."""
    for host in ("127.0.0.1:8400", "localhost:8400", "queue.localhost", "[::1]:8400", "10.1.2.3", "fake:8400", ""):
        assert shown(history, place, host=host).status == 200, host
    for host in ("evil.example", "evil.example:8400", "127.0.0.1.evil.example"):
        assert shown(history, place, host=host).status == 421, host


def test_nothing_else_is_the_pages(history: History) -> None:
    assert page_answer("/run/a", {}, history) is None
    assert page_answer("/index.html", {}, history) is None


# What passes by


def passing(
    history: History, method: str, place: str, answers: Callable[[], Answer], sent: Any = None, **headers: str
) -> None:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    request = Request(method, BASE + place, named, json.dumps(sent).encode())
    history.watched(request, Found(request.url, Places(BASE), place), answers)


def passes(
    history: History, method: str, place: str, status: int = 200, said: Any = None, sent: Any = None, **headers: str
) -> None:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    passing(history, method, place, lambda: Answer(status, {}, body), sent, **headers)


def refused(history: History, place: str, status: int, said: bytes) -> None:
    passes(history, "POST", place, status, said, {"prompt": "a"})


def test_what_is_refused_is_shown_too(history: History) -> None:
    refused(history, "/queue/fal-ai/no/such?a=b", 404, b'{"detail": "Application \\"no\\" not found"}')
    (row,) = listed(history)
    assert (row["verb"], row["endpoint"], row["state"], row["input"]) == (
        "submit",
        "fal-ai/no/such",
        "FAILED",
        {"prompt": "a"},
    )
    assert "not found" in row["error"]


def test_a_long_name_of_what_there_is_not_is_cut(history: History) -> None:
    refused(history, "/run/" + "a" * 500, 404, b"{}")
    assert listed(history)[0]["endpoint"] == "a" * 200


def test_a_call_that_fails_is_shown_once(history: History) -> None:
    def answers() -> Answer:
        called(history, Play(error=Failure(500, {"detail": "no"})), "run")
        return Answer(500, {}, b'{"detail": "no"}')

    passing(history, "POST", "/run/fal-ai/flux/dev", answers)
    assert [row["verb"] for row in listed(history)] == ["run"]


def test_asking_for_the_state_is_no_row_and_a_cancel_is_a_state(history: History, clock: Clock) -> None:
    called(history, Play({}, seconds=60))
    about = "/queue/fal-ai/flux/requests/req-1"
    passes(history, "GET", f"{about}/status", 202, {"status": "IN_QUEUE"})
    passes(history, "GET", "/queue/fal-ai/flux/requests/unknown", 404, {"status": "NOT_FOUND"})
    passes(history, "PUT", "/queue/fal-ai/flux/requests/unknown/cancel", 404, {"status": "NOT_FOUND"})
    assert [row["state"] for row in listed(history)] == ["IN_PROGRESS"]
    passes(history, "PUT", f"{about}/cancel", 202, {"status": "CANCELLATION_REQUESTED"})
    clock.time += 99
    assert [row["state"] for row in listed(history)] == ["CANCELLED"]


def test_uploads_of_each_kind_are_shown_when_they_are_there(history: History) -> None:
    def upload_whole(name: str) -> None:
        passes(history, "POST", "/cdn/files/upload", 401, {"detail": "no"}, x_fal_file_name=name)
        passes(
            history, "POST", "/cdn/files/upload", 200, {"access_url": f"{BASE}/cdn/files/{name}"}, x_fal_file_name=name
        )

    def upload_in_parts(name: str) -> None:
        url = f"{BASE}/cdn/files/{name}"
        said = {"access_url": url, "uploadId": "u"}
        passes(history, "POST", "/cdn/files/upload/multipart", 200, said, x_fal_file_name=name)
        passes(history, "PUT", f"/cdn/files/{name}/multipart/u/1", 200, b"")
        passes(history, "POST", f"/cdn/files/{name}/multipart/u/complete", 200, {})

    def upload_in_two_steps(name: str) -> None:
        asked = {"file_name": name, "content_type": "image/png"}
        said = {"upload_url": f"{BASE}/cdn/put/{name}?signature=s", "file_url": f"{BASE}/cdn/files/{name}"}
        passes(history, "POST", "/rest/storage/upload/initiate?storage_type=x", 200, said, asked)
        passes(history, "PUT", f"/cdn/put/{name}?signature=s", 200, b"")

    ways: list[Callable[[str], None]] = [upload_whole, upload_in_parts, upload_in_two_steps]
    for number, way in enumerate(ways):
        way(f"{number}.png")
    passes(history, "POST", "/rest/storage/auth/token", 200, {"token": "t"})
    passes(history, "GET", "/cdn/files/0.png", 200, b"")
    assert [(row["verb"], row["endpoint"]) for row in listed(history)] == [("upload", f"{n}.png") for n in (2, 1, 0)]
    assert [each["src"] for each in page(history).all("img")] == [f"/cdn/files/{n}.png" for n in (2, 1, 0)]

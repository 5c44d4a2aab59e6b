"""What goes wrong on the way, for whichever request it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from runtime.testing.messages import Answer, NoAnswer, Request
from runtime.testing.scripting.mistakes import ScriptError
from runtime.testing.scripting.routes import route_of

from .scripted import SPEC, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

QUEUE, RUN = "https://queue.fal.run", "https://fal.run"
SUBMIT = Request("POST", f"{QUEUE}/me/app/paint?fal_webhook=x")
ABOUT = f"{QUEUE}/me/app/requests/req-1"
STATUS, RESULT = Request("GET", f"{ABOUT}/status?logs=1"), Request("GET", ABOUT)
DOWNLOAD = Request("GET", "https://v3.fal.media/files/a/cat.png")
UPLOAD = Request("POST", "https://rest.fal.ai/storage/upload/initiate?storage_type=gcs")
OK = Answer(200, {"content-type": "application/json"}, b'{"ok": true}')


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.paint.returns(seed=1)
    return made


def ask(scene: Scene, request: Request, usual: Callable[[], Answer] = lambda: OK) -> Answer:
    """As the service asks: the first fault that has an answer gives it."""
    for fault in scene.notebook.faults():
        answer = fault(request, usual)
        if answer is not None:
            return answer
    return usual()


def met(scene: Scene, request: Request, usual: Callable[[], Answer] = lambda: OK) -> int | str:
    try:
        return ask(scene, request, usual).status
    except NoAnswer as none:
        return none.kind


@pytest.mark.parametrize(
    ("method", "url", "where", "request_id"),
    [
        ("POST", f"{QUEUE}/fal-ai/flux-1/schnell", "submit", None),
        ("POST", f"{RUN}/fal-ai/flux-1/schnell/stream", "submit", None),
        ("GET", f"{ABOUT}/status", "status", "req-1"),
        ("GET", f"{ABOUT}/status/stream?logs=1", "status", "req-1"),
        ("GET", ABOUT, "result", "req-1"),
        ("GET", f"{ABOUT}/response", "result", "req-1"),
        ("PUT", f"{ABOUT}/cancel", "cancel", "req-1"),
        ("POST", "https://rest.fal.ai/storage/auth/token?storage_type=fal-cdn-v3", "upload", None),
        ("POST", "https://v3.fal.media/files/upload", "upload", None),
        ("PUT", "https://v3.fal.media/files/x/multipart/1/2", "upload", None),
        ("GET", "https://v3.fal.media/files/x.png", "download", None),
        ("GET", "https://rest.fal.ai/.well-known/jwks.json", None, None),
    ],
)
def test_what_a_request_is_about(method: str, url: str, where: str | None, request_id: str | None) -> None:
    route = route_of(Request(method, url))
    assert (route.where, route.request_id) == (where, request_id)


@pytest.mark.parametrize(
    ("name", "more", "request_", "seen"),
    [
        ("connection_refused", {}, SUBMIT, ["refused", 200]),
        ("connection_refused", {"times": 2, "at": "status"}, STATUS, ["refused", "refused", 200]),
        ("lost_before_submit", {}, SUBMIT, ["lost", 200]),
        ("lost_after_submit", {}, SUBMIT, ["lost", 200]),
        ("rate_limited", {"times": 2}, SUBMIT, [429, 429, 200]),
        ("unavailable", {}, SUBMIT, [503, 200]),
        ("bad_gateway", {}, SUBMIT, [502, 200]),
        ("gateway_timeout", {}, SUBMIT, [504, 200]),
        ("internal_error", {"at": "status"}, STATUS, [500, 200]),
        ("result_expired", {}, RESULT, [404, 404]),
        ("expired_file", {}, DOWNLOAD, [404, 404]),
        ("upload_fails", {}, UPLOAD, [500, 200]),
    ],
)
def test_a_fault_happens_so_many_times(scene: Scene, name: str, more: Any, request_: Request, seen: list[Any]) -> None:
    getattr(scene.notebook.faults_of_all, name)(**more)
    assert [met(scene, request_) for _ in seen] == seen
    others = [one for one in (SUBMIT, STATUS, RESULT, DOWNLOAD, UPLOAD) if one is not request_]
    assert [met(scene, other) for other in others] == [200] * 4


def test_faults_happen_in_the_order_in_which_they_were_planned(scene: Scene) -> None:
    faults = scene.notebook.faults_of_all
    faults.rate_limited(2, retry_after=5)
    faults.connection_refused()
    assert ask(scene, SUBMIT).headers["retry-after"] == "5"
    assert [met(scene, SUBMIT) for _ in range(3)] == [429, "refused", 200]
    faults.rate_limited(9)
    faults.clear()
    assert met(scene, SUBMIT) == 200


@pytest.mark.parametrize(
    ("name", "more", "has_it"),
    [
        ("lost_before_submit", {}, False),
        ("lost_after_submit", {}, True),
        ("gateway_timeout", {}, False),
        ("gateway_timeout", {"accepted": True}, True),
        ("bad_gateway", {"accepted": True}, True),
        ("rate_limited", {}, False),
        ("connection_refused", {}, False),
    ],
)
def test_whether_fal_has_the_request(scene: Scene, name: str, more: Any, has_it: bool) -> None:
    getattr(scene.notebook.faults_of_all, name)(**more)
    arrived: list[int] = []

    def usual() -> Answer:
        arrived.append(1)
        return OK

    met(scene, SUBMIT, usual)
    assert bool(arrived) == has_it


def test_an_outage_lasts_on_the_clock(scene: Scene) -> None:
    scene.notebook.faults_of_all.outage(30)
    assert met(scene, SUBMIT) == met(scene, STATUS) == "refused"
    scene.clock.pause(29)
    assert met(scene, STATUS) == "refused"
    scene.clock.pause(2)
    assert met(scene, STATUS) == 200


def test_an_outage_may_begin_when_a_request_was_accepted(scene: Scene) -> None:
    scene.notebook.faults_of_all.outage(30, begins="accepted")
    assert met(scene, STATUS) == 200
    assert met(scene, SUBMIT, lambda: Answer(429)) == 429
    assert met(scene, SUBMIT) == 200
    assert met(scene, STATUS) == met(scene, SUBMIT) == "refused"
    scene.clock.pause(31)
    assert met(scene, STATUS) == met(scene, SUBMIT) == 200


def test_a_slow_answer(scene: Scene) -> None:
    scene.notebook.faults_of_all.slow_answer(20, at="result")
    assert [ask(scene, RESULT).seconds for _ in range(2)] == [20, 0]


def test_a_page_instead_of_json(scene: Scene) -> None:
    scene.notebook.faults_of_all.not_json()
    answer = ask(scene, RESULT)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html")


def pieces_of(answer: Answer) -> list[Any]:
    seen: list[Any] = []
    try:
        seen += [seen.append(piece) for piece in answer.events or ()]  # type: ignore[func-returns-value]
    except NoAnswer as none:
        seen.append(none.kind)
    return seen


def test_a_download_breaks_off(scene: Scene) -> None:
    scene.notebook.faults_of_all.cut_download()
    assert pieces_of(ask(scene, DOWNLOAD, lambda: Answer(200, {}, b"0123456789"))) == [b"01234", "lost"]
    assert ask(scene, DOWNLOAD).body == OK.body


def test_a_stream_breaks_off(scene: Scene) -> None:
    scene.notebook.faults_of_all.cut_stream(after=2)
    events: Any = iter([b"a", 1.0, b"b", b"c"])
    assert pieces_of(ask(scene, SUBMIT, lambda: Answer(200, {}, events=events))) == [b"a", 1.0, b"b", "lost"]


def test_the_faults_of_an_endpoint_are_for_its_requests(scene: Scene) -> None:
    scene.call(prompt="")  # req-1
    scene.paint.faults.rate_limited()
    scene.paint.faults.internal_error(at="status")
    scene.paint.faults.expired_file()
    assert met(scene, Request("POST", f"{QUEUE}/me/app/other")) == 200
    assert met(scene, Request("GET", f"{QUEUE}/me/app/requests/req-2/status")) == 200
    assert met(scene, DOWNLOAD) == 200
    assert met(scene, SUBMIT) == 429
    assert met(scene, STATUS) == 500
    assert met(scene, Request("GET", "https://v3.fal.media/usual.png")) == 404
    with pytest.raises(ScriptError, match="the faults of the fake itself"):
        scene.paint.faults.upload_fails()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("rate_limited", {"at": "nowhere"}),
        ("rate_limited", {"times": -1}),
        ("outage", {"seconds": -1}),
        ("outage", {"seconds": 1, "begins": "later"}),
    ],
)
def test_faults_that_cannot_be_are_refused(scene: Scene, name: str, more: Any) -> None:
    with pytest.raises(ValueError, match="must be"):
        getattr(scene.notebook.faults_of_all, name)(**more)


def test_a_refused_call_is_answered_in_place_of_its_submission(scene: Scene) -> None:
    from runtime.errors import APIConnectionError, AuthenticationError

    scene.paint.fails(AuthenticationError).then.fails(APIConnectionError).then.returns(seed=1)

    def usual() -> Answer:
        scene.call(prompt="")
        return OK

    assert [met(scene, SUBMIT, usual) for _ in range(3)] == [401, "lost", 200]
    assert [call.outcome for call in scene.paint.calls] == ["refused", "lost", "succeeded"]
    assert SPEC.id == scene.paint.calls[0].endpoint_id

"""fal's own JavaScript client, `@fal-ai/client` of npm on Node, through our proxy and without a key in its process.

The calls are in `calls.mjs`; here is what each must give, and what fal must see of it, whichever way the proxy is
mounted (`shells.py`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from .allowed import KEY
from .play import INVALID, OUTPUT, play
from .shells import SHELLS

if TYPE_CHECKING:
    from .play import Played

RUN, QUEUE = "/run/fal-ai/js", "/queue/fal-ai/js"
FILES = "https://v3.fal.media/files"


def places(played: Played, call: str) -> list[str]:
    """What fal saw of a call: methods and paths."""
    return [f"{each.method} {each.path}" for each in played.seen[call]]


def steps(played: Played, call: str) -> list[str]:
    """The same of a queued request, below its own URL."""
    return [place.partition("/requests/")[2].partition("/")[2] or place.split()[0] for place in places(played, call)]


# --- what users do ---------------------------------------------------------------------------------------------------


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("call", "method"), [("run", "POST"), ("get", "GET")])
def test_run(played: Played, call: str, method: str) -> None:
    assert played.results[call] == {"data": OUTPUT, "requestId": "run-1"}
    assert places(played, call) == [f"{method} {RUN}/{call}"]


def test_inputs_come_as_they_are(played: Played) -> None:
    assert played.seen["run"][0].json == {"prompt": "Grüße, 猫 🐈"}
    assert played.seen["get"][0].query == {"prompt": "a cat & a dög"}
    assert not played.seen["get"][0].body


POLLED = ["POST", "status", "status", "status", "GET"]


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("subscribe_polling", POLLED),
        ("subscribe_streaming", ["POST", "status/stream", "GET"]),
        ("subscribe_workflow", POLLED),
    ],
)
def test_subscribe(played: Played, call: str, asked: list[str]) -> None:
    result = played.results[call]
    assert result["data"] == OUTPUT
    assert result["states"] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    assert result["logs"] == ["one", "two"]
    assert result["requestId"].startswith("req-")
    assert steps(played, call) == asked


def test_a_subscription_that_gives_up_cancels(played: Played) -> None:
    assert played.results["subscribe_gives_up"]["message"].startswith("Client timed out")
    assert played.results["subscribe_gives_up"]["cancelled"]


def test_submit(played: Played) -> None:
    assert played.results["submit"]["status"] == "IN_QUEUE"
    (seen,) = played.seen["submit"]
    assert seen.json == {"prompt": "submitted"}
    assert seen.headers["x-fal-queue-priority"] == "low"
    assert seen.headers["x-fal-runner-hint"] == "warm"
    assert seen.headers["x-fal-request-timeout"] == "30"
    assert seen.headers["x-fal-store-io"] == "0"


def test_submit_with_a_webhook(played: Played) -> None:
    assert played.results["submit_with_webhook"]["status"] == "IN_QUEUE"
    assert [each.query for each in played.seen["submit_with_webhook"]] == [
        {"fal_webhook": "https://app.example/hooks/1?x=1&y=2"}
    ]


def test_status(played: Played) -> None:
    assert played.results["status"]["status"] == "IN_QUEUE"
    assert steps(played, "status") == ["POST", "status"]
    assert played.seen["status"][1].query == {"logs": "1"}


def test_a_stream_of_states(played: Played) -> None:
    result = played.results["status_stream"]
    assert [event["status"] for event in result["events"]] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    assert steps(played, "status_stream") == ["POST", "status/stream"]


def test_result(played: Played) -> None:
    assert played.results["result"]["data"] == OUTPUT
    assert steps(played, "result") == ["POST", "GET"]


def test_cancel(played: Played) -> None:
    assert played.results["cancel"]["requestId"].startswith("req-")
    assert steps(played, "cancel") == ["POST", "cancel"]
    assert played.seen["cancel"][1].method == "PUT"


# --- files -----------------------------------------------------------------------------------------------------------


def test_upload(played: Played) -> None:
    assert played.results["upload"] == f"{FILES}/hello.txt"
    assert played.fal.storage.files["hello.txt"] == b"hello"
    assert [asked for _, asked in played.asked["upload"]] == [{"content_type": "text/plain", "file_name": "hello.txt"}]


def test_upload_for_a_time(played: Played) -> None:
    assert played.results["upload_for_an_hour"] == f"{FILES}/brief.txt"
    ((headers, _),) = played.asked["upload_for_an_hour"]
    assert headers["x-fal-object-lifecycle"] == '{"expiration_duration_seconds":3600}'


def test_upload_in_parts(played: Played) -> None:
    assert played.results["upload_in_parts"] == f"{FILES}/long.bin"
    assert played.fal.storage.files["long.bin"] == b"".join(b"part %d;" % number for number in range(1, 11))
    assert len(played.asked["upload_in_parts"]) == 1
    assert len(played.put["upload_in_parts"]) == 11  # and what says that it is complete


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_upload_of_a_large_file(shell: str) -> None:
    played = play(SHELLS[shell], "upload_95_megabytes")
    result, content = played.results["upload_95_megabytes"], played.fal.storage.files["large.bin"]
    assert result == {"place": f"{FILES}/large.bin", "sha256": hashlib.sha256(content).hexdigest()}
    assert len(content) == 95_000_001


def test_files_within_an_input_are_uploaded(played: Played) -> None:
    assert played.results["upload_within"]["data"] == OUTPUT
    first, second = (asked["file_name"] for _, asked in played.asked["upload_within"])
    files = played.fal.storage.files
    assert {first, second} >= {"one.png"}
    named = next(name for name in (first, second) if name != "one.png")  # by the client, which names it by the time
    assert (files["one.png"], files[named]) == (b"one", b"two")
    (seen,) = played.seen["upload_within"]
    assert seen.json == {
        "prompt": "a cat",
        "image_url": f"{FILES}/one.png",
        "layers": [{"mask": f"{FILES}/{named}"}, "https://app.example/three.png"],
    }


# --- streams, and who leaves -----------------------------------------------------------------------------------------


def test_events_come_one_by_one(played: Played) -> None:
    result = played.results["stream"]
    assert result["events"] == [{"step": 1}, {"step": 2}, {"step": 3}]
    assert (result["last"], result["requestId"]) == ({"step": 3}, "stream-1")
    assert result["steps"][0] <= 1, "the first came with the second"
    assert result["steps"][1] <= 3, "the second came with the third"
    assert places(played, "stream") == [f"POST {RUN}/events/stream"]
    assert played.seen["stream"][0].headers["accept"] == "text/event-stream"


@pytest.mark.parametrize("call", ["stream_aborted", "stream_aborted_by_signal"])
def test_who_leaves_a_stream_ends_it(played: Played, call: str) -> None:
    assert played.results[call] == {"last": {"step": 1}, "left": True}


def test_who_leaves_a_run_ends_it(played: Played) -> None:
    result = played.results["run_aborted"]
    assert (result["error"], result["left"]) == ("AbortError", played.sees_leaving)


def test_who_leaves_leaves_no_traceback(played: Played) -> None:
    assert played.logged == []


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["invalid_input", "invalid_result"])
def test_what_fal_finds_invalid(played: Played, call: str) -> None:
    result = played.results[call]
    assert (result["error"], result["status"], result["requestId"]) == ("ValidationError", 422, "run-2")
    assert result["fieldErrors"] == result["body"]["detail"] == INVALID


def test_what_fal_refuses(played: Played) -> None:
    result = played.results["fals_refusal"]
    assert (result["error"], result["status"], result["body"]) == ("ApiError", 403, {"detail": "User is locked"})


def test_a_page_of_fal(played: Played) -> None:
    result = played.results["fals_page"]
    assert (result["error"], result["status"]) == ("ApiError", 500)
    assert "body" not in result


def test_what_fal_was_too_busy_for_is_sent_again(played: Played) -> None:
    assert played.results["overloaded"]["data"] == OUTPUT
    assert [each.json for each in played.seen["overloaded"]] == [{"prompt": "twice"}] * 2


REFUSED = {
    400: ["another_endpoint", "another_status", "another_host", "another_webhook", "a_token"],
    401: ["stranger_runs", "stranger_subscribes", "stranger_streams", "stranger_uploads", "stranger_cancels"],
    413: ["too_large"],
}
WORDS = {400: "Invalid request", 401: "Unauthorized", 413: "Request too large"}
OWN_WORDS = {"another_webhook": "This fal_webhook is not allowed"}


@pytest.mark.parametrize(("status", "call"), [(status, call) for status, calls in REFUSED.items() for call in calls])
def test_what_the_proxy_refuses(played: Played, status: int, call: str) -> None:
    result = played.results[call]
    words = OWN_WORDS.get(call, WORDS[status])
    assert (result["error"], result["status"], result["body"]) == ("ApiError", status, {"detail": words})
    assert (played.seen[call], played.asked[call], played.put[call]) == ([], [], [])


# --- the key ---------------------------------------------------------------------------------------------------------


def test_the_key_is_added_on_the_way(played: Played) -> None:
    assert played.results["environment"] == []
    with_key = [*played.fal.server.seen, *(headers for headers, _ in played.fal.storage.asked)]
    assert {headers_of(each)["authorization"] for each in with_key} == {f"Key {KEY}"}
    assert not [each for each in with_key if headers_of(each).keys() & {"cookie", "x-fal-target-url"}]
    assert {headers_of(each)["user-agent"].partition("/")[0] for each in with_key} == {"@fal-ai"}


def test_the_key_is_not_where_files_are_kept(played: Played) -> None:
    assert len(played.fal.storage.put_headers) > 14
    assert not [
        headers for headers in played.fal.storage.put_headers if "authorization" in headers or KEY in str(headers)
    ]


def headers_of(one: Any) -> dict[str, str]:
    headers: dict[str, str] = getattr(one, "headers", one)
    return headers

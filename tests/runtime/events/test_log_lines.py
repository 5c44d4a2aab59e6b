"""What the log says of calls, and what it never says."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import faults
from runtime import errors
from runtime_twin import KEY, OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer

STATES = ("Queued", "InProgress", "Completed")
SECRETS = ("very-secret", "key-id", "private-prompt", "hook-token", "signature", "signed-place", "x-mine", "extra-one")


def lines(caplog: pytest.LogCaptureFixture, level: int = logging.DEBUG) -> list[str]:
    """What was logged, times left out."""
    found = [record.getMessage() for record in caplog.records if record.name == "runtime" and record.levelno >= level]
    return [re.sub(r"\d+ ms", "N ms", line) for line in found]


@pytest.fixture(autouse=True)
def _debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="runtime")


def private(fal: Any) -> Any:
    """An endpoint with secrets in all its options."""
    return fal.flux_1.schnell.with_options(
        webhook_url="https://hooks.example/call?token=hook-token",
        headers={"x-mine": "x-mine-secret"},
        extra_input={"extra": "extra-one"},
    )


@pytest.mark.usefixtures("fals_own")
def test_each_step_is_a_line_with_id_attempt_and_milliseconds(
    server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    server.plans[SCHNELL].first["submit"] = [faults.too_many()]
    server.plans[SCHNELL].first["status"] = [faults.model_error()]  # so that the states are asked for
    twin.do(lambda fal: private(fal).subscribe(prompt="private-prompt"))
    request_id = server.requests("GET")[0].path.partition("/requests/")[2].partition("/")[0]
    queue = f"{server.queue_url}/{SCHNELL}"
    base = f"{server.queue_url}/fal-ai/flux-1/requests/{request_id}"
    told = [line for line in lines(caplog) if " -> " in line]
    assert told[:2] == [
        f"{SCHNELL}: submit, attempt 1: POST {queue} -> 429 in N ms",
        f"{SCHNELL}: submit (request id {request_id}), attempt 2: POST {queue} -> 200 in N ms",
    ]
    assert f"{SCHNELL}: status (request id {request_id}), attempt 2: GET {base}/status -> 202 in N ms" in told
    assert told[-1] == f"{SCHNELL}: result (request id {request_id}), attempt 1: GET {base} -> 200 in N ms"
    assert lines(caplog)[-1] == f"{SCHNELL} (request id {request_id}): completed after N ms"
    states = [line.partition(": ")[2] for line in lines(caplog) if " after " in line]
    assert states == [*(f"state {one} after N ms" for one in STATES), "completed after N ms"]


def test_of_an_error_the_type_is_shown_alone(server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    detail = [{"loc": ["body", "prompt"], "msg": "private-prompt is bad", "type": "bad", "input": "private-prompt"}]
    server.plans[SCHNELL].always["run"] = faults.Reply(422, {"detail": detail})
    with pytest.raises(errors.ModelError, match="private-prompt"):
        twin.do(lambda fal: private(fal).run(prompt="private-prompt"))
    with pytest.raises(errors.InvalidInputError, match="private-prompt"):
        twin.do(lambda fal: private(fal).run(prompt="x", num_images="private-prompt"))
    assert lines(caplog)[1:] == [
        f"{SCHNELL}: failed with ModelError after N ms",
        f"{SCHNELL}: failed with InvalidInputError after N ms",
    ]


@pytest.mark.usefixtures("fals_own")
@pytest.mark.parametrize("verb", ["run", "subscribe", "submit"])
def test_no_secret_is_ever_logged(server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture, verb: str) -> None:
    server.plans[SCHNELL].first[verb] = [faults.too_many(), faults.DROPPED]

    def steps(fal: Any) -> Any:
        for _ in range(2):
            with suppress(errors.APIConnectionError):
                yield getattr(private(fal), verb)(prompt="private-prompt", image_url=b"private-prompt" * 99)

    twin.do(steps)
    assert len(lines(caplog)) > 3
    check(caplog)


def test_no_signed_url_is_ever_logged(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    """Not even its path, in which some stores have their tokens: also where the upload is tried again, and fails."""
    puts = iter([503, 200, 403])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            return httpx.Response(next(puts))
        if "/storage/" in request.headers.get("x-fal-target-url", str(request.url)):
            place = "https://files.example/signed-place/1?X-Signature=signature"
            return httpx.Response(200, json={"upload_url": place, "file_url": "https://files.example/cat.png"})
        return httpx.Response(200, json=OUTPUT)

    transport = httpx.MockTransport(answer)
    client = (httpx.AsyncClient if twin.is_async else httpx.Client)(transport=transport)

    def steps(fal: Any) -> Any:
        yield private(fal).run(prompt="private-prompt", image_url=b"one")
        with pytest.raises(errors.APIStatusError):
            yield private(fal).run(prompt="private-prompt", image_url=b"two")

    twin.do(steps, credentials=None, proxy_url="https://app.example/proxy?token=hook-token", http_client=client)
    told = lines(caplog)
    assert "the upload of image_url: upload, attempt 2: PUT https://files.example -> 200 in N ms" in told
    assert [line for line in told if "trying again" in line]
    check(caplog)


def check(caplog: pytest.LogCaptureFixture) -> None:
    """None of the secrets is in any record, whoever wrote it, nor in what a formatter would make of it."""
    for record in caplog.records:
        if not record.name.startswith("runtime"):  # httpx logs URLs itself
            continue
        text = logging.Formatter().format(record) + repr(record.__dict__)
        assert not [secret for secret in (*SECRETS, KEY) if secret in text], text


def test_nothing_is_logged_above_debug(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"))
    assert lines(caplog)
    assert lines(caplog, logging.INFO) == []

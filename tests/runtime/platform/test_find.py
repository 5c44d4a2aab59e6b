"""`fal.requests.find`: by its input, of whichever program."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import runtime_sample
from fal_server import Reply
from platform_pages import BEGAN, Pages, item
from runtime.errors import InvalidInputError, MissingCredentialsError, ServerError

if TYPE_CHECKING:
    from fal_server import FalServer
    from runtime.platform.found import FoundRequest
    from runtime_twin import Steps, Twin
    from stopped_clock import StoppedClock

SINCE = datetime.fromtimestamp(BEGAN, UTC)
URL = "https://example.com/a.png"


def find(twin: Twin, input: Any, since: Any = SINCE, **given: Any) -> list[FoundRequest[Any]]:
    found: list[FoundRequest[Any]] = twin.do(
        lambda fal: fal.requests.find(fal.flux_1.schnell, input, since=since, **given)
    )
    return found


def listed(server: FalServer, *inputs: Any) -> Pages:
    """A history of these inputs, the oldest first."""
    server.platform = pages = Pages(lambda: [item(number, given) for number, given in enumerate(inputs)])
    return pages


def test_the_newest_comes_first_with_what_is_known_of_it(twin: Twin, server: FalServer) -> None:
    listed(server, {"prompt": "x"}, {"prompt": "y"}, {"prompt": "x"})
    newest, oldest = find(twin, {"prompt": "x"})
    assert (newest.request_id, oldest.request_id) == ("r2", "r0")
    assert newest.sent_at == SINCE + timedelta(seconds=2)
    assert newest.ended_at == SINCE + timedelta(seconds=4.5)
    assert newest.status_code == 200
    assert newest.handle.request_id == "r2"
    assert "r2" in repr(newest)


def test_a_history_that_is_out_is_asked_for_half_a_minute(
    twin: Twin, server: FalServer, nobody_waits: StoppedClock
) -> None:
    server.platform = lambda _, __: Reply(502)
    with pytest.raises(ServerError, match="502 from the history"):
        find(twin, {"prompt": "x"})
    assert 30 <= nobody_waits.now - nobody_waits.start < 40


def test_its_handle_gives_the_result(twin: Twin, server: FalServer) -> None:
    def steps(fal: Any) -> Steps:
        handle: Any = yield fal.flux_1.schnell.submit(prompt="x")
        one = {**item(0, {"prompt": "x"}), "request_id": handle.request_id}
        server.platform = Pages(lambda: [one])
        found: Any = yield fal.requests.find(fal.flux_1.schnell, {"prompt": "x"}, since=SINCE)
        return (yield found[0].handle.result())

    assert twin.do(steps).seed == 7
    assert len(server.accepted) == 1


@pytest.mark.parametrize(
    ("sent", "given", "is_it"),
    [
        ({"num_images": 1, "prompt": "x"}, {"prompt": "x", "num_images": 1}, True),
        ({"prompt": "x", "guidance": 3.0}, {"prompt": "x", "guidance": 3}, True),
        ({"prompt": "x", "guidance": -0.0}, {"prompt": "x", "guidance": 0}, True),
        ({"prompt": "x", "num_images": True}, {"prompt": "x", "num_images": 1}, False),
        ({"prompt": "x", "image_urls": [URL, URL]}, {"prompt": "x", "image_urls": (URL, URL)}, True),
        ({"prompt": "x", "image_urls": [URL, "b"]}, {"prompt": "x", "image_urls": (URL, URL)}, False),
        ({"prompt": "x ", "num_images": 1}, {"prompt": "x", "num_images": 1}, False),
        ({"prompt": "x", "num_images": 1}, {"prompt": "x"}, False),
        ({"prompt": "x", "image_url": URL}, {"prompt": "x", "image_url": runtime_sample.Image(url=URL)}, True),
        ({"prompt": "\u00e9"}, {"prompt": "e\u0301"}, False),
    ],
)
def test_an_input_is_compared_as_it_went_over_the_wire(
    twin: Twin, server: FalServer, sent: Any, given: Any, is_it: bool
) -> None:
    listed(server, sent)
    assert bool(find(twin, given)) is is_it


def test_what_options_put_in_is_compared_too(twin: Twin, server: FalServer) -> None:
    listed(server, {"prompt": "x", "sync_mode": True})

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(extra_input={"sync_mode": True})
        return fal.requests.find(endpoint, {"prompt": "x"}, since=SINCE)

    assert len(twin.do(steps)) == 1


def test_an_endpoint_that_was_not_generated(twin: Twin, server: FalServer) -> None:
    server.platform = pages = Pages(lambda: [item(0, {"a": 1}, endpoint_id="me/app")])
    [found] = twin.do(lambda fal: fal.requests.find(fal.endpoint("me/app"), {"a": 1.0}, since=SINCE))
    assert found.request_id == "r0"
    assert pages.asked[0][1]["endpoint_id"] == ["me/app"]


def test_up_to_a_time(twin: Twin, server: FalServer) -> None:
    listed(server, *[{"prompt": "x"}] * 4)
    found = find(twin, {"prompt": "x"}, until=SINCE + timedelta(seconds=2))
    assert [one.request_id for one in found] == ["r1", "r0"]


def test_so_long_ago(twin: Twin, server: FalServer) -> None:
    pages = listed(server)
    before = datetime.now(UTC)
    assert find(twin, {"prompt": "x"}, timedelta(hours=1), until=timedelta(minutes=5)) == []
    start = datetime.fromisoformat(pages.asked[0][1]["start"][0])
    assert abs(start - (before - timedelta(hours=1))) < timedelta(minutes=1)


def test_a_time_of_another_zone(twin: Twin, server: FalServer) -> None:
    listed(server, {"prompt": "x"})
    assert find(twin, {"prompt": "x"}, SINCE.astimezone(timezone(timedelta(hours=9))))


@pytest.mark.parametrize(
    ("since", "until", "error", "words"),
    [
        (datetime(2026, 1, 1), None, ValueError, "since has no time zone"),
        (timedelta(seconds=-1), None, ValueError, "must not be negative"),
        (1_800_000_000, None, TypeError, "since must be a datetime or a timedelta"),
        ("2026-01-01", None, TypeError, "since must be a datetime or a timedelta"),
        (SINCE, SINCE, ValueError, "until must be later than since"),
        (SINCE, "now", TypeError, "until must be a datetime or a timedelta"),
    ],
)
def test_a_time_that_is_none(
    twin: Twin, server: FalServer, since: Any, until: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        find(twin, {"prompt": "x"}, since, until=until)
    assert not server.seen


def test_a_file_in_the_input_is_refused_by_its_place(twin: Twin, server: FalServer) -> None:
    with pytest.raises(InvalidInputError, match=r"image_urls\.1: is a file, .* give the URL that was sent"):
        find(twin, {"prompt": "x", "image_urls": [URL, Path("a.png")]})
    assert not server.seen


def test_a_wrong_input_is_refused(twin: Twin, server: FalServer) -> None:
    with pytest.raises(InvalidInputError, match="num_images"):
        find(twin, {"prompt": "x", "num_images": 9})
    with pytest.raises(TypeError, match="input must be a mapping"):
        find(twin, "x")
    assert not server.seen


def test_an_endpoint_that_is_none_or_anothers(twin: Twin, server: FalServer) -> None:
    with pytest.raises(TypeError, match="find takes an endpoint of this client"):
        twin.do(lambda fal: fal.requests.find("fal-ai/flux-1/schnell", {}, since=SINCE))
    other = Pages(list)
    server.platform = other
    foreign = twin.client().flux_1.schnell
    with pytest.raises(ValueError, match="another client's"):
        twin.do(lambda fal: fal.requests.find(foreign, {"prompt": "x"}, since=SINCE))
    kind = type(twin)(server, is_async=not twin.is_async)
    with pytest.raises(TypeError, match="find takes an endpoint of this client"):
        twin.do(lambda fal: fal.requests.find(kind.client().flux_1.schnell, {"prompt": "x"}, since=SINCE))
    assert not server.seen


def test_a_client_of_a_proxy(twin: Twin, server: FalServer) -> None:
    with pytest.raises(MissingCredentialsError, match="without proxy_url"):
        twin.do(
            lambda fal: fal.requests.find(fal.flux_1.schnell, {"prompt": "x"}, since=SINCE),
            proxy_url=f"{server.url}/proxy",
        )


def test_inputs_that_fal_does_not_have_are_told(
    twin: Twin, server: FalServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.platform = Pages(lambda: [item(0, {"prompt": "x"}), {**item(1), "json_input": None}])
    with caplog.at_level(logging.WARNING):
        assert len(find(twin, {"prompt": "x"})) == 1
    assert "does not have the inputs of 1 requests" in caplog.text


def test_an_unknown_argument_is_explained(twin: Twin) -> None:
    with pytest.raises(TypeError, match=r"Requests\.find.*'since'"):
        twin.do(lambda fal: fal.requests.find(fal.flux_1.schnell, {"prompt": "x"}, sinc=SINCE))

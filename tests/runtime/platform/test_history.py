"""fal's history of requests, read to its end."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import FalServer, Reply
from platform_pages import BEGAN, Pages, asked, item
from runtime.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    FalError,
    InvalidResponseError,
    MissingCredentialsError,
    PermissionDeniedError,
    ServerError,
)
from runtime.platform.history import MISSING, HistoryItem, history

if TYPE_CHECKING:
    from runtime_twin import Twin

ID = "fal-ai/flux-1/schnell"


def read(twin: Twin, since: float = BEGAN, **given: Any) -> list[HistoryItem]:
    found: list[HistoryItem] = asked(twin, lambda call: history(call, since, **given))
    return found


def test_what_is_asked_and_what_came(twin: Twin, server: FalServer) -> None:
    server.platform = pages = Pages(lambda: [item(1)])
    assert read(twin, BEGAN + 0.7) == [
        HistoryItem("r1", ID, BEGAN + 1, BEGAN + 2, BEGAN + 3.5, 200, {"prompt": "p1"}, {"seed": 1})
    ]
    [(path, query)] = pages.asked
    assert path == "models/requests/by-endpoint"
    assert query == {
        "endpoint_id": [ID],
        "start": ["2027-01-15T08:00:00Z"],  # whole seconds, and none too late
        "limit": ["100"],
        "expand": ["payloads"],
    }
    assert server.seen[-1].headers["authorization"] == "Key key-id:very-secret"
    assert not server.accepted


def test_one_request_is_asked_for_by_its_id(twin: Twin, server: FalServer) -> None:
    server.platform = pages = Pages(lambda: [item(1)])
    read(twin, request_id="r1")
    assert pages.asked[0][1]["request_id"] == ["r1"]


def test_an_alias_is_listed_by_either_name(twin: Twin, server: FalServer) -> None:
    """Its requests are told by its id, and those of another endpoint by theirs."""
    listed = [item(1, endpoint_id="workflows/me/app/sub"), item(2, endpoint_id="workflows/me/alias"), item(3)]
    server.platform = pages = Pages(lambda: listed)
    found = asked(twin, lambda call: history(call, BEGAN), of=lambda fal: fal.alias)
    assert pages.asked[0][1]["endpoint_id"] == ["workflows/me/alias", "workflows/me/app/sub"]
    assert [one.endpoint_id for one in found] == ["workflows/me/alias", "workflows/me/alias", ID]


def test_all_pages_with_the_same_filters_each_request_once(twin: Twin, server: FalServer) -> None:
    listed = [item(number) for number in range(25)]
    server.platform = pages = Pages(lambda: listed, size=10, repeated=3)
    assert [one.request_id for one in read(twin)] == [f"r{number}" for number in range(25)]
    filters = [{name: values for name, values in query.items() if name != "cursor"} for _, query in pages.asked]
    assert all(each == filters[0] for each in filters)
    assert len(pages.asked) == 6  # three pages, and once more: there is nothing new


def test_many_pages(twin: Twin, server: FalServer) -> None:
    listed = [item(number) for number in range(60)]
    server.platform = Pages(lambda: listed, size=2)
    assert len(read(twin)) == 60


def test_pages_without_an_end_are_not_read_for_ever(
    twin: Twin, server: FalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.platform.pages.MOST_PAGES", 5)
    counts = itertools.count()
    server.platform = lambda _, __: Reply(200, {"items": [], "next_cursor": f"{next(counts)}", "has_more": True})
    with pytest.raises(InvalidResponseError, match=r"no end \(page 5\); ask for a shorter time"):
        read(twin)


def test_a_request_that_moves_to_a_page_that_was_read_is_found(twin: Twin, server: FalServer) -> None:
    """It ends meanwhile, and the list is sorted by that."""
    moving = item(20)
    listed = [*(item(number) for number in range(20)), moving]
    server.platform = pages = Pages(lambda: [moving, *listed[:20]] if pages.asked[1:] else listed, size=10)
    assert "r20" in {one.request_id for one in read(twin)}


def test_a_history_that_grows_all_the_time_is_read_three_times(twin: Twin, server: FalServer) -> None:
    listed = [item(number) for number in range(10)]

    def growing() -> list[Any]:
        listed.insert(0, item(len(listed)))
        return listed

    server.platform = pages = Pages(growing, size=100)
    assert len(read(twin)) == 11
    assert len(pages.asked) == 1  # what is on one page moves to none that was read
    pages = server.platform = Pages(growing, size=10)
    read(twin)
    assert [path for path, query in pages.asked if "cursor" not in query] == ["models/requests/by-endpoint"] * 3


def test_there_is_nothing_before_1970(twin: Twin, server: FalServer) -> None:
    server.platform = pages = Pages(lambda: [item(1)])
    assert len(read(twin, -7.5)) == 1
    assert pages.asked[0][1]["start"] == ["1970-01-01T00:00:00Z"]


def test_what_was_sent_before_is_left_out(twin: Twin, server: FalServer) -> None:
    server.platform = Pages(lambda: [item(-1), item(0), item(1), item(2, sent_at=None)])
    assert [one.request_id for one in read(twin, BEGAN + 0.5)] == ["r0", "r1", "r2"]


@pytest.mark.parametrize(
    ("payload", "known"),
    [
        ({"prompt": "x", "n": 1.0}, {"prompt": "x", "n": 1.0}),
        ('{"prompt": "x"}', {"prompt": "x"}),
        (..., MISSING),
        (None, MISSING),
        ("[removed]", MISSING),
        ([], MISSING),
        ("[" * 100_000, MISSING),
    ],
)
def test_an_input_that_fal_does_not_have_is_missing(twin: Twin, server: FalServer, payload: Any, known: Any) -> None:
    one = item(1)
    one["json_input"] = payload
    if payload is ...:
        del one["json_input"], one["json_output"]
    server.platform = Pages(lambda: [one])
    [found] = read(twin)
    assert found.json_input == known
    assert ("json_input=MISSING" in repr(found)) == (known is MISSING)
    assert (found.json_output is MISSING) == (payload is ...)


def test_an_input_that_one_of_two_listings_has_is_kept(twin: Twin, server: FalServer) -> None:
    server.platform = Pages(lambda: [item(1), {**item(1), "json_input": None, "status_code": 500}])
    [found] = read(twin)
    assert (found.json_input, found.status_code) == ({"prompt": "p1"}, 500)


def test_times_that_cannot_be_read_are_unknown(twin: Twin, server: FalServer) -> None:
    times = {"sent_at": "2027-01-15T08:00:01", "started_at": "soon", "ended_at": 7, "status_code": True}
    server.platform = Pages(lambda: [item(1, **times)])
    [found] = read(twin)
    assert found[2:6] == (BEGAN + 1, None, None, None)


def test_times_have_the_offset_that_they_say(twin: Twin, server: FalServer) -> None:
    server.platform = Pages(lambda: [item(1, sent_at="2027-01-15T10:00:01+02:00", ended_at="2027-01-15T08:00:04")])
    [found] = read(twin)
    assert (found.sent_at, found.ended_at) == (BEGAN + 1, BEGAN + 4)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"has_more": False}, "no list of items"),
        ({"items": ["r1"]}, "an item of the list is no object"),
        ({"items": [{"endpoint_id": ID}]}, "no id"),
        ({"items": [{"request_id": 7, "endpoint_id": ID}]}, "no id"),
        ({"items": [], "next_cursor": "Mg==", "has_more": True}, "no end"),
        ({"items": [], "next_cursor": None, "has_more": True}, "there is more"),
    ],
)
def test_a_page_that_cannot_be_read(twin: Twin, server: FalServer, body: Any, words: str) -> None:
    server.platform = lambda _, __: Reply(200, body)
    with pytest.raises(InvalidResponseError, match=f"the history of {ID}: .*{words}") as caught:
        read(twin)
    assert not caught.value.maybe_submitted


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (401, "authorization_error", AuthenticationError),
        (403, "authorization_error", PermissionDeniedError),
        (400, "validation_error", APIStatusError),
        (500, "server_error", ServerError),
    ],
)
def test_refusals_name_the_reason(
    twin: Twin, server: FalServer, status: int, kind: str, error: type[APIStatusError]
) -> None:
    body = {"error": {"type": kind, "message": "not for you", "request_id": "x"}}
    server.platform = lambda _, __: Reply(status, body)
    with pytest.raises(error, match=f"{status} from the history of {ID}: not for you") as caught:
        read(twin)
    assert caught.value.error_type == kind
    assert not caught.value.maybe_submitted
    assert ("scope API" in str(caught.value)) is (status in (401, 403))


def test_what_is_temporary_is_asked_again(twin: Twin, server: FalServer) -> None:
    pages = Pages(lambda: [item(1)])
    replies = [Reply(429, headers={"retry-after": "0"}), Reply(502), Reply(drop=True), Reply(200, b"<html>")]
    server.platform = lambda path, query: replies.pop() if replies else pages(path, query)
    assert len(read(twin)) == 1


def test_nobody_there(twin: Twin) -> None:
    hosts = type(twin.hosts)(api="http://127.0.0.1:9/v1")
    with pytest.raises(APIConnectionError, match="the history of") as caught:
        asked(twin, lambda call: history(call, BEGAN), hosts=hosts)
    assert not caught.value.maybe_submitted


def test_a_client_of_a_proxy_is_told_that_it_has_no_key(twin: Twin, server: FalServer) -> None:
    with pytest.raises(MissingCredentialsError, match="without proxy_url") as caught:
        asked(twin, lambda call: history(call, BEGAN), proxy_url=f"{server.url}/proxy")
    assert isinstance(caught.value, FalError)
    assert not server.seen

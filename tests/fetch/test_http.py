"""One question to fal: which answers are asked for again, which say too much, and how far a redirect is followed."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from catalog_server import faults
from fal_server import Reply
from support import document

from generator.diagnostics import FetchError
from generator.fetch.answers import plain
from generator.fetch.http import Http, Limits, TooMuchError, refusal
from generator.fetch.http import Reply as Answer

if TYPE_CHECKING:
    from catalog_server import CatalogServer

ID = "fal-ai/a"


def ask(catalog: CatalogServer, *replies: Reply, **limits: float) -> Answer:
    """The answer for an endpoint, of which fal first says something else."""
    catalog.add(ID, document(ID))
    catalog.models[ID].replies = [*replies]

    async def asked() -> Answer:
        async with Http(None, Limits(**limits)) as http:  # type: ignore[arg-type]
            return await http.get(catalog.openapi_url, (("endpoint_id", ID),))

    return asyncio.run(asked())


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_passes_is_asked_for_again(status: int, catalog: CatalogServer) -> None:
    assert ask(catalog, Reply(status, {})).status == 200
    assert catalog.asked("/openapi") == 2


@pytest.mark.parametrize("status", [400, 401, 404, 409, 413, 422, 426, 430, 501, 505])
def test_what_does_not_pass_is_asked_for_once(status: int, catalog: CatalogServer) -> None:
    assert ask(catalog, Reply(status, {"detail": "No"})) == Answer(status, {"detail": "No"})
    assert catalog.asked("/openapi") == 1


def test_it_is_asked_for_five_times_and_no_more(catalog: CatalogServer) -> None:
    assert ask(catalog, *[faults.BROKEN] * 4).status == 200
    with pytest.raises(FetchError, match="tried 5 times"):
        ask(catalog, *[faults.BROKEN] * 5)
    assert catalog.asked("/openapi") == 10


@pytest.mark.parametrize("reply", [faults.BROKEN, faults.DROPPED, faults.HTML, faults.limited(None)])
def test_before_each_try_there_is_one_pause_longer_than_the_last(
    reply: Reply, catalog: CatalogServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[tuple[int, float]] = []

    def delay_before(repetition: int, pause: float) -> float:
        pauses.append((repetition, pause))
        return 0.001

    monkeypatch.setattr("generator.fetch.http.delay_before", delay_before)
    assert ask(catalog, reply, reply, reply, pause=0.25).status == 200
    assert pauses == [(1, 0.25), (2, 0.25), (3, 0.25)]


@pytest.mark.parametrize(
    ("reply", "waits"),
    [
        (faults.BROKEN, [3]),
        (faults.limited(None), [3]),
        (faults.limited("1"), [3]),
        (faults.limited("7"), [7]),
        (Reply(503, {}, {"retry-after": "5"}), [3, 2]),
    ],
)
def test_it_waits_as_long_as_fal_says_and_no_shorter_than_a_pause(
    reply: Reply, waits: list[int], catalog: CatalogServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.add(ID, document(ID))
    catalog.models[ID].replies = [reply]
    waited: list[int] = []

    def delay_before(*_: object) -> float:
        return 3.0

    monkeypatch.setattr("generator.fetch.http.delay_before", delay_before)

    async def asked() -> Answer:
        loop = asyncio.get_running_loop()
        really, now, ahead = asyncio.sleep, loop.time, 0.0

        async def sleep(seconds: float) -> None:
            nonlocal ahead
            if asyncio.get_running_loop() is not loop:  # the server's
                return await really(seconds)
            ahead += seconds
            waited.extend([round(seconds)] if seconds > 0.5 else [])
            return await really(0)

        monkeypatch.setattr(loop, "time", lambda: now() + ahead)
        monkeypatch.setattr(asyncio, "sleep", sleep)
        async with Http(None, Limits()) as http:
            return await http.get(catalog.openapi_url, (("endpoint_id", ID),))

    assert (asyncio.run(asked()).status, waited) == (200, waits)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 412, 413, 414, 415, 422, 423])
def test_which_refusals_may_be_of_too_much(status: int) -> None:
    error = refusal(Answer(status, {"error": {"message": "too many\nids"}}))
    assert isinstance(error, TooMuchError) is (status in {400, 413, 414, 422})
    assert not error.is_network
    assert str(error).startswith(f"fal answers {status}")


def test_two_redirects_are_followed(catalog: CatalogServer) -> None:
    again = faults.redirect(f"{catalog.openapi_url}?endpoint_id={ID}")
    assert ask(catalog, again, again).status == 200
    with pytest.raises(FetchError, match="it redirects in a circle"):
        ask(catalog, again, again, again)


def test_an_answer_may_be_so_large_and_no_larger(catalog: CatalogServer) -> None:
    size = 1_000_000
    assert ask(catalog, Reply(200, json.dumps("x" * (size - 2)).encode()), size=1).status == 200
    with pytest.raises(TooMuchError, match="the answer is larger than 1 MB"):
        ask(catalog, Reply(200, json.dumps("x" * (size - 1)).encode()), size=1)


def test_what_an_answer_says_is_short_and_on_one_line() -> None:
    assert plain("a\nb") == "a b"
    assert plain("x" * 200) == "x" * 200
    assert plain("x" * 201) == "x" * 199 + "…"
    assert plain(7) == "7"

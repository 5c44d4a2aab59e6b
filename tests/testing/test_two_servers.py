"""The server of our own tests and the fake's agree, but where it is said here why not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_typed import AsyncFal, Fal, ModelError, NotFoundError

from .two_servers import ABOUT, DONE, FAILING, INPUT, SLOW, STREAMING, Asking, Said, fakes, hosts_of, ours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUBMISSIONS = ("a submission", "a submission that waits", "a submission that fails")
STATES = ("a state", "the last state", "the last state as a stream", "the last state of one that failed")
FILES = ("a download", "what came in parts")
URLS = dict.fromkeys(("status_url", "response_url", "cancel_url"), "str")


# Every difference, as what turns the answer of our tests' server into the fake's, with the reason.


def _more_headers(names: str) -> Callable[[Said], Said]:
    return lambda one: replace(one, headers=one.headers | {*names.split()})


def _with_urls(one: Said) -> Said:
    if isinstance(one.shape, list):
        return replace(one, shape=[{**each, **URLS} for each in one.shape])
    return replace(one, shape={**one.shape, **URLS})


def _answers(status: int, shape: Any, *headers: str) -> Callable[[Said], Said]:
    return lambda one: Said(status, "application/json", frozenset(headers), shape)


_ENTRY = {"loc": ["str"], "msg": "str", "type": "str"}
_TOKEN = dict.fromkeys(("base_url", "expires_at", "token", "token_type"), "str")
_SCRIPTED = "our tests' server does what a test says, whatever it is asked"
DIFFERENCES: list[tuple[str, tuple[str, ...], Callable[[Said], Said]]] = [
    ("fal names a submission in a header too, where no client looks", SUBMISSIONS, _more_headers("x-fal-request-id")),
    ("fal's states name the URLs again; our tests' are as short as clients must bear", STATES, _with_urls),
    (
        "fal says of log entries that they are the user's; our tests' server leaves out what no client reads",
        ("the last state of one that failed",),
        lambda one: replace(one, shape={**one.shape, "logs": [{**one.shape["logs"][0], "source": "str"}]}),
    ),
    ("parts of files are the business of `fal_server.file_host`", FILES, _more_headers("accept-ranges etag")),
    (
        "what somebody uploaded can do no harm to the fake's page; our tests' server has no page",
        (*FILES, "a file that is not there"),
        _more_headers("content-security-policy x-content-type-options"),
    ),
    (
        "fal's JavaScript client reads the tag of a part in the body; in our tests it has `fal_server.asgi`",
        ("a part",),
        lambda one: replace(one, shape={"partNumber": "number", "etag": "str"}),
    ),
    (_SCRIPTED, ("a run of what is no JSON",), _answers(422, {"detail": [_ENTRY]})),
    (
        _SCRIPTED,
        ("a run with a wrong input",),
        _answers(422, {"detail": [{**_ENTRY, "input": "number"}]}, "x-fal-request-id"),
    ),
    (_SCRIPTED, ("a run of an unknown endpoint",), _answers(404, {"detail": "str"})),
    (_SCRIPTED, ("a result that is not there yet",), _answers(400, {"detail": "str"})),
    (_SCRIPTED, ("too late a cancel",), _answers(400, {"status": "ALREADY_COMPLETED"})),
    ("our tests' server has no route for it", ("a run by PUT",), _answers(405, {"detail": "str"})),
    ("there any POST is a submission", ("a state asked for by POST",), _answers(405, {"detail": "str"})),
    ("there the answer has no type, which nobody reads", ("an end without a part",), _answers(400, {"detail": "str"})),
    ("the fake needs no key", ("a token without a key",), _answers(200, _TOKEN)),
]


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    """The URLs of both; the endpoint that is done at once has one output on both."""
    with fakes() as fake:
        output = httpx.post(f"{fake}/run/{DONE}", json=INPUT).json()
        with ours(output) as own:
            yield {"own": own, "fake": fake}


@pytest.fixture(scope="module")
def heard(servers: dict[str, str]) -> dict[str, dict[str, Said]]:
    """What each said, by what it was asked."""
    found: dict[str, dict[str, Said]] = {}
    for name, url in servers.items():
        ask = Asking(url)
        for about in ABOUT:
            about(ask)
        ask.close()
        found[name] = ask.heard
    return found


def test_both_say_the_same(heard: dict[str, dict[str, Said]]) -> None:
    expected = dict(heard["own"])
    for reason, names, turned in DIFFERENCES:
        for name in names:
            assert turned(expected[name]) != expected[name], f"no difference any more: {name} ({reason})"
            expected[name] = turned(expected[name])
    assert len(expected) > 30
    assert heard["fake"] == expected


def told(fal: Fal) -> dict[str, Any]:
    """What our client makes of it."""
    found: dict[str, Any] = {}
    endpoint, states = fal.flux_1.schnell, list[str]()
    found["run"] = endpoint.run(prompt="a cat").model_dump()
    found["subscribe"] = endpoint.subscribe(
        prompt="a cat", logs=True, on_queue_update=lambda state: states.append(type(state).__name__)
    ).model_dump()
    found["states"] = states
    handle = endpoint.submit(prompt="a cat")
    found["status"] = type(handle.status(logs=True)).__name__
    found["result"] = handle.result().model_dump()
    waiting = fal.endpoint(SLOW).submit(prompt="a cat")
    found["waiting"] = type(waiting.status()).__name__
    found["cancel"] = waiting.cancel()
    for name in ("run", "subscribe"):
        with pytest.raises(ModelError) as caught:
            getattr(fal.endpoint(FAILING), name)(prompt="a cat")
        found[f"{name} fails"] = [caught.value.status_code, [str(each) for each in caught.value.details]]
    with pytest.raises(NotFoundError) as lost:
        endpoint.request("00000000-0000-0000-0000-000000000000").status()
    found["unknown"] = lost.value.status_code
    with fal.endpoint(STREAMING).stream(prompt="a cat") as stream:
        found["events"] = list(stream)
    url = fal.storage.upload(b"hello", content_type="text/plain")
    found["upload"] = httpx.get(url).text
    return found


async def told_async(fal: AsyncFal) -> dict[str, Any]:
    """The same."""
    found: dict[str, Any] = {}
    endpoint, states = fal.flux_1.schnell, list[str]()
    found["run"] = (await endpoint.run(prompt="a cat")).model_dump()
    output = await endpoint.subscribe(
        prompt="a cat", logs=True, on_queue_update=lambda state: states.append(type(state).__name__)
    )
    found["subscribe"], found["states"] = output.model_dump(), states
    handle = await endpoint.submit(prompt="a cat")
    found["status"] = type(await handle.status(logs=True)).__name__
    found["result"] = (await handle.result()).model_dump()
    waiting = await fal.endpoint(SLOW).submit(prompt="a cat")
    found["waiting"] = type(await waiting.status()).__name__
    found["cancel"] = await waiting.cancel()
    for name in ("run", "subscribe"):
        with pytest.raises(ModelError) as caught:
            await getattr(fal.endpoint(FAILING), name)(prompt="a cat")
        found[f"{name} fails"] = [caught.value.status_code, [str(each) for each in caught.value.details]]
    with pytest.raises(NotFoundError) as lost:
        await endpoint.request("00000000-0000-0000-0000-000000000000").status()
    found["unknown"] = lost.value.status_code
    async with fal.endpoint(STREAMING).stream(prompt="a cat") as stream:
        found["events"] = [event async for event in stream]
    url = await fal.storage.upload(b"hello", content_type="text/plain")
    found["upload"] = httpx.get(url).text
    return found


def test_our_client_sees_no_difference(servers: dict[str, str]) -> None:
    found: list[dict[str, Any]] = []
    for url in servers.values():
        with Fal(credentials="any", hosts=hosts_of(url)) as fal:
            found.append(told(fal))
    assert found[0] == found[1]

    async def use(url: str) -> dict[str, Any]:
        async with AsyncFal(credentials="any", hosts=hosts_of(url)) as fal:
            return await told_async(fal)

    assert [asyncio.run(use(url)) for url in servers.values()] == found

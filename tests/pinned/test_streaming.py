"""`stream`, on the endpoints whose pages have a section Streaming and on no other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import fal_typed
from fal_server.stream import event

from .caller import given
from .catalog import BY_ID, Entry, each_endpoint
from .documents import document
from .pages import FOLDER

if TYPE_CHECKING:
    from fal_server import FalServer

    from .caller import Caller


@each_endpoint
def test_it_streams_where_the_page_says_so(entry: Entry, sync_call: Caller) -> None:
    page = (FOLDER / f"{entry.id.replace('/', '__')}.page.txt").read_text(encoding="utf-8")
    streams = "supports streaming requests" in page
    assert hasattr(entry.member(), "stream") == hasattr(entry.member(prefix="Async"), "stream") == streams


def test_a_stream_as_the_contract_shows_it(server: FalServer, sync_call: Caller) -> None:
    entry = BY_ID["fal-ai/hidream-i1-full"]
    known = document(entry.id)
    final = known.sample(known.output, full=True)
    server.stream(f"{entry.id}/stream", event({"images": []}), event(final))
    fal = sync_call.client()
    with fal.hidream_i1_full.stream(**given(entry)) as events:
        assert isinstance(events, fal_typed.Stream)
        assert list(events) == [{"images": []}, final]
        out = events.output()
    assert isinstance(out, entry.member("Output"))
    assert out.model_dump(exclude_unset=True) == final


def test_an_asynchronous_stream_as_the_contract_shows_it(server: FalServer) -> None:
    entry = BY_ID["fal-ai/hidream-i1-full"]
    known = document(entry.id)
    final = known.sample(known.output, full=True)
    server.stream(f"{entry.id}/stream", event({"images": []}), event(final))

    async def main() -> None:
        hosts = fal_typed.Hosts(run=server.run_url, queue=server.queue_url)
        client = fal_typed.AsyncFal("a:b", hosts=hosts)
        async with client as fal, fal.hidream_i1_full.stream(**given(entry)) as events:
            assert isinstance(events, fal_typed.AsyncStream)
            assert [each async for each in events] == [{"images": []}, final]
            assert isinstance(await events.output(), entry.member("Output"))

    asyncio.run(main())

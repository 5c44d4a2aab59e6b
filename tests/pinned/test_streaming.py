"""`stream`, on the endpoints whose pages have a section Streaming and on no other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_typed.testing import fake_fal

from .caller import given
from .catalog import BY_ID, Entry, each_endpoint
from .documents import document
from .pages import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAMS = "fal-ai/hidream-i1-full"


@each_endpoint
def test_it_streams_where_the_page_says_so(entry: Entry) -> None:
    page = (FOLDER / f"{entry.id.replace('/', '__')}.page.txt").read_text(encoding="utf-8")
    streams = "supports streaming requests" in page
    assert hasattr(entry.member(), "stream") == hasattr(entry.member(prefix="Async"), "stream") == streams


@pytest.fixture
def final() -> Iterator[Any]:
    """The last event of the endpoint that streams, behind another one."""
    known = document(STREAMS)
    output = known.sample(known.output, full=True)
    with fake_fal() as fake:
        fake.hidream_i1_full.streams([{"images": []}, output])
        yield output


def test_a_stream_as_the_contract_shows_it(final: Any) -> None:
    entry = BY_ID[STREAMS]
    with fal_typed.Fal() as fal, fal.hidream_i1_full.stream(**given(entry)) as events:
        assert isinstance(events, fal_typed.Stream)
        assert list(events) == [{"images": []}, final]
        out = events.output()
    assert isinstance(out, entry.member("Output"))
    assert out.model_dump(exclude_unset=True) == final


def test_an_asynchronous_stream_as_the_contract_shows_it(final: Any) -> None:
    entry = BY_ID[STREAMS]

    async def main() -> None:
        async with fal_typed.AsyncFal() as fal, fal.hidream_i1_full.stream(**given(entry)) as events:
            assert isinstance(events, fal_typed.AsyncStream)
            assert [each async for each in events] == [{"images": []}, final]
            assert isinstance(await events.output(), entry.member("Output"))

    asyncio.run(main())

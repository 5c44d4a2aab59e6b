"""Jobs of the fake server's endpoint, and fal's history of its requests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fal_server import Reply
from runtime.batch.drive import live, live_async
from runtime.batch.keys import Prepared, prepared
from runtime.batch.life import Finished, Rules
from runtime_twin import SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from fal_server import FalServer
    from runtime.journal.journal import Journal

QUICK = Rules(lookup_for=0.3)


@dataclass
class History:
    """What fal tells of the requests that a server has accepted.

    Attributes:
        lag: How many of the latest it does not have yet.
        mute: Whether it has no payloads.
        also: More items.
        first: Replies to give before that.
        asked: How often it was asked.
        heard: Called each time that it is asked.
    """

    server: FalServer
    lag: int = 0
    mute: bool = False
    also: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    first: list[Reply] = field(default_factory=list[Reply])
    asked: int = 0
    heard: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self.server.platform = self

    def __call__(self, path: str, query: dict[str, list[str]]) -> Reply:
        assert path == "models/requests/by-endpoint"
        self.asked += 1
        self.heard()
        if self.first:
            return self.first.pop(0)
        there = [*self.server._submissions.items()]
        items = [item(each, sub.input, sub.at) for each, sub in there[: len(there) - self.lag]]
        if self.mute:
            items = [{name: value for name, value in each.items() if name != "json_input"} for each in items]
        return Reply(200, {"items": [*self.also, *items], "next_cursor": None, "has_more": False})


def item(request_id: str, given: Any, at: float, endpoint: str = SCHNELL) -> dict[str, Any]:
    """A request as the history tells it."""
    sent = datetime.fromtimestamp(at, UTC).isoformat()
    return {"request_id": request_id, "endpoint_id": endpoint, "sent_at": sent, "json_input": given}


def job(twin: Twin, journal: Journal, rules: Rules = QUICK, *, options: Any = None, **given: Any) -> Finished:
    """A job that is done by a client that is closed at the end."""

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(**(options or {"timeout": 20}))
        return done(twin, endpoint, wanted(endpoint, **given), journal, rules)

    finished: Finished = twin.do(steps)
    return finished


def wanted(
    endpoint: Any, *, salt: str | None = None, number: int = 0, key: str | None = None, **given: Any
) -> Prepared:
    """The job for an input."""
    return prepared(endpoint._call(), given or {"prompt": "a cat"}, salt=salt, number=number, key=key)


def done(twin: Twin, endpoint: Any, prepared: Prepared, journal: Journal, rules: Rules = QUICK) -> Any:
    """What comes of a job; awaited by who has an asynchronous client."""
    return (live_async if twin.is_async else live)(endpoint, prepared, journal, rules)


def side_by_side(twin: Twin, *works: Callable[[Any], Any]) -> list[Any]:
    """Several works with one client at once, each of which is given it."""
    if twin.is_async:

        async def all_async() -> list[Any]:
            async with twin.client() as fal:
                return list(await asyncio.gather(*(work(fal) for work in works), return_exceptions=True))

        return asyncio.run(all_async())
    from concurrent.futures import ThreadPoolExecutor

    with twin.client() as fal, ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(work, fal) for work in works]
        return [each.exception() or each.result() for each in futures]

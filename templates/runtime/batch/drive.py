"""A job of an endpoint, done: by the thread that asks, or in its event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .life import lived

if TYPE_CHECKING:
    from ..calls.async_endpoint import AsyncEndpoint
    from ..calls.endpoint import Endpoint
    from ..events.watch import Watch
    from ..http.exchange import Limits, Steps
    from ..journal.journal import Journal
    from .keys import Prepared
    from .stages.hold import Finished, Rules


def live(endpoint: Endpoint[Any, Any], prepared: Prepared, journal: Journal, rules: Rules) -> Finished:
    """Do a job, in any thread. See `lived`."""
    inner: Any = endpoint
    finished: Finished = inner._do(*_wanted(inner, prepared, journal, rules))
    return finished


async def live_async(endpoint: AsyncEndpoint[Any, Any], prepared: Prepared, journal: Journal, rules: Rules) -> Finished:
    """Do a job, in the running event loop. See `lived`."""
    inner: Any = endpoint
    finished: Finished = await inner._do(*_wanted(inner, prepared, journal, rules))
    return finished


def _wanted(inner: Any, prepared: Prepared, journal: Journal, rules: Rules) -> tuple[Steps[Finished], Limits]:
    call = inner._call()
    limits: Limits = call.limits(verb="subscribe")
    wanted = lived(call, prepared, journal, rules, limits)
    return wanted if limits.watch is None else _followed(limits.watch, wanted), limits


def _followed(watch: Watch, wanted: Steps[Finished]) -> Steps[Finished]:
    """The steps of a job that somebody listens to."""
    finished: Finished | None = None
    try:
        with watch.begun():
            finished = yield from wanted
            watch.request_id = watch.request_id or finished.record.request_id
            if finished.error is not None:
                raise finished.error
            watch.completed(finished.record.units)
    except Exception:
        if finished is None or finished.error is None:
            raise
    return finished

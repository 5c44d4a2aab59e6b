"""Who listens to a call, and the telling of where its steps begin and end. Imported where somebody does."""

# design: What does a call tell of itself?

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..events.log_lines import LOG_LINES
from ..events.watch import Watch
from ..log import logger
from ..outputs.model import response_info
from ..progress.wanted import place

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..events.kinds import Verb
    from ..events.watch import Listener
    from ..http.exchange import Steps

T = TypeVar("T")


def watch_of(
    endpoint: str, verb: Verb, progress: bool | None, on_event: Listener | None, request_id: str | None
) -> Watch | None:
    """The watch of a call that begins now; None where nobody listens after all."""
    listeners = listeners_of(progress, on_event)
    return Watch(endpoint, verb, listeners, request_id) if listeners else None


def listeners_of(progress: bool | None, on_event: Listener | None) -> list[Listener]:
    """Who listens to a call whose progress is to be shown, is not, or where nothing is said of it."""
    found: list[Listener] = [] if on_event is None or on_event.is_telling else [on_event]
    if logger.isEnabledFor(logging.DEBUG):
        found.append(LOG_LINES)
    if (where := place(progress)) is not None:
        from ..progress.call import ShownCall

        found.append(ShownCall(where))
    return found


def followed(watch: Watch, wanted: Steps[T]) -> Steps[T]:
    """The steps of a call, whose beginning and end are told."""
    with watch.begun():
        output = yield from wanted
        if watch.verb == "submit":  # the request goes on
            watch.closed()
        elif watch.verb != "stream":  # whose end is its own to tell
            _complete(watch, output)
        return output


@contextmanager
def following(watch: Watch) -> Generator[None]:
    """Tells where what is done in the block begins and ends."""
    with watch.begun():
        yield
        watch.completed(None)


def _complete(watch: Watch, output: Any) -> None:
    try:
        info = response_info(output)
    except LookupError:  # a number carries nothing
        watch.completed(None)
    else:
        watch.request_id = watch.request_id or info.request_id
        watch.completed(info.billable_units)

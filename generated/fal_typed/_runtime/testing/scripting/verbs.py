"""Who called: on the wire a `subscribe` is a `submit`, and both clients of this package say the same of themselves."""

# design: How does a fake know the verb?

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .calls import Verb
    from .script import Call

_CALLS = __name__.replace(".testing.scripting.verbs", ".calls")
# Where the verbs of an endpoint end up, whichever class they are of.
_CLIENTS = {f"{_CALLS}.endpoint": "Fal", f"{_CALLS}.async_endpoint": "AsyncFal"}
_VERBS: dict[str, Verb] = {"_run": "run", "_subscribe": "subscribe", "_submit": "submit"}
_STREAMS = {f"{_CALLS}.stream": "Fal", f"{_CALLS}.async_stream": "AsyncFal"}


class Caller(NamedTuple):
    """How an endpoint was called, and by which client."""

    verb: Verb
    client: str


def caller_of(call: Call) -> Caller:
    """What the stack says, where the client is in this process; else what the request says."""
    frame = inspect.currentframe()
    while frame is not None:
        module, name = frame.f_globals.get("__name__"), frame.f_code.co_name
        if module in _CLIENTS and name in _VERBS:
            return Caller(_VERBS[name], _CLIENTS[module])
        if module in _STREAMS:
            return Caller("stream", _STREAMS[module])
        frame = frame.f_back
    return Caller(call.kind, call.options.headers.get("user-agent", "unknown"))

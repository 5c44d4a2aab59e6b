"""`prices`: what units cost, asked for by whoever wants to know."""

# design: What may a call cost?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from ...http.exchange import Blocking
from ...journal.journal import opened
from .steps import known_prices

if TYPE_CHECKING:
    import os
    from collections.abc import Coroutine, Iterable

    from ...calls.steps import Call
    from ...faces.clients import AsyncClientFace, ClientFace
    from ...http.exchange import Steps
    from ...journal.journal import Journal
    from ...journal.money import Price

# A price is asked for by way of an endpoint; which one is no matter.
_ANY = "fal-ai/any"


@overload
def prices(
    client: ClientFace,
    endpoints: Iterable[str] | None = None,
    *,
    journal: Journal | str | os.PathLike[str] | None = None,
) -> dict[str, Price]: ...
@overload
def prices(
    client: AsyncClientFace,
    endpoints: Iterable[str] | None = None,
    *,
    journal: Journal | str | os.PathLike[str] | None = None,
) -> Coroutine[Any, Any, dict[str, Price]]: ...
def prices(
    client: ClientFace | AsyncClientFace,
    endpoints: Iterable[str] | None = None,
    *,
    journal: Journal | str | os.PathLike[str] | None = None,
) -> Any:
    """What units of endpoints cost the account of the client's key; a discount may not be in it.

    Args:
        client: A `Fal`, or an `AsyncFal`, whose answer is awaited.
        endpoints: Their ids; by default those of the jobs in the journal.
        journal: Where they are kept for a day, so that `journal.summary()` tells costs. What it has is not asked for.

    Returns:
        The prices by id. An endpoint that fal has no price of is not there.

    Raises:
        TypeError: The client is none, or the ids are one text.
        ValueError: Neither ids nor a journal are given.
        PermissionDeniedError: The key may not ask for prices.
        FalError: They cannot be asked for, or what came cannot be read.
    """
    inner: Any = client
    kind: Any = type(client)
    if not hasattr(kind, "endpoint"):
        raise TypeError(f"client must be a Fal or an AsyncFal, not {kind.__name__}")
    if isinstance(endpoints, str):
        raise TypeError("endpoints must be a list of ids, not one text")
    if endpoints is None and journal is None:
        raise ValueError("prices of what? Give the ids of endpoints, or a journal")
    endpoint = inner.endpoint(_ANY)
    call: Call = endpoint._call()
    return endpoint._do(_asked(call, None if endpoints is None else [*endpoints], journal), call.limits(waits=False))


def _asked(
    call: Call, endpoints: list[str] | None, journal: Journal | str | os.PathLike[str] | None
) -> Steps[dict[str, Price]]:
    kept: Journal = yield Blocking(lambda: opened(journal))
    wanted: list[str] = endpoints or []
    if endpoints is None:
        wanted = yield Blocking(lambda: [*dict.fromkeys(count.endpoint for count in kept.store.counts())])
    return (yield from known_prices(call, kept, wanted))

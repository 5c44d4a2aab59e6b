"""The Platform API's catalogue: `GET https://api.fal.ai/v1/models`, listing ids or answering for up to 50 of them.

The cursor is opaque and followed until there is none. A model may come without metadata, and with
`{"error": {"code": "expansion_failed"}}` where its document should be.
"""

# design: Who is asked for a document?

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..diagnostics import FetchError
from .answers import Found, judge
from .http import refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from ..json_text import Json
    from .answers import Failed
    from .http import Http

URL = "https://api.fal.ai/v1"
GROUP = 50
# The page size of fal's own examples; how much more it would allow depends on the query.
_PAGE = "50"
_EXPAND = ("expand", "openapi-3.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which part of the catalogue is meant; what is empty does not filter.

    Attributes:
        categories: `text-to-image` …; a model without metadata has none.
        owners: The first segments of the ids.
        status: `active` or `deprecated`.
    """

    categories: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    status: str = ""

    def __bool__(self) -> bool:
        return bool(self.categories or self.owners or self.status)

    def admits(self, endpoint_id: str, metadata: dict[str, Json]) -> bool:
        """Whether a model is meant, whatever the server made of the query."""
        return (
            (not self.owners or endpoint_id.split("/")[0] in self.owners)
            and (not self.categories or metadata.get("category") in self.categories)
            and (not self.status or metadata.get("status") in {self.status, None})
        )


async def list_ids(http: Http, base: str, filters: Filters) -> list[str]:
    """The ids of the catalogue, sorted, each once. They come from outside: they may be anything.

    Raises:
        FetchError: The catalogue could not be read to its end.
    """
    ids: set[str] = set()
    for category in sorted(filters.categories) or [""]:
        query = [("limit", _PAGE)]
        query += [(name, value) for name, value in (("category", category), ("status", filters.status)) if value]
        async for endpoint_id, model in _models(http, base, query):
            if filters.admits(endpoint_id, _object(model.get("metadata"))):
                ids.add(endpoint_id)
    return sorted(ids)


async def ask(http: Http, base: str, ids: Sequence[str]) -> dict[str, Found | Failed]:
    """The documents of up to 50 endpoints; what the catalogue does not list is not in the answer.

    Raises:
        FetchError: There was no answer for the group as a whole.
    """
    found: dict[str, Found | Failed] = {}
    query = [*[("endpoint_id", one) for one in ids], _EXPAND, ("limit", str(len(ids)))]
    async for endpoint_id, model in _models(http, base, query):
        if endpoint_id in ids and "openapi" in model:
            url = f"{base}/models?endpoint_id={endpoint_id}&{'='.join(_EXPAND)}"
            streams = url if _object(model.get("metadata")).get("stream_url") else None
            found[endpoint_id] = judge(endpoint_id, model["openapi"], url, streams)
    return found


async def _models(
    http: Http, base: str, query: Iterable[tuple[str, str]]
) -> AsyncIterator[tuple[str, dict[str, Json]]]:
    """Every model of every page, with its id."""
    seen: set[str] = set()
    cursor: list[tuple[str, str]] = []
    while True:
        reply = await http.get(f"{base}/models", (*query, *cursor))
        if reply.status != HTTPStatus.OK:
            raise refusal(reply)
        page = _object(reply.data)
        models = page.get("models")
        if not isinstance(models, list):
            raise FetchError("the catalogue answers without a list of models", is_network=True)
        for model in map(_object, models):
            endpoint_id = model.get("endpoint_id")
            if isinstance(endpoint_id, str):
                yield endpoint_id, model
        following = page.get("next_cursor")
        if not isinstance(following, str) or not following:
            return
        if following in seen:
            raise FetchError("the catalogue's pages go in a circle", is_network=True)
        seen.add(following)
        cursor = [("cursor", following)]


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}

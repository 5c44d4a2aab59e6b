"""The Platform API's catalogue: `GET https://api.fal.ai/v1/models`, a page of all or an answer for up to 50 ids.

The cursor is opaque and followed until there is none. A model may come without metadata, and with
`{"error": {"code": "expansion_failed"}}` where its document should be.
"""

# design: Who is asked for a document?

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..diagnostics import FetchError
from .answers import judge
from .http import TooMuchError, refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from ..json_text import Json
    from .answers import Failed, Found
    from .http import Http, Query

URL = "https://api.fal.ai/v1"
# Models at once. 50 is the page size of fal's own examples; how many it allows depends on the query. Of ids alone an
# answer holds as many as it likes: the fewer pages, the less they move.
GROUP = 50
_SIZES = (1000, GROUP, 20, 10)
_EXPAND = ("expand", "openapi-3.0")


class StrangeError(FetchError):
    """An answer came that is no page of a catalogue: to ask for less would not help."""

    def __init__(self, message: str) -> None:
        super().__init__(message, is_network=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """What the catalogue tells about an endpoint.

    Attributes:
        id: What it calls it, which may be anything.
        category: What kind it says it is of, if it says so.
        status: The same.
        streams: The place that says that it streams; empty where its metadata do not say so, None where it has none.
        answer: The document, or what is wrong with what is there; None where there is nothing in its place.
    """

    id: str
    category: object
    status: object
    streams: str | None
    answer: Found | Failed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage:
    """A page of the catalogue.

    Attributes:
        models: What it lists.
        following: The cursor of the next page; empty if this is the last.
        is_cut: Whether there is said to be more, and not where.
    """

    models: list[CatalogueEntry]
    following: str
    is_cut: bool


@dataclass(slots=True)
class Catalogue:
    """The catalogue, and what it turned out to give.

    Args:
        http: What asks.
        base: The Platform API.

    Attributes:
        gives_documents: Whether it gives any at all.
        refusals: What it refused and what is done instead, for people.
        unanswered: How many endpoints it was asked for that it gave no answer about, by the reason.
    """

    http: Http
    base: str
    gives_documents: bool = True
    refusals: list[str] = field(default_factory=list[str])
    unanswered: dict[str, int] = field(default_factory=dict[str, int])
    _sizes: dict[bool, int] = field(default_factory=lambda: {True: GROUP, False: _SIZES[0]})

    async def ask(self, ids: Sequence[str]) -> dict[str, CatalogueEntry]:
        """What it tells about some endpoints; those that it does not list, or gives no answer for, are not in it."""
        told: dict[str, CatalogueEntry] = {}
        at = 0
        while at < len(ids) and self.gives_documents:
            group = ids[at : at + self._sizes[True]]
            query = (*[("endpoint_id", one) for one in group], _EXPAND, ("limit", str(len(group))))
            try:
                async for page in self._pages(query):
                    told |= {one.id: one for one in page.models if one.id in group}
            except FetchError as error:
                if isinstance(error, TooMuchError) and self.asks_for_less(error, len(group), expands=True):
                    continue
                # The address may be too long a text, and the ids are the endpoints' own: the reason is enough.
                self.unanswered[str(error)] = self.unanswered.get(str(error), 0) + len(ids) - at
                break
            at += len(group)
        return told

    def remarks(self) -> list[str]:
        """What it did not give, for people."""
        said = self.refusals.copy()
        for reason, count in self.unanswered.items():
            said.append(f"no answer of the catalogue about {count} endpoints ({reason}); each was asked for by its id")
        return said

    def size(self, *, expands: bool) -> int:
        """How many models are asked for at once."""
        return self._sizes[expands]

    def asks_for_less(self, error: TooMuchError, refused: int, *, expands: bool) -> bool:
        """Whether there is less to ask for at once, after so many were refused."""
        smaller = [size for size in _SIZES if size < refused]
        if self._sizes[expands] >= refused and smaller:
            self._sizes[expands] = smaller[0]
            if refused <= GROUP:
                what = " with their documents" if expands else ""
                self.refusals.append(
                    f"the catalogue does not give {refused} endpoints{what} at once ({error}); {smaller[0]} are asked "
                    "for"
                )
        return bool(smaller)

    async def listing(self, query: Query, *, expands: bool) -> AsyncIterator[CataloguePage]:
        """The pages of the catalogue, one after the other.

        Args:
            query: What of it.
            expands: Whether the documents shall come with it.

        Raises:
            FetchError: One did not come.
        """
        query = (("limit", str(self._sizes[expands])), *query, *([_EXPAND] if expands else []))
        async for page in self._pages(query):
            yield page

    async def _pages(self, query: Query) -> AsyncIterator[CataloguePage]:
        seen: set[str] = set()
        page = await self._page(query, "")
        while True:
            yield page
            if not page.following:
                return
            if page.following in seen:
                raise StrangeError("the catalogue's pages go in a circle")
            seen.add(page.following)
            page = await self._page(query, page.following)

    async def _page(self, query: Query, cursor: str) -> CataloguePage:
        reply = await self.http.get(f"{self.base}/models", (*query, *([("cursor", cursor)] if cursor else [])))
        if reply.status != HTTPStatus.OK:
            raise refusal(reply)
        page = _object(reply.data)
        models = page.get("models")
        if not isinstance(models, list):
            raise StrangeError("the catalogue answers without a list of models")
        following = page.get("next_cursor")
        following = following if isinstance(following, str) else ""
        told = [self._told(endpoint_id, model) for model in models if (endpoint_id := _id(model)) is not None]
        return CataloguePage(models=told, following=following, is_cut=page.get("has_more") is True and not following)

    def _told(self, endpoint_id: str, model: Json) -> CatalogueEntry:
        model = _object(model)
        url = f"{self.base}/models?endpoint_id={endpoint_id}&{'='.join(_EXPAND)}"
        metadata = _object(model.get("metadata"))
        return CatalogueEntry(
            id=endpoint_id,
            category=metadata.get("category"),
            status=metadata.get("status"),
            streams=None if not metadata else url if metadata.get("stream_url") else "",
            answer=judge(endpoint_id, model["openapi"], url) if "openapi" in model else None,
        )


def _id(model: Json) -> str | None:
    endpoint_id = _object(model).get("endpoint_id")
    return endpoint_id if isinstance(endpoint_id, str) else None


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}

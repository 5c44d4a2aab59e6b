"""A walk through the catalogue's pages, and again where it may not have seen all of them.

An endpoint that is taken out of the catalogue meanwhile moves those behind it one place forward, and the first one of
the next page is never seen. No page says how many there are, so only a second look shows it: at the ids alone, of which
an answer holds many.
"""

# design: How is the catalogue read?

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..diagnostics import FetchError
from .http import TooMuchError
from .platform import StrangeError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ..project.catalogue import Filters
    from .http import Query
    from .platform import Catalogue, CatalogueEntry, CataloguePage

# How often it is looked at again while that shows something new.
_LOOKS = 3


@dataclass(slots=True)
class Walk:
    """The walk.

    Args:
        catalogue: What is walked through.
        filters: What of it is meant.
        expands: Whether documents are to come with it; no longer, once that turned out not to be possible.

    Attributes:
        ids: What is meant and was seen. They come from outside: they may be anything.
        repeated: What was seen more than once on one way.
        found_late: How many were seen only at a second look.
        doubt: Why some may not have been seen, if that is so.
    """

    catalogue: Catalogue
    filters: Filters
    expands: bool
    ids: set[str] = field(init=False, default_factory=set[str])
    repeated: set[str] = field(init=False, default_factory=set[str])
    found_late: int = field(init=False, default=0)
    doubt: str = field(init=False, default="")
    _on_two_pages: bool = field(init=False, default=False)
    _pages: int = field(init=False, default=0)

    async def pages(self) -> AsyncIterator[list[CatalogueEntry]]:
        """What is meant, page by page, each endpoint once.

        Raises:
            FetchError: A page did not come.
        """
        for query in self._queries():
            async for models in self._through(query, expands=self.expands):
                yield models

    def may_lack(self, expected: set[str]) -> bool:
        """Whether a second look is due: the pages may have moved, and only what is expected can show that they did not.

        Args:
            expected: Endpoints that should be among those seen.
        """
        if self._pages <= len(self._queries()):
            return False  # there was nothing to move
        return self._on_two_pages or not expected <= self.ids or len(self.ids) > 2 * len(expected)

    async def again(self) -> AsyncIterator[list[CatalogueEntry]]:
        """What was missed, without documents.

        Raises:
            FetchError: A page did not come.
        """
        for _ in range(_LOOKS):
            before, self._pages = len(self.ids), 0
            for query in self._queries():
                async for models in self._through(query, expands=False):
                    yield models
            self.found_late += len(self.ids) - before
            if len(self.ids) == before or self._pages == len(self._queries()):
                return
        self.doubt = "the catalogue kept changing while it was read"

    def _queries(self) -> list[Query]:
        chosen = [(("category", one), ("status", self.filters.status)) for one in sorted(self.filters.categories)]
        chosen = chosen or [(("category", ""), ("status", self.filters.status))]
        return [tuple((name, value) for name, value in one if value) for one in chosen]

    async def _through(self, query: Query, *, expands: bool) -> AsyncIterator[list[CatalogueEntry]]:
        while True:
            seen: set[str] = set()
            before = self._pages
            try:
                async for page in self.catalogue.listing(query, expands=expands):
                    yield self._new(page, seen)
            except FetchError as error:
                if isinstance(error, StrangeError) or not self._can_ask_for_less(error, expands=expands):
                    raise
                self._pages, expands = before, expands and self.expands
            else:
                return

    def _new(self, page: CataloguePage, seen: set[str]) -> list[CatalogueEntry]:
        """Those of a page that are meant and were not seen before, on this way or another."""
        self._pages += 1
        if page.is_cut:
            self.doubt = "the catalogue says that it has more pages, and not where"
        new: list[CatalogueEntry] = []
        here: set[str] = set()
        for one in page.models:
            if one.id in seen or one.id in here:
                self.repeated.add(one.id)
            here.add(one.id)
            if one.id not in self.ids and self.filters.admits(one.id, one.category, one.status):
                self.ids.add(one.id)
                new.append(one)
        self._on_two_pages |= not seen.isdisjoint(here)
        seen |= here
        return new

    def _can_ask_for_less(self, error: FetchError, *, expands: bool) -> bool:
        """Fewer at once; then ids without documents, which also helps where documents make an answer fail."""
        if isinstance(error, TooMuchError):
            if self.catalogue.asks_for_less(error, self.catalogue.size(expands=expands), expands=expands):
                return True
            self.catalogue.gives_documents &= not expands
        elif not error.is_network:
            return False
        if expands:
            self.catalogue.refusals.append(f"the catalogue gives no pages with documents ({error}); its ids are listed")
            self.expands = False
        return expands

"""What the catalogue lists, and whose document came with the list; whose did not is asked for afterwards.

No more than a page of documents is in memory at once.
"""

# design: How is the catalogue read?

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .answers import Failed, Found, plain
from .places import Places, is_doubtful
from .platform import GROUP, Catalogue
from .walk import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from ..project.catalogue import Filters
    from .platform import CatalogueEntry

# Ids that a remark names.
_NAMED = 3


@dataclass(slots=True)
class Discovery:
    """What was found in the catalogue.

    Args:
        places: Which endpoint has which place here.
        listed: Is told page by page how many endpoints were seen.
        left_alone: Endpoints whose documents are not taken from the list.
        expected: Endpoints that the list should have.

    Attributes:
        taken: Endpoints whose document came with the list.
        held: Documents of ids that may turn out to be a wrong spelling of another.
        broken: What stands in a document's place.
        refused: What can have no document here.
        streams: What is told of who streams, as `CatalogueEntry` has it.
    """

    places: Places
    listed: Callable[[int], None]
    left_alone: set[str]
    expected: set[str]
    taken: set[str] = field(init=False, default_factory=set[str])
    held: dict[str, Found] = field(init=False, default_factory=dict[str, Found])
    broken: dict[str, Failed] = field(init=False, default_factory=dict[str, Failed])
    refused: dict[str, Failed] = field(init=False, default_factory=dict[str, Failed])
    streams: dict[str, str] = field(init=False, default_factory=dict[str, str])
    _walk: Walk | None = field(init=False, default=None)
    _rest: list[str] = field(init=False, default_factory=list[str])

    async def documents(
        self, catalogue: Catalogue, filters: Filters, *, expands: bool
    ) -> AsyncIterator[dict[str, Found]]:
        """The documents that come with the list, page by page.

        Args:
            catalogue: What is read.
            filters: What of it is meant.
            expands: Whether documents shall come with it.

        Raises:
            FetchError: A page did not come.
        """
        self._walk = walk = Walk(catalogue, filters, expands)
        async for models in walk.pages():
            yield self._sort_page(models)
        if not walk.doubt and walk.may_lack(self.expected):
            async for models in walk.again():
                yield self._sort_page(models)

    def _sort_page(self, models: list[CatalogueEntry]) -> dict[str, Found]:
        self.listed(self.count)
        documents = {told.id: document for told in models if (document := self._sort_in(told)) is not None}
        self.taken |= documents.keys()
        return documents

    def _sort_in(self, told: CatalogueEntry) -> Found | None:
        """The document of an endpoint, if it can be taken now."""
        if self.places.problem(told.id) is not None:
            self.refuse(told.id)
            return None
        if told.streams is not None:
            self.streams[told.id] = told.streams
        if isinstance(told.answer, Found) and told.id not in self.left_alone:
            if not is_doubtful(told.id, told.answer):
                self.places.give(told.id)
                return told.answer
            if len(self.held) < GROUP:
                self.held[told.id] = told.answer
        elif isinstance(told.answer, Failed):
            self.broken[told.id] = told.answer
        self._rest.append(told.id)
        return None

    def refuse(self, endpoint_id: str) -> None:
        """Note that an id can have no document here."""
        problem = self.places.problem(endpoint_id) or ""
        self.refused[ascii(endpoint_id)[1:-1]] = Failed(problem=problem, is_network=False)

    def rivals(self) -> list[list[str]]:
        """Ids that are to be asked for, those together that differ only by case; now that all are known."""
        by_case: dict[str, list[str]] = {}
        for one in self._rest:
            if self.places.problem(one) is None:
                by_case.setdefault(one.casefold(), []).append(one)
            else:
                self.refuse(one)
        return list(by_case.values())

    @property
    def count(self) -> int:
        """How many endpoints were seen."""
        return 0 if self._walk is None else len(self._walk.ids)

    @property
    def doubt(self) -> str:
        """Why some of the catalogue may not have been seen, if that is so."""
        return "" if self._walk is None else self._walk.doubt

    def remarks(self) -> list[str]:
        """What is odd about the catalogue, for people."""
        walk = self._walk
        said: list[str] = []
        if walk is not None and walk.repeated:
            named = _few(walk.repeated)
            said.append(f"the catalogue lists {len(walk.repeated)} more than once ({named}); the first counts")
        if walk is not None and walk.found_late:
            said.append(
                f"the catalogue changed while it was read; a second look showed {walk.found_late} that had been missed"
            )
        return said


def _few(ids: Iterable[str]) -> str:
    """Some of many ids."""
    shown = sorted(ids)
    return ", ".join(map(plain, shown[:_NAMED])) + (" …" if len(shown) > _NAMED else "")

"""Where in an output a value stands, and what is known there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .hints import examples_of
from .kinds import is_list, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Lists that have an item for each file.
_GOES_WITH = re.compile(r"nsfw|seeds$")


def _texts(value: Any) -> Iterator[str]:
    """A text itself; of an object that tells of a file, its URL; of a list, that of each."""
    if isinstance(value, str):
        yield value
    elif is_object(value):
        yield from _texts(value.get("url"))
    elif is_list(value):
        for one in value:
            yield from _texts(one)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of an output.

    Attributes:
        path: The way there: `images.0.url`.
        name: Of the property that it is in.
        told: What the document says of it: descriptions, and URLs of examples.
        depth: How many objects and lists it is in.
        number: Which item of a list it is in.
        attempt: How often something was made there that would not do.
        references: Those that lead there.
        facts: Of the file that it belongs to, by fal's names.
        count: How many items it is to have, where another list says so.
    """

    path: str = ""
    name: str = ""
    told: tuple[str, ...] = ()
    depth: int = 0
    number: int = 0
    attempt: int = 0
    references: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    count: int | None = None

    def within(self, schema: Mapping[str, Any], references: frozenset[str]) -> Place:
        """The same place, when its schema has been read."""
        found = [schema.get("description"), *examples_of(schema, 0)]
        told = tuple(text for one in found for text in _texts(one) if text not in self.told)
        return replace(self, told=(*self.told, *told), references=self.references | references)

    def below(self, name: str, facts: Mapping[str, Any]) -> Place:
        """A property of it."""
        path = f"{self.path}.{name}".strip(".")
        return replace(
            self, path=path, name=name, told=(), depth=self.depth + 1, number=0, attempt=0, facts=facts, count=None
        )

    def item(self, number: int) -> Place:
        """An item of it."""
        path = f"{self.path}.{number}".strip(".")
        return replace(self, path=path, depth=self.depth + 1, number=number, attempt=0, count=None)

    def again(self, attempt: int) -> Place:
        """The same place, when what was made there would not do."""
        return replace(self, attempt=self.attempt + attempt)

    def counted(self, count: int | None) -> Place:
        """The same place, a list of so many items; only for what goes with another list."""
        return replace(self, count=count) if _GOES_WITH.search(self.name) else self

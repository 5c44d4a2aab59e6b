"""A JSON value and its place in a document: what the first stages read, so that a finding can tell where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .diagnostics import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .json_text import Json


class Node(NamedTuple):
    """A value, and the steps that lead to it: the pointer is spelled out only where somebody asks.

    Attributes:
        value: The JSON value; None where there is none.
        document: The document's path, as messages show it.
        above: What it is a part of; None for the whole document.
        key: Where it is in there.
    """

    value: Json
    document: str
    above: Node | None = None
    key: str | int = ""

    @property
    def source(self) -> Source:
        """The place."""
        return Source(path=self.document).child(*reversed(list(self._steps())))

    @property
    def reach(self) -> int:
        """How many characters the names on the way to it have."""
        return sum(len(str(key)) for key in self._steps())

    def _steps(self) -> Iterator[str | int]:
        """The keys that lead to it, the last one first."""
        node = self
        while node.above is not None:
            yield node.key
            node = node.above

    def get(self, *keys: str) -> Node:
        """The value below, step by step; None (null) where a step is missing."""
        node = self
        for key in keys:
            value = node.value.get(key) if isinstance(node.value, dict) else None
            node = Node(value, self.document, node, key)
        return node

    def items(self) -> list[Node]:
        """The items, if this is a list; else none."""
        if not isinstance(self.value, list):
            return []
        return [Node(item, self.document, self, index) for index, item in enumerate(self.value)]

    def members(self) -> Mapping[str, Json]:
        """The members, if this is an object; else none."""
        return self.value if isinstance(self.value, dict) else {}

    def text(self) -> str:
        """The value, if it is a string; else the empty string."""
        return self.value if isinstance(self.value, str) else ""

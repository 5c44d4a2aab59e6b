"""`type_table.json`: the shared types of fal's catalogue, with the names that every project gives them.

Names follow use: of several structures with one name, the one that most endpoints have is called by the plain name, and
a later one has a name that a person gave it, with the reason, or a number. `python -m generator census` makes the
table. After the first release an entry never changes its name: it would rename a public class.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .stored import restore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..json_text import Json
    from ..shapes import ObjectDef

TABLE_PATH = Path(__file__).with_name("type_table.json")
_FORMAT = 1
_KINDS = ("models", "params")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One type of the table.

    Attributes:
        kind: `models` (outputs) or `params` (inputs).
        name: Its class.
        component: The name the documents give it, as a class name.
        digest: Of its structure.
        endpoints: How many endpoints of the census have it.
        reason: Why it has that name, where a person gave it.
        definition: Its structure without prose, as `stored.py` writes it.
    """

    kind: str
    name: str
    component: str
    digest: str
    endpoints: int
    reason: str = ""
    definition: Json = None

    def structure(self) -> ObjectDef:
        """Its structure; what it mentions goes by the names of the table."""
        return restore(self.definition)


@dataclass(frozen=True, slots=True)
class TypeTable:
    """The entries, by kind and name."""

    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict[tuple[str, str], Entry])
    _names: dict[tuple[str, str, str], str] = field(init=False, default_factory=dict[tuple[str, str, str], str])
    _components: set[tuple[str, str]] = field(init=False, default_factory=set[tuple[str, str]])

    def __post_init__(self) -> None:
        """Make the ways in."""
        for (kind, name), one in self.entries.items():
            self._names[kind, one.component, one.digest] = name
            self._components.add((kind, one.component))

    def name(self, kind: str, component: str, digest: str) -> str:
        """The name of a structure; empty if it is not in the table."""
        return self._names.get((kind, component, digest), "")

    def names_of(self, kind: str) -> set[str]:
        """The names of all classes of a kind."""
        return {name for of, name in self.entries if of == kind}

    def gives(self, kind: str, name: str) -> bool:
        """Whether a class is called so."""
        return (kind, name) in self.entries

    def has(self, kind: str, component: str) -> bool:
        """Whether the name belongs to the table: a structure of that name is in it, or a class that is called so."""
        return (kind, component) in self._components or self.gives(kind, component)

    def is_numbered(self, one: Entry) -> bool:
        """Whether a name is the plain one with a number behind it."""
        return one.name != one.component and one.name.removeprefix(one.component).isdigit()

    def is_tie(self, one: Entry) -> bool:
        """Whether a type has the plain name of its component though another is as common."""
        others = (
            other for other in self.entries.values() if (other.kind, other.component) == (one.kind, one.component)
        )
        return one.name == one.component and any(
            other is not one and other.endpoints >= one.endpoints for other in others
        )

    def plain(self, kind: str, component: str) -> Entry | None:
        """The structure that has the plain name of a component."""
        found = self.entries.get((kind, component))
        return found if found is not None and found.component == component else None


def table_of(entries: Iterable[Entry]) -> TypeTable:
    """The table of some entries.

    Raises:
        ValueError: Two of them have one name, or one structure.
    """
    named: dict[tuple[str, str], Entry] = {}
    structures: dict[tuple[str, str, str], str] = {}
    for one in entries:
        if (one.kind, one.name) in named:
            raise ValueError(f"{one.kind}.{one.name} is there twice")
        other = structures.setdefault((one.kind, one.component, one.digest), one.name)
        if other != one.name:
            raise ValueError(f"{one.kind}: {other} and {one.name} are one structure")
        named[one.kind, one.name] = one
    return TypeTable(named)


def render_table(table: TypeTable) -> str:
    """The file's text: a line for each entry."""
    parts = [f'  "format": {_FORMAT}']
    for kind in _KINDS:
        lines = [
            f"    {json.dumps(one.name)}: {_line(one)}" for _, one in sorted(table.entries.items()) if one.kind == kind
        ]
        parts.append(f'  "{kind}": {{\n' + ",\n".join(lines) + "\n  }" if lines else f'  "{kind}": {{}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(one: Entry) -> str:
    reason = {"reason": one.reason} if one.reason else {}
    known = {"component": one.component, "digest": one.digest, "endpoints": one.endpoints}
    return json.dumps({**known, **reason, "definition": one.definition}, ensure_ascii=False)


def parse_table(text: str) -> TypeTable:
    """The table that `render_table` wrote.

    Raises:
        ValueError: This is none; a KeyError, a TypeError or an AttributeError likewise.
    """
    document = cast("dict[str, Json]", json.loads(text))
    if document["format"] != _FORMAT:
        raise ValueError(f"format {document['format']!r} is not known to this version")
    tables = {kind: cast("dict[str, dict[str, Json]]", document[kind]) for kind in _KINDS}
    return table_of(
        Entry(
            kind=kind,
            name=name,
            component=cast("str", one["component"]),
            digest=cast("str", one["digest"]),
            endpoints=cast("int", one["endpoints"]),
            reason=cast("str", one.get("reason", "")),
            definition=one["definition"],
        )
        for kind, entries in tables.items()
        for name, one in entries.items()
    )


@cache
def shipped_table() -> TypeTable:
    """The table that comes with the generator."""
    return parse_table(TABLE_PATH.read_text(encoding="utf-8"))

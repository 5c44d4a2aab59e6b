"""Which types the fields belong to that a page prints without the types' names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.docs.describe import UNKNOWN, Fields

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Partition:
    """The fields, type by type.

    Attributes:
        types: Each type that was found, with its fields on the page.
        rest: What belongs to none.
    """

    types: tuple[tuple[str, Fields], ...]
    rest: Fields


def partition(pool: Fields, types: Mapping[str, Fields]) -> Partition:
    """Cut the fields into types: at each place the one of the types not found yet that fits most of what follows."""
    found: list[tuple[str, Fields]] = []
    rest: list[int] = []
    at = 0
    while at < len(pool):
        left = {name: fields for name, fields in types.items() if name not in {one for one, _ in found} and fields}
        name = max(left, key=lambda one: _fit(pool, at, left[one]), default=None)
        size = len(left[name]) if name is not None else 0
        if name is None or _fit(pool, at, left[name]) * 2 <= size:
            rest.append(at)
            at += 1
        else:
            found.append((name, pool[at : at + size]))
            at += size
    return Partition(tuple(found), tuple(pool[index] for index in rest))


def _fit(pool: Fields, at: int, fields: Fields) -> int:
    """How many fields stand where the type has them; none if it does not begin here."""
    if pool[at].name is UNKNOWN:
        return 0
    return sum(ours.name == theirs.name for ours, theirs in zip(pool[at:], fields, strict=False))

"""`x-file`: which texts of an input may be given as a file, and which objects of an output are one (a part of schemas).

It is the one word in the package's schemas that is not the document's. It stands where a value is described, beside
`type`: a list of files has it on its `items`.
"""

# design: What marks a file in a schema?

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..media_limits import MediaLimits, numbers
from ..shapes import ArrayShape, MapShape, UnionShape
from .file_limits import file_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..json_text import Json
    from ..node import Node
    from ..shapes import Shape

KEY = "x-file"
# Keywords whose schemas are about the same value.
_SAME = ("allOf", "anyOf", "oneOf")
_POSITIONS = "prefixItems"


# The steps from a property to its files: none, or into the items of a list, or the values of an object.
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMark:
    """What is said of the files in a property.

    Attributes:
        places: Where they stand.
        or_name: Whether a text may be a name or an id, too.
        limits: What the files must be like, and of which kind; None where the document does not tell.
    """

    places: tuple[Steps, ...]
    or_name: bool = False
    limits: MediaLimits | None = None


# By the pointer of a property in its document.
Marks = dict[str, FileMark]


def places_in(shape: Shape, is_file: Callable[[Shape], bool]) -> tuple[Steps, ...]:
    """Where files stand in a property of a shape."""
    return tuple(sorted(set(_steps(shape, is_file, ()))))


def _steps(shape: Shape, is_file: Callable[[Shape], bool], steps: Steps) -> Iterator[Steps]:
    match shape:
        case ArrayShape(items=inner):
            yield from _steps(inner, is_file, (*steps, "items"))
        case MapShape(values=inner):
            yield from _steps(inner, is_file, (*steps, "additionalProperties"))
        case UnionShape(members=members):
            for member in members:
                yield from _steps(member, is_file, steps)
        case _ if is_file(shape):
            yield steps
        case _:
            pass


def marked(made: Json, schema: Node, mark: FileMark, components: Mapping[str, Node]) -> Json:
    """A property's schema with its mark.

    Args:
        made: The schema as it will be carried.
        schema: The same in the document.
        mark: The mark.
        components: Those of the document.
    """
    if not isinstance(made, dict):
        return made
    limits = mark.limits or MediaLimits()
    if not limits.kind:
        limits = replace(limits, kind=file_kind(schema, str(schema.key), components))
    said: dict[str, Json] = {
        **({"kind": limits.kind} if limits.kind else {}),
        **({"or_name": True} if mark.or_name else {}),
        **numbers(limits),
    }
    for steps in mark.places:
        _put(made, steps, said)
    return made


def _put(made: dict[str, Json], steps: Steps, said: dict[str, Json]) -> None:
    if not steps:
        made[KEY] = dict(said)
        return
    keyword, *rest = steps
    # Where a reference leads to what says it, others may refer to the same: it is said beside the reference.
    for one in [*_saying(made, keyword)] or [made]:
        for below in _below(one, keyword):
            _put(below, tuple(rest), said)


def _saying(made: dict[str, Json], keyword: str) -> Iterator[dict[str, Json]]:
    """The schemas with a keyword among those about one value."""
    if keyword in made or (keyword == "items" and _POSITIONS in made):
        yield made
    for key in _SAME:
        parts = made.get(key)
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict):
                yield from _saying(part, keyword)


def _below(made: dict[str, Json], keyword: str) -> list[dict[str, Json]]:
    positions = made.get(_POSITIONS) if keyword == "items" else None
    found = [*positions] if isinstance(positions, list) else [made.setdefault(keyword, {})]
    return [one for one in found if isinstance(one, dict)]

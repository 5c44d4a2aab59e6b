"""When two definitions are one type: a canonical text of what a user can see of them (what stage share compares).

What is emitted alike is alike. Names of properties, their Python types, limits, documented defaults and whether further
properties are welcome count. Prose, titles, examples, string formats, the order of properties and of enum members do
not. Neither do the names of the object types that a definition mentions: their structure does.

Required is what a user meets: an output that may be left out and one that may be null both read as `T | None`; an
input with a default need not be given. The marks of files count for inputs, which alone take any.
"""

# design: When are two definitions one type?

from __future__ import annotations

import hashlib
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, assert_never

from ..json_text import Json, canonical
from ..limits import STEPS, OverLimitError
from ..shapes import (
    AnyShape,
    ArrayShape,
    BooleanShape,
    Bounds,
    EnumShape,
    IntegerShape,
    MapShape,
    NullShape,
    NumberShape,
    ObjectDef,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
    references,
    union,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..diagnostics import Source
    from ..shapes import Property


class _TangledError(Exception):
    """Types lead to each other in more ways than can be followed."""


def refuse_tangled(objects: Mapping[str, ObjectDef], source: Source) -> None:
    """Make sure that a document's types can be compared in bounded time: those in circles are followed along every way.

    Args:
        objects: The types.
        source: Where they stand.

    Raises:
        OverLimitError: They cannot.
    """
    try:
        TopologicalSorter({name: mentions(definition) for name, definition in objects.items()}).prepare()
    except CycleError:
        try:
            digests(objects, outputs=False)
        except _TangledError:
            message = f"types lead back to each other in more than {STEPS:,} ways"
            raise OverLimitError(message, source) from None


def digests(objects: Mapping[str, ObjectDef], *, outputs: bool, of: Iterable[str] | None = None) -> dict[str, str]:
    """A digest for each of one document's object types, as outputs or as inputs: equal digests, equal structure.

    Args:
        objects: All of them.
        outputs: Whether they are digested as outputs.
        of: Those that are asked for; by default all.
    """
    unfold = _Unfold(objects, outputs=outputs)
    return {name: unfold(name) for name in (objects if of is None else of)}


class _Unfold:
    """Digests a type with all it mentions; a type met again on the way stands for its distance upwards."""

    def __init__(self, objects: Mapping[str, ObjectDef], *, outputs: bool) -> None:
        self._objects = objects
        self._outputs = outputs
        self._known: dict[str, str] = {}
        self._path: list[str] = []
        self._steps = 0
        self._highest = 0  # the topmost step of the path that the type being digested leads back to

    def __call__(self, name: str) -> str:
        if name in self._known:
            return self._known[name]
        if name in self._path:
            at = self._path.index(name)
            self._highest = min(self._highest, at)
            return f"up {len(self._path) - at}"
        self._steps += 1
        if self._steps > STEPS:
            raise _TangledError
        outer, depth = self._highest, len(self._path)
        self._highest = depth
        self._path.append(name)
        definition = self._objects[name]
        seen = _output if self._outputs else _input
        digest = _hash(seen(definition, {ref: self(ref) for ref in mentions(definition)}))
        self._path.pop()
        if self._highest >= depth:  # it leads to nothing above itself, so it means the same wherever it is met
            self._known[name] = digest
        self._highest = min(self._highest, outer)
        return digest


def mentions(definition: ObjectDef) -> list[str]:
    """The object types that a definition mentions, once each, in order."""
    shapes = [p.shape for p in definition.properties] + ([] if definition.extra is None else [definition.extra])
    return list(dict.fromkeys(ref for shape in shapes for ref in references(shape)))


def reached(roots: Iterable[str], objects: Mapping[str, ObjectDef]) -> list[str]:
    """The object types that some of a document lead to, these first and the nearest before the others, once each."""
    seen: dict[str, None] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen[name] = None
            waiting += mentions(objects[name])
    return list(seen)


def _hash(value: Json) -> str:
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def may_be_none(prop: Property) -> bool:
    """Whether an output's field can read as None: the server may leave it out, or send null."""
    return not prop.required or NullShape() in (prop.shape.members if isinstance(prop.shape, UnionShape) else ())


def _output(definition: ObjectDef, names: Mapping[str, str]) -> Json:
    return {
        "properties": {
            p.wire_name: {
                "shape": _shape(union([p.shape, NullShape()]) if may_be_none(p) else p.shape, names),
                "required": not may_be_none(p),
                "default": p.default,
            }
            for p in definition.properties
        },
        "open": definition.extra is not None,
    }


def _input(definition: ObjectDef, names: Mapping[str, str]) -> Json:
    return {
        "properties": {
            p.wire_name: {
                "shape": _shape(p.shape, names),
                "required": p.required and p.default is None,
                "default": p.default,
                "file": p.marked,
            }
            # Only where there is one: what is pinned already knows nothing of exceptions.
            | ({"exception": p.exception} if p.exception else {})
            for p in definition.properties
        },
        "extra": None if definition.extra is None else _shape(definition.extra, names),
    }


def _shape(shape: Shape, names: Mapping[str, str]) -> Json:  # noqa: C901  (one case for each shape)
    match shape:
        case AnyShape():
            return "any"
        case NullShape():
            return "null"
        case BooleanShape():
            return "boolean"
        case IntegerShape(bounds=limits):
            return ["integer", *_bounds(limits)]
        case NumberShape(bounds=limits):
            return ["number", *_bounds(limits)]
        case StringShape():
            return ["string", shape.min_length, shape.max_length, shape.pattern]
        case EnumShape(members=members):
            return ["enum", *sorted(members, key=canonical)]
        case ArrayShape():
            return ["array", _shape(shape.items, names), shape.min_items, shape.max_items, shape.unique]
        case MapShape(values=values):
            return ["map", _shape(values, names)]
        case UnionShape(members=members):
            distinct = {canonical(one): one for one in (_shape(m, names) for m in members)}
            return ["union", *(distinct[text] for text in sorted(distinct))]
        case RefShape(name=name):
            return ["ref", names[name]]
        case _:
            assert_never(shape)


def _bounds(limits: Bounds) -> list[Json]:
    return [limits.ge, limits.gt, limits.le, limits.lt, limits.multiple_of]

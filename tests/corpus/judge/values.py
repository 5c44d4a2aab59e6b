"""Which values a schema allows, and whether another allows them too."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, inf
from typing import Any, TypeAlias

Schema: TypeAlias = Any
PREFIX = "#/components/schemas/"


@dataclass(frozen=True)
class Anything:
    """Every value."""


@dataclass(frozen=True)
class One:
    """A single value, as its JSON: null, true, a member of an enum."""

    text: str


@dataclass(frozen=True)
class Numbers:
    """Numbers between two ends, which may be left out; of a step, which is 0 where any number between goes."""

    whole: bool
    low: float = -inf
    high: float = inf
    above_low: bool = False
    below_high: bool = False
    step: Fraction = Fraction(0)


@dataclass(frozen=True)
class Texts:
    """Texts of some lengths."""

    shortest: int = 0
    longest: float = inf
    pattern: str = ""


@dataclass(frozen=True)
class Lists:
    """Lists of some lengths."""

    items: Alternatives
    fewest: int = 0
    most: float = inf
    distinct: bool = False


@dataclass(frozen=True)
class Maps:
    """Objects whose keys are data."""

    values: Alternatives


@dataclass(frozen=True)
class Thing:
    """An object with properties, by the name of its schema."""

    name: str


Atom: TypeAlias = Anything | One | Numbers | Texts | Lists | Maps | Thing
Alternatives: TypeAlias = frozenset[Atom]
ANYTHING: Alternatives = frozenset({Anything()})
NULL = One("null")
_BOOLEANS = frozenset({One("true"), One("false")})


@dataclass
class Reader:
    """Reads the schemas of one document.

    Attributes:
        components: Those that have a name.
        limits: Whether bounds, lengths and patterns count: they are no part of an output's Python type.
        things: Every object that was met, by name.
    """

    components: dict[str, Schema]
    limits: bool
    things: dict[str, Schema] = field(default_factory=dict[str, Schema])
    _open: list[str] = field(default_factory=list[str])

    def read(self, schema: Schema, name: str) -> Alternatives:
        """The alternatives of a schema; `name` is what an object that stands in the open is called."""
        if not isinstance(schema, dict):
            return ANYTHING
        found = self._bare(schema, name)
        found |= {NULL} if schema.get("nullable") is True else set[Atom]()
        return ANYTHING if Anything() in found else found

    def _bare(self, schema: dict[str, Any], name: str) -> Alternatives:
        if "$ref" in schema:
            return self._named(str(schema["$ref"]).removeprefix(PREFIX))
        if "allOf" in schema:
            return self._all(schema["allOf"], name)
        for union in ("anyOf", "oneOf"):
            if union in schema:
                parts = schema[union]
                if "enum" in schema:
                    return members(schema["enum"]) | {NULL for part in parts if part.get("type") == "null"}
                called = [name] if len(parts) == 1 else [f"{name}Option{index}" for index in range(1, len(parts) + 1)]
                return frozenset[Atom]().union(*map(self.read, parts, called)) if parts else ANYTHING
        if "const" in schema or "enum" in schema:
            return members([schema["const"]] if "const" in schema else schema["enum"])
        kinds = schema.get("type", "object" if "properties" in schema else None)
        listed = kinds if isinstance(kinds, list) else [kinds]
        return frozenset[Atom]().union(*(self._typed(schema, kind, name) for kind in listed)) if listed else ANYTHING

    def _named(self, name: str) -> Alternatives:
        if name in self._open:
            return frozenset({Thing(name)}) if "properties" in self.components[name] else ANYTHING
        if name not in self.components:
            return ANYTHING
        self._open.append(name)
        found = self.read(self.components[name], name)
        self._open.pop()
        return found

    def _all(self, parts: list[Schema], name: str) -> Alternatives:
        """One part is that part; several objects are the object with all their properties."""
        if len(parts) == 1:
            return self.read(parts[0], name)
        read = [self.read(part, f"{name}Part{index}") for index, part in enumerate(parts, 1)]
        things = [atom for one in read for atom in one if isinstance(atom, Thing)]
        if len(things) != len(read):
            return ANYTHING
        whole = [self.things[one.name] for one in things]
        properties = {key: part for one in whole for key, part in one["properties"].items()}
        required = [key for one in whole for key in one.get("required", [])]
        self.things[name] = {**whole[0], "properties": properties, "required": required}
        return frozenset({Thing(name)})

    def _typed(self, schema: dict[str, Any], kind: Any, name: str) -> Alternatives:
        match kind:
            case "object":
                return frozenset({self._object(schema, name)})
            case "array":
                return frozenset({self._list(schema, name)})
            case "string" if self.limits:
                most = schema.get("maxLength", inf)
                return frozenset({Texts(schema.get("minLength", 0), most, schema.get("pattern", ""))})
            case "string":
                return frozenset({Texts()})
            case "integer" | "number":
                return frozenset({numbers(schema, whole=kind == "integer") if self.limits else Numbers(kind[0] == "i")})
            case "boolean":
                return _BOOLEANS
            case "null":
                return frozenset({NULL})
            case _:
                return ANYTHING

    def _object(self, schema: dict[str, Any], name: str) -> Atom:
        if not schema.get("properties"):
            extra = schema.get("additionalProperties")
            return Maps(self.read(extra, name + "Value") if extra and isinstance(extra, dict) else ANYTHING)
        self.things[name] = schema
        return Thing(name)

    def _list(self, schema: dict[str, Any], name: str) -> Atom:
        items = schema.get("items")
        positions = schema.get("prefixItems") or _spread(items)
        if positions:
            read = [self.read(part, f"{name}Item{index}") for index, part in enumerate(positions, 1)]
            joined = frozenset[Atom]().union(*read)
            few, many = (len(positions), len(positions)) if self.limits else (0, inf)
            return Lists(ANYTHING if Anything() in joined else joined, few, many)
        inner = self.read(items, name + "Item")
        if not self.limits:
            return Lists(inner)
        return Lists(inner, schema.get("minItems", 0), schema.get("maxItems", inf), schema.get("uniqueItems") is True)


def _spread(items: Schema) -> list[Schema]:
    """A tuple's positions where they became keys: `{"0": …, "1": …}`."""
    keys = sorted(items, key=len) if isinstance(items, dict) else []
    return [items[key] for key in sorted(keys, key=int)] if keys and all(key.isdecimal() for key in keys) else []


def members(listed: list[Any]) -> Alternatives:
    """The members of an enum."""
    plain = [int(one) if isinstance(one, float) and one.is_integer() else one for one in listed]
    if not plain or any(isinstance(one, float | list | dict) for one in plain):
        return ANYTHING
    return frozenset(One(json.dumps(one)) for one in plain)


def numbers(schema: dict[str, Any], *, whole: bool) -> Numbers:
    """The numbers within a schema's bounds; of whole ones the ends are whole, too."""
    low, high = schema.get("minimum", -inf), schema.get("maximum", inf)
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if above is True or (type(above) in (int, float) and above >= low):
        low, above = (low, True) if above is True else (above, True)
    if below is True or (type(below) in (int, float) and below <= high):
        high, below = (high, True) if below is True else (below, True)
    step = Fraction(repr(schema["multipleOf"])) if schema.get("multipleOf") else Fraction(0)
    if not whole:
        return Numbers(False, low, high, above is True, below is True, step)
    if low != -inf:
        low = floor(low) + 1 if above is True else ceil(low)
    if high != inf:
        high = ceil(high) - 1 if below is True else floor(high)
    return Numbers(True, low, high, step=Fraction(step.numerator) if step else Fraction(1))


# --- comparing -------------------------------------------------------------------------------------------------------


@dataclass
class Matched:
    """Which objects of one document are what became of which of the other: those are compared apart."""

    pairs: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def lost(self, before: Alternatives, after: Alternatives, *, back: bool = False) -> set[Atom]:
        """What went before and does not now; `back` where the second of each pair stands first."""
        return {one for one in before if not self._covered(one, after, back=back)}

    def _covered(self, one: Atom, others: Alternatives, *, back: bool) -> bool:
        if Anything() in others or one in others - {other for other in others if isinstance(other, Thing)}:
            return True
        return any(self._within(one, other, back=back) for other in others)

    def _within(self, one: Atom, other: Atom, *, back: bool) -> bool:
        match one, other:
            case Thing(x), Thing(y):
                return ((y, x) if back else (x, y)) in self.pairs
            case Numbers(), Numbers():
                return _numbers_within(one, other)
            case One(text), Numbers() | Texts():
                return _value_within(json.loads(text), other)
            case Texts(), Texts():
                within = one.shortest >= other.shortest and one.longest <= other.longest
                return within and other.pattern in ("", one.pattern)
            case Lists(), Lists():
                within = one.fewest >= other.fewest and one.most <= other.most and one.distinct >= other.distinct
                return within and not self.lost(one.items, other.items, back=back)
            case Maps(x), Maps(y):
                return not self.lost(x, y, back=back)
            case _:
                return False


def _numbers_within(one: Numbers, other: Numbers) -> bool:
    if other.whole and not one.whole:
        return False
    low = one.low > other.low or (one.low == other.low and one.above_low >= other.above_low)
    high = one.high < other.high or (one.high == other.high and one.below_high >= other.below_high)
    stepped = not other.step or (bool(one.step) and (one.step / other.step).denominator == 1)
    return low and high and stepped


def _value_within(value: Any, other: Numbers | Texts) -> bool:
    if isinstance(other, Texts):
        # Of a pattern nothing is said: no two engines read it alike.
        return isinstance(value, str) and not other.pattern and other.shortest <= len(value) <= other.longest
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return _numbers_within(Numbers(True, value, value, step=Fraction(value) if value else Fraction(1)), other)

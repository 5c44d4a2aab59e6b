"""What a JSON Schema says at a place, its references followed and its parts put together."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from .kinds import is_object, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Kinds that are tried of several unions that stand together.
_MOST_PAIRS = 60
# One word each, of what both parts of an `allOf` say: which of the two holds.
_LOWEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_HIGHEST = ("uniqueItems", "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_NEVER: dict[str, Any] = {"enum": []}


class Reading:
    """A document's own schema, in which its references lead.

    Args:
        root: JSON Schema (2020-12); what OpenAPI 3.0 says otherwise is understood too.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def target(self, reference: str) -> Any:
        """The schema a reference names; one that allows everything where it names none."""
        found: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            found = found.get(name, {}) if is_object(found) else {}
        return found

    def flat(self, schema: Any, within: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The same schema without `$ref`, `allOf` and `oneOf`: `anyOf` stands for the last and for `if`."""
        if not is_object(schema):
            return _NEVER if schema is False else {}
        own: dict[str, Any] = dict(schema)
        parts: list[Any] = list(own.pop("allOf", []))
        if (name := own.pop("$ref", None)) and name not in within:  # what is itself and more is that more
            parts.insert(0, self.target(name))
            within |= {name}
        if "oneOf" in own:
            parts.append({"anyOf": own.pop("oneOf")})
        if "if" in own:
            then = {"allOf": [own.pop("if"), own.pop("then", True)]}
            parts.append({"anyOf": [then, own.pop("else", True)]})
        own = as_2020(own)
        for part in parts:
            own = both(own, self.flat(part, within))
        return own

    def entered(self, schema: Any) -> frozenset[str]:
        """The references that a schema is itself."""
        return frozenset(self._references(schema, ("allOf",)))

    def leads_to(self, schema: Any) -> frozenset[str]:
        """The references that a schema is, may be, or has as items."""
        return frozenset(self._references(schema, ("allOf", "anyOf", "oneOf", "prefixItems")))

    def _references(self, schema: Any, lists: tuple[str, ...], seen: frozenset[str] = frozenset()) -> Iterator[str]:
        if not is_object(schema):
            return
        one: dict[str, Any] = schema
        parts = [part for key in lists for part in one.get(key, [])]
        if len(lists) > 1:
            parts += [one.get("items"), one.get("additionalProperties")]
        if (name := one.get("$ref")) and name not in seen:
            yield name
            seen |= {name}
            parts.append(self.target(name))
        for part in parts:
            yield from self._references(part, lists, seen)

    def height(self, schema: Any, within: frozenset[str] = frozenset()) -> float:
        """How deep the least value of a schema is; infinite where a type needs itself.

        Args:
            schema: Any schema of this document.
            within: The references that lead here.
        """
        if not is_object(schema):
            return 0
        one: dict[str, Any] = schema
        if one.get("nullable") is True or "enum" in one or "const" in one or "null" in types(one):
            return 0
        needs = [self.height(part, within) for part in one.get("allOf", [])]
        if "$ref" in one:
            name: str = one["$ref"]
            needs.append(inf if name in within else self.height(self.target(name), within | {name}))
        for union in ("anyOf", "oneOf"):
            if union in one:
                needs.append(min((self.height(part, within) for part in one[union]), default=inf))
        properties: dict[str, Any] = one.get("properties", {})
        needs += [1 + self.height(properties.get(name, {}), within) for name in one.get("required", [])]
        if one.get("minItems", 0) > 0:
            needs.append(1 + self.height(one.get("items"), within))
        return max(needs, default=0)


def types(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema names."""
    named: Any = schema.get("type", [])
    return [named] if isinstance(named, str) else list(named)


def both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What allows only what both allow, as far as words can be put together; the first one's prose counts."""
    merged = {**other, **one}
    for key in one.keys() & other.keys():
        if key in _LOWEST:
            merged[key] = min(one[key], other[key])
        elif key in _HIGHEST:
            merged[key] = max(one[key], other[key])
        elif key in _TOGETHER:
            merged[key] = _TOGETHER[key](one[key], other[key])
    return merged


def as_2020(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with the words of OpenAPI 3.0 for limits and positions replaced; `nullable` stays."""
    one = dict(schema)
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if one.get(exclusive) is True and limit in one:
            one[exclusive] = one.pop(limit)
        elif isinstance(one.get(exclusive), bool):
            del one[exclusive]
    items: Any = one.get("items")
    positions: list[str] = list(items) if is_object(items) else []
    if positions and all(name.isdecimal() for name in positions):  # a list that became an object on its way
        one["prefixItems"] = [items[name] for name in sorted(positions, key=int)]
        one |= {"items": False, "minItems": len(positions), "maxItems": len(positions)}
    return one


def _common_types(one: Any, other: Any) -> list[str]:
    first, second = types({"type": one}), types({"type": other})
    return [
        name if name in second else "integer"
        for name in first
        if name in second or (name == "number" and "integer" in second) or (name == "integer" and "number" in second)
    ]


def _properties(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**other, **one, **{name: _all(one[name], other[name]) for name in one if name in other}}


def _extra(one: Any, other: Any) -> Any:
    return False if one is False or other is False else _all(one, other)


def _all(one: Any, other: Any) -> Any:
    return one if one == other else {"allOf": [one, other]}


def _either(one: list[str], other: list[str]) -> list[str]:
    return [*one, *(name for name in other if name not in one)]


def _common(one: list[Any], other: list[Any]) -> list[Any]:
    return [value for value in one if any(same(value, a) for a in other)]


def _pairs(one: list[Any], other: list[Any]) -> list[Any]:
    return [_all(first, second) for first in one for second in other][:_MOST_PAIRS]


_TOGETHER: dict[str, Callable[[Any, Any], Any]] = {
    "type": _common_types,
    "properties": _properties,
    "required": _either,
    "enum": _common,
    "additionalProperties": _extra,
    "items": _extra,
    "anyOf": _pairs,
}

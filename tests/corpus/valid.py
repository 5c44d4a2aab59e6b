"""Values that a schema (of `Schemas.standard`) allows: the least, and random ones.

hypothesis-jsonschema 0.23 does not work with today's hypothesis; fal's documents need only this much of it.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

# Beyond it a float is not the integer that was sent, in Python as in fal's JavaScript.
EXACT = 2**53
_LONGEST = 12


def least(standard: Any) -> Any:
    """A plain value that a schema allows: the base of every call that tries one property."""
    if not isinstance(standard, dict):
        return "x"
    if "const" in standard or "enum" in standard:
        return standard["const"] if "const" in standard else standard["enum"][0]
    for union in ("anyOf", "allOf"):
        if union in standard:
            return least(standard[union][0])
    match standard.get("type"):
        case "object":
            return {name: least(standard["properties"][name]) for name in standard.get("required", [])}
        case "array":
            positions = [least(part) for part in standard.get("prefixItems", [])]
            missing = standard.get("minItems", 0) - len(positions)
            return positions + [least(standard.get("items", True)) for _ in range(missing)]
        case "string" | None:
            return text(max(1, standard.get("minLength", 0)), standard.get("maxLength"))
        case "integer" | "number":
            lowest = standard.get("minimum", standard.get("exclusiveMinimum", 0) + 1)
            step = standard.get("multipleOf", 0)
            return ceil(lowest / step) * step if step else lowest
        case "boolean":
            return True
        case _:
            return None


def text(least_length: int, most: int | None = None) -> str:
    """A text that also passes where nothing but the URL of a file does, if there is room for it."""
    found = "data:," + "x" * (least_length - len("data:,"))
    return found if most is None or len(found) <= most else "x" * least_length


def values(schema: Any) -> st.SearchStrategy[Any]:
    """Random values that a schema allows."""
    if not isinstance(schema, dict):
        return anything()
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    for union in ("anyOf", "allOf"):  # fal's `allOf` has one member
        if union in schema:
            return st.one_of([values(part) for part in schema[union]])
    return _STRATEGIES[schema["type"]](schema) if "type" in schema else anything()


def anything() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers(-EXACT, EXACT) | st.floats(allow_nan=False, allow_infinity=False)
    below = st.text(max_size=_LONGEST) | plain
    return st.recursive(below, lambda one: st.lists(one, max_size=3) | _free(one), max_leaves=4)


def _free(value: st.SearchStrategy[Any], not_named: frozenset[str] = frozenset()) -> st.SearchStrategy[dict[str, Any]]:
    names = st.text(max_size=_LONGEST).filter(lambda name: name not in not_named)
    return st.dictionaries(names, value, max_size=3)


def _strings(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    shortest = schema.get("minLength", 0)
    longest = min(schema.get("maxLength", shortest + _LONGEST), shortest + _LONGEST)
    if "pattern" in schema:
        return st.from_regex(schema["pattern"]).filter(lambda text: shortest <= len(text) and "\n" not in text)
    return st.text(min_size=shortest, max_size=longest)


def _numbers(schema: dict[str, Any]) -> st.SearchStrategy[int | float]:
    lowest = schema.get("minimum", schema.get("exclusiveMinimum", -EXACT))
    highest = schema.get("maximum", schema.get("exclusiveMaximum", EXACT))
    least_whole, most_whole = ceil(max(lowest, -EXACT)), int(min(highest, EXACT))
    # Between two limits there may be no whole number.
    allowed = st.integers(least_whole, most_whole) if least_whole <= most_whole else st.nothing()
    if schema["type"] == "number" and "multipleOf" not in schema:
        allowed = allowed | st.floats(lowest, highest, allow_nan=False, allow_infinity=False)
    ends, step = {schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")}, schema.get("multipleOf")
    return allowed.filter(lambda number: number not in ends and (step is None or number % step == 0))


def _arrays(schema: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    if "prefixItems" in schema:
        return st.tuples(*(values(part) for part in schema["prefixItems"])).map(list)
    shortest = schema.get("minItems", 0)
    longest = min(schema.get("maxItems", shortest + 3), shortest + 3)
    return st.lists(values(schema.get("items", True)), min_size=shortest, max_size=longest)


def _objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties: dict[str, Any] = schema.get("properties", {})
    required = schema.get("required", [])
    named = st.fixed_dictionaries(
        {name: values(properties[name]) for name in required},
        optional={name: values(part) for name, part in properties.items() if name not in required},
    )
    extra = schema.get("additionalProperties", True)
    if extra is False:
        return named
    return st.builds(lambda known, more: {**more, **known}, named, _free(values(extra), frozenset(properties)))


_STRATEGIES: dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "object": _objects,
    "array": _arrays,
    "string": _strings,
    "integer": _numbers,
    "number": _numbers,
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}

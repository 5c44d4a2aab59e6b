"""Whether a JSON Schema allows a value: so that an example is taken only where it is a right one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .formats import is_of_format
from .kinds import is_list, is_number, is_object, same
from .reading import as_2020, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .reading import Reading

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": is_object,
    "array": is_list,
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: is_number(value) and value % 1 == 0,
    "number": is_number,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def problem(
    reading: Reading, schema: Any, value: Any, path: str = "", within: frozenset[str] = frozenset()
) -> str | None:
    """The first thing that is wrong with a value, with its place; None where nothing is.

    Args:
        reading: The document that the schema is in.
        schema: What allows the value, or does not.
        value: Of JSON.
        path: The value's place.
        within: References that lead here and are about this value: each of them is looked at once.
    """
    return next(_problems(reading, schema, value, path, within), None)


def _problems(
    reading: Reading, schema: Any, value: Any, path: str, within: frozenset[str] = frozenset()
) -> Iterator[str]:
    if not is_object(schema):
        if schema is False:
            yield f"{path or 'it'}: nothing is allowed there"
        return
    one = as_2020(schema)
    if value is None and one.get("nullable") is True:
        return
    name = one.get("$ref")
    if name and name not in within:
        within |= {name}
        yield from _problems(reading, reading.target(name), value, path, within)
    allowed = types(one)
    if allowed and not any(_TYPES.get(name, lambda _: True)(value) for name in allowed):
        yield f"{path or 'it'}: is no {' or '.join(allowed)}"
        return
    if told := _plainly_wrong(one, value):
        yield f"{path or 'it'}: {told}"
    yield from _in_unions(reading, one, value, path, within)
    if is_list(value):
        yield from _in_items(reading, one, value, path)
    elif is_object(value):
        yield from _in_properties(reading, one, value, path)


def _plainly_wrong(one: dict[str, Any], value: Any) -> str | None:
    if "const" in one and not same(one["const"], value):
        return f"is not {one['const']!r}"
    if "enum" in one and not any(same(member, value) for member in one["enum"]):
        return f"is none of {one['enum']!r}"
    if is_number(value):
        return _number_wrong(one, value)
    return _text_wrong(one, value) if isinstance(value, str) else None


def _number_wrong(one: dict[str, Any], value: float) -> str | None:
    least, most, step = one.get("minimum"), one.get("maximum"), one.get("multipleOf")
    low, high = one.get("exclusiveMinimum"), one.get("exclusiveMaximum")
    if (least is not None and value < least) or (low is not None and value <= low):
        return "is too small"
    if (most is not None and value > most) or (high is not None and value >= high):
        return "is too large"
    if step and value / step != int(value / step):
        return f"is no multiple of {step}"
    return None


def _text_wrong(one: dict[str, Any], value: str) -> str | None:
    if not one.get("minLength", 0) <= len(value) <= one.get("maxLength", len(value)):
        return "is too short or too long"
    if "pattern" in one and not matches(one["pattern"], value):
        return f"does not match {one['pattern']!r}"
    return None if is_of_format(one.get("format", ""), value) else f"is no {one['format']}"


def matches(pattern: str, value: str) -> bool:
    """Whether a text has a pattern in it; one that Python does not understand fits nothing."""
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return False


def _in_unions(reading: Reading, one: dict[str, Any], value: Any, path: str, within: frozenset[str]) -> Iterator[str]:
    def fits(part: Any) -> bool:
        return problem(reading, part, value, path, within) is None

    for part in one.get("allOf", []):
        yield from _problems(reading, part, value, path, within)
    if "anyOf" in one and not any(fits(part) for part in one["anyOf"]):
        yield f"{path or 'it'}: is none of its kinds"
    if "oneOf" in one and sum(fits(part) for part in one["oneOf"]) != 1:
        yield f"{path or 'it'}: is not one of its kinds"
    if "not" in one and fits(one["not"]):
        yield f"{path or 'it'}: is what it must not be"
    if "if" in one:
        yield from _problems(reading, one.get("then" if fits(one["if"]) else "else", True), value, path, within)


def _in_items(reading: Reading, one: dict[str, Any], value: list[Any], path: str) -> Iterator[str]:
    if not one.get("minItems", 0) <= len(value) <= one.get("maxItems", len(value)):
        yield f"{path or 'it'}: has {len(value)} items"
    if one.get("uniqueItems") and any(same(a, b) for at, a in enumerate(value) for b in value[:at]):
        yield f"{path or 'it'}: has an item twice"
    if "contains" in one and all(problem(reading, one["contains"], item) for item in value):
        yield f"{path or 'it'}: lacks an item"
    first: list[Any] = one.get("prefixItems", [])
    for at, item in enumerate(value):
        schema = first[at] if at < len(first) else one.get("items", True)
        yield from _problems(reading, schema, item, f"{path}.{at}".strip("."))


def _in_properties(reading: Reading, one: dict[str, Any], value: dict[str, Any], path: str) -> Iterator[str]:
    lacks = [name for name in one.get("required", []) if name not in value]
    for name, others in one.get("dependentRequired", {}).items():
        lacks += [other for other in others if name in value and other not in value]
    if lacks:
        yield f"{path or 'it'}: lacks {lacks[0]!r}"
    if not one.get("minProperties", 0) <= len(value) <= one.get("maxProperties", len(value)):
        yield f"{path or 'it'}: has {len(value)} properties"
    properties: dict[str, Any] = one.get("properties", {})
    patterns: dict[str, Any] = one.get("patternProperties", {})
    for name, item in value.items():
        place = f"{path}.{name}".strip(".")
        schemas = [schema for pattern, schema in patterns.items() if matches(pattern, name)]
        schemas += [properties[name]] if name in properties else []
        for schema in schemas or [one.get("additionalProperties", True)]:
            yield from _problems(reading, schema, item, place)
        yield from _problems(reading, one.get("propertyNames", True), name, place)

"""What is wrong with an input, in the words of fal's servers: for callers who do not check it themselves.

They are as patient with numbers as those are: "5" is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...checks import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Schema = Mapping[str, Any]
    Loc = tuple[str | int, ...]

# Keyword → the type of the error, the name of its limit, and its words.
_NUMBERS = {
    "minimum": ("greater_than_equal", "ge", "Input should be greater than or equal to {}"),
    "maximum": ("less_than_equal", "le", "Input should be less than or equal to {}"),
    "exclusiveMinimum": ("greater_than", "gt", "Input should be greater than {}"),
    "exclusiveMaximum": ("less_than", "lt", "Input should be less than {}"),
    "multipleOf": ("multiple_of", "multiple_of", "Input should be a multiple of {}"),
}
_LENGTHS = {
    "minLength": ("string_too_short", "min_length", "String should have at least {} characters"),
    "maxLength": ("string_too_long", "max_length", "String should have at most {} characters"),
    "minItems": ("too_short", "min_length", "List should have at least {} items"),
    "maxItems": ("too_long", "max_length", "List should have at most {} items"),
}
_WORDS = {
    "string": ("string_type", "Input should be a valid string"),
    "integer": ("int_type", "Input should be a valid integer"),
    "number": ("float_type", "Input should be a valid number"),
    "boolean": ("bool_type", "Input should be a valid boolean"),
    "array": ("list_type", "Input should be a valid list"),
    "object": ("dict_type", "Input should be a valid dictionary"),
    "null": ("none_required", "Input should be None"),
}


def details(schema: Schema, value: Any) -> list[dict[str, Any]]:
    """The entries of fal's `detail`: `loc`, `msg`, `type`, `input`, and `ctx` where there is a limit; none if valid."""
    return list(_Reader(schema).problems(schema, value, ("body",)))


class _Reader:
    def __init__(self, root: Schema) -> None:
        self._root = root

    def problems(self, schema: Any, value: Any, loc: Loc) -> Iterator[dict[str, Any]]:
        if not is_object(schema):
            return
        if "$ref" in schema:
            yield from self.problems(self._target(schema["$ref"]), value, loc)
        for part in schema.get("allOf", ()):
            yield from self.problems(part, value, loc)
        for union in ("anyOf", "oneOf"):
            yield from self._of_union(schema.get(union, ()), value, loc)
        wrong = _wrong_kind(schema, value)
        if wrong is not None:
            yield _entry(loc, wrong[1], wrong[0], value)
            return
        yield from _of_value(schema, value, loc)
        if is_object(value):
            yield from self._of_fields(schema, value, loc)
        elif is_array(value):
            for at, item in enumerate(value):
                yield from self.problems(schema.get("items"), item, (*loc, at))

    def _of_union(self, options: Any, value: Any, loc: Loc) -> Iterator[dict[str, Any]]:
        """Those of the option that comes nearest: one that is of the right kind, with few problems."""
        found = [list(self.problems(option, value, loc)) for option in options]
        if found and all(found):
            kinds = {kind for kind, _ in _WORDS.values()}
            yield from min(found, key=lambda each: (any(one["type"] in kinds for one in each), len(each)))

    def _of_fields(self, schema: Schema, value: dict[str, Any], loc: Loc) -> Iterator[dict[str, Any]]:
        fields: dict[str, Any] = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value and "default" not in fields.get(name, {}):
                yield _entry((*loc, name), "Field required", "missing", value)
        for name, each in value.items():
            if name in fields:
                yield from self.problems(fields[name], each, (*loc, name))
            elif schema.get("additionalProperties") is False:
                yield _entry((*loc, name), "Extra inputs are not permitted", "extra_forbidden", each)
            else:
                yield from self.problems(schema.get("additionalProperties"), each, (*loc, name))

    def _target(self, reference: str) -> Any:
        found: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            found = found.get(step.replace("~1", "/").replace("~0", "~"), {}) if is_object(found) else {}
        return found


def _of_value(schema: Schema, value: Any, loc: Loc) -> Iterator[dict[str, Any]]:
    if "const" in schema and schema["const"] != value:
        yield _entry(loc, f"Input should be {schema['const']!r}", "literal_error", value)
    if "enum" in schema and value not in schema["enum"]:
        options = " or ".join(map(repr, schema["enum"]))
        yield _entry(loc, f"Input should be {options}", "literal_error", value, {"expected": options})
    number = _number(value)
    for keyword, (kind, name, words) in _NUMBERS.items():
        limit = schema.get(keyword)
        if limit is not None and number is not None and _is_beyond(keyword, number, limit):
            yield _entry(loc, words.format(limit), kind, value, {name: limit})
    if isinstance(value, str | list):
        size, most = len(value), "Length" if isinstance(value, str) else "Items"  # pyright: ignore[reportUnknownArgumentType]
        for keyword, (kind, name, words) in _LENGTHS.items():
            limit = schema.get(keyword)
            is_over = limit is not None and (size < limit if keyword.startswith("min") else size > limit)
            if is_over and keyword.endswith(most):
                yield _entry(loc, words.format(limit), kind, value, {name: limit})
    pattern = schema.get("pattern")
    if isinstance(value, str) and isinstance(pattern, str) and not _fits(pattern, value):
        yield _entry(loc, f"String should match pattern '{pattern}'", "string_pattern_mismatch", value)


def _wrong_kind(schema: Schema, value: Any) -> tuple[str, str] | None:
    """The type of the error and its words, where a value is of none of the kinds that are allowed."""
    named: Any = schema.get("type")
    kinds: list[str] = [named] if isinstance(named, str) else list(named or ())
    if value is None and schema.get("nullable") is True:
        return None
    if not kinds or any(_is_of(kind, value) for kind in kinds):
        return None
    return _WORDS.get(kinds[0])


def _is_of(kind: str, value: Any) -> bool:
    number = _number(value)
    return {
        "string": isinstance(value, str),
        "integer": number is not None and number == number // 1,
        "number": number is not None,
        "boolean": isinstance(value, bool) or value in (0, 1, "true", "false"),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
        "null": value is None,
    }.get(kind, True)


def _number(value: Any) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", value):
        return float(value)
    return value if isinstance(value, int | float) else None


def _is_beyond(keyword: str, number: float, limit: float) -> bool:
    if keyword == "multipleOf":
        return abs(number / limit - round(number / limit)) > 1e-9
    is_low = number <= limit if keyword == "exclusiveMinimum" else number < limit
    is_high = number >= limit if keyword == "exclusiveMaximum" else number > limit
    return is_low if "inimum" in keyword else is_high


def _fits(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error:  # one of another dialect
        return True


def _entry(loc: Loc, msg: str, kind: str, value: Any, ctx: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"loc": list(loc), "msg": msg, "type": kind, "input": value, **({"ctx": ctx} if ctx else {})}

"""Random values that break one constraint of a schema: the least that the schema allows, but for that one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.valid import least

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

Broken = tuple[str, Any]
"""Which constraint, and a value that breaks it."""

_WRONG: dict[str, list[Any]] = {
    "string": [7, True, ["x"], {"x": "y"}, 1.5],
    "integer": ["7", 1.5, True, [7], {"x": 7}],
    "number": ["1.5", True, [1.5], {"x": 1.5}],
    "boolean": ["true", 1, 0, "yes", [True]],
    "array": ["x", 7, {"0": "x"}, True],
    "object": ["x", 7, ["x"], True],
}


def broken(schema: Any, randomness: random.Random, path: str = "") -> Iterator[Broken]:
    """For every constraint of a schema (of `Schemas.standard`), and of those within, a value that breaks it.

    In a union that value may still be what another branch allows: judge it by the whole schema.
    """
    if not isinstance(schema, dict):
        return
    for union in ("anyOf", "allOf"):
        for part in schema.get(union, []):
            yield from broken(part, randomness, path)
    if "enum" in schema or "const" in schema:
        members = schema.get("enum", [schema.get("const")])
        yield f"{path} enum", randomness.choice(_near(randomness.choice(members)))
        return
    kind = schema.get("type", "")
    if kind in _WRONG:
        yield f"{path} type", randomness.choice(_WRONG[kind])
    if kind in _BREAKERS:
        yield from _BREAKERS[kind](schema, randomness, path)


def _near(member: Any) -> list[Any]:
    """Values that look like a member of an enum and are none, but for odd luck."""
    if member is None:
        return ["", 0, "null", False]
    if isinstance(member, str):
        return [member + "x", member.upper() + "_", f" {member} ", 7, None]
    return [str(member), member + 1_000_003, None, member == 1, float(member)]


def _strings(schema: dict[str, Any], randomness: random.Random, path: str) -> Iterator[Broken]:
    if schema.get("minLength"):
        yield f"{path} minLength", "x" * randomness.randrange(schema["minLength"])
    if "maxLength" in schema:
        yield f"{path} maxLength", "é" * (schema["maxLength"] + randomness.randint(1, 9))
    if "pattern" in schema:
        yield f"{path} pattern", randomness.choice(["no match!", "?", "a b", "#"])


def _numbers(schema: dict[str, Any], randomness: random.Random, path: str) -> Iterator[Broken]:
    step = randomness.randint(1, 1000) if schema["type"] == "integer" else randomness.uniform(0.01, 1000)
    for keyword, sign in (("minimum", -1), ("exclusiveMinimum", -1), ("maximum", 1), ("exclusiveMaximum", 1)):
        if keyword in schema:
            on_it = keyword.startswith("exclusive") and randomness.random() < 0.5
            yield f"{path} {keyword}", schema[keyword] + (0 if on_it else sign * step)
    if "multipleOf" in schema and (schema["type"] == "number" or schema["multipleOf"] > 1):
        half = schema["multipleOf"] / 2 if schema["type"] == "number" else 1
        yield f"{path} multipleOf", least(schema) + half


def _arrays(schema: dict[str, Any], randomness: random.Random, path: str) -> Iterator[Broken]:
    whole: list[Any] = least(schema)
    item = least((schema.get("prefixItems") or [schema.get("items", True)])[-1])
    if schema.get("minItems"):
        yield f"{path} minItems", whole[: schema["minItems"] - 1]
    if "maxItems" in schema:
        yield f"{path} maxItems", [*whole, *([item] * (schema["maxItems"] - len(whole) + randomness.randint(1, 3)))]
    if schema.get("uniqueItems"):
        yield f"{path} uniqueItems", [*whole, item, item]
    for label, value in broken(schema.get("items"), randomness, f"{path}[]"):
        yield label, [*([item] * max(0, schema.get("minItems", 0) - 1)), value]
    # Positions have one type among them here: what one of them takes the others do too.
    for label, value in broken((schema.get("prefixItems") or [None])[0], randomness, f"{path}[0]"):
        yield label, [value, *whole[1:]]


def _objects(schema: dict[str, Any], randomness: random.Random, path: str) -> Iterator[Broken]:
    whole: dict[str, Any] = least(schema)
    for name in schema.get("required", []):
        yield f"{path}.{name} required", {key: value for key, value in whole.items() if key != name}
    if schema.get("additionalProperties") is False:
        yield f"{path} additionalProperties", {**whole, f"unknown_{randomness.randrange(1000)}": 7}
    for name, part in schema.get("properties", {}).items():
        for label, value in broken(part, randomness, f"{path}.{name}"):
            yield label, {**whole, name: value}
    for label, value in broken(schema.get("additionalProperties"), randomness, f"{path}.*"):
        yield label, {**whole, "any": value}


_BREAKERS = {"string": _strings, "integer": _numbers, "number": _numbers, "array": _arrays, "object": _objects}

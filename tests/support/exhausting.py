"""Documents made to exhaust time or memory, for `test_limits.py`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator import limits
from support import INTEGER, STRING, document, obj, ref

if TYPE_CHECKING:
    from collections.abc import Callable


def one(schema: Any, **components: Any) -> str:
    return json.dumps(document("fal-ai/x", input=obj({"it": schema}), components=components))


def many(schema: Callable[[int], Any], count: int, **components: Any) -> str:
    properties = {f"p{n}": schema(n) for n in range(count)}
    return json.dumps(document("fal-ai/x", input=obj(properties), components=components))


def chain(count: int, last: Any) -> dict[str, Any]:
    return {**{f"C{n}": ref(f"C{n + 1}") for n in range(count)}, f"C{count}": last}


def laughs(depth: int, make: Callable[[str], Any]) -> dict[str, Any]:
    """A billion of them: each component has the next one several times."""
    return {**{f"L{n}": make(f"L{n + 1}") for n in range(depth)}, f"L{depth}": obj({"a": STRING})}


def lists(inner: str) -> Any:
    return {"anyOf": [{"type": "array", "minItems": n, "items": ref(inner)} for n in range(3)]}


def circles(count: int) -> dict[str, Any]:
    return {f"C{n}": obj({f"p{m}": ref(f"C{m}") for m in range(count)}) for n in range(count)}


def pairs(count: int) -> dict[str, Any]:
    """Two types that each mention the next two, and so on: nowhere a circle, and 2 ** count ways through them."""
    types = {
        f"{name}{n}": obj({"a": ref(f"A{n + 1}"), "b": ref(f"B{n + 1}"), name: STRING})
        for n in range(count)
        for name in "AB"
    }
    return {**types, f"A{count}": obj({"z": INTEGER}), f"B{count}": obj({"z": INTEGER})}


def quarrel(depth: int) -> str:
    """A default that is tried against two types, each of which has two, and so on: it fits none."""
    types = {
        f"{name}{n}": obj({"a": {"anyOf": [ref(f"A{n + 1}"), ref(f"B{n + 1}")]}, name: STRING}, required=["a"])
        for n in range(depth)
        for name in "AB"
    }
    last = obj({"z": INTEGER}, required=["z"])
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    it = {"anyOf": [ref("A0"), ref("B0")], "default": value}
    return one(it, **types, **{f"A{depth}": last, f"B{depth}": last})


def named(name: str) -> str:
    """A property of that name, of many properties of its own."""
    inner = obj({f"p{n}": STRING for n in range(500)})
    return json.dumps(document("fal-ai/x", input={"type": "object", "properties": {name: inner}}))


def looked_for(properties: int, required: int, order: int = 0) -> str:
    """Properties, and long lists of names in which each would have to be looked for."""
    lists = {"required": [f"q{n}" for n in range(required)], "x-fal-order-properties": ["p1", [], None] * (order // 3)}
    return json.dumps(
        document("fal-ai/x", input={"type": "object", "properties": {f"p{n}": {} for n in range(properties)}, **lists})
    )


def several(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Types that are all different."""
    return [{"type": "array", "items": STRING, "maxItems": n} for n in range(first, first + count)]


def nested(depth: int, value: Any) -> Any:
    """A value in lists in lists."""
    return value if not depth else [nested(depth - 1, value)]


# name → two states of a document, to be compared
CHANGES: dict[str, tuple[str, str]] = {
    "members of a long enum, or a list": (
        one({"anyOf": [{"enum": [f"v{n}" for n in range(9_900)]}, *several(2)]}),
        one({"anyOf": [{"enum": [f"v{n}" for n in range(9_910)]}, *several(2, first=9)]}),
    ),
    "many types for one value": (
        one({"anyOf": [{"type": "array", "items": STRING, "maxItems": n} for n in range(limits.OPTIONS)]}),
        one({"anyOf": [{"type": "array", "items": STRING, "maxItems": n + 1} for n in range(limits.OPTIONS)]}),
    ),
    "many properties": (
        many(lambda n: {**STRING, "maxLength": n}, 1_900),
        many(lambda n: {**STRING, "maxLength": n + 1, "description": "x"}, 1_900),
    ),
}

# name → the document, the code that it is answered by (None: it is within the limits and merely large)
HOSTILE: dict[str, tuple[Callable[[], str], str | None]] = {
    "a hundred thousand brackets": (lambda: "[" * 100_000, "over-limit"),
    "brackets that strings seem to close": (lambda: '["]]", ' * 600 + "1" + "]" * 600, "over-limit"),
    "strings of one character": (lambda: "[" + '"a" ,' * 2_700_000 + "1]", "over-limit"),
    "quotes": (lambda: '[" \\" ' + '\\"a ' * 4_000_000 + '"]', "not-openapi"),
    "16 MiB of brackets": (lambda: "[" + ",".join(["[" * 40 + "]" * 40] * 200_000) + "]", "over-limit"),
    "17 MiB": (lambda: one({**STRING, "description": "x" * 17 * 2**20}), "over-limit"),
    "15 MiB of prose": (lambda: one({**STRING, "description": "a, " * 5_000_000}), "over-limit"),
    "a million short lines": (lambda: one({**STRING, "description": "1\n" * 700_000}), None),
    "a million properties": (lambda: many(lambda n: {}, 1_000_000), "over-limit"),
    "as many properties as may be": (lambda: many(lambda n: {**STRING, "maxLength": n}, limits.PROPERTIES - 9), None),
    "as many types as may be": (
        lambda: many(
            lambda n: ref(f"T{n}"), 290, **{f"T{n}": obj({f"q{m}": INTEGER for m in range(5)}) for n in range(290)}
        ),
        None,
    ),
    "a million enum members": (lambda: one({**STRING, "enum": [f"v{n}" for n in range(1_000_000)]}), "over-limit"),
    "eleven thousand enum members": (lambda: one({**STRING, "enum": [f"v{n}" for n in range(11_000)]}), "over-limit"),
    "as many enum members as may be": (lambda: one({**STRING, "enum": [f"v{n}" for n in range(10_000)]}), None),
    "a name of ten megabytes": (lambda: named("k" * 10_000_000), "over-limit"),
    "required names that are long to look through": (lambda: looked_for(60_000, 70_000), "over-limit"),
    "names in an order of their own": (lambda: looked_for(1_900, 0, order=120_000), None),
    "types for one value": (lambda: one({"anyOf": several(2_400)}), "over-limit"),
    "types for one value, in unions": (
        lambda: one({"anyOf": [{"oneOf": several(40, first=50 * n)} for n in range(50)]}),
        "over-limit",
    ),
    "types for one item": (lambda: one({"type": "array", "prefixItems": several(2_400)}), "over-limit"),
    "as many types for one value as may be": (lambda: one({"anyOf": several(limits.OPTIONS)}), None),
    "a type named ninety thousand times": (
        lambda: one({"type": ["integer"] * 90_000, **{f"k{n}": 1 for n in range(90_000)}}),
        None,
    ),
    "ninety thousand types": (lambda: one({"type": [f"t{n}" for n in range(90_000)]}), "over-limit"),
    "a hundred thousand references in a row": (lambda: one(ref("C0"), **chain(100_000, STRING)), "over-limit"),
    "fifty thousand components": (lambda: one(STRING, **{f"C{n}": STRING for n in range(50_000)}), None),
    "sixty thousand components that are wrong": (lambda: one(STRING, **{f"C{n}": [] for n in range(60_000)}), None),
    "ten thousand references in a row": (lambda: one(ref("C0"), **chain(10_000, STRING)), "over-limit"),
    "ten thousand references in a circle": (lambda: one(ref("C0"), **chain(10_000, ref("C0"))), "over-limit"),
    "a billion laughs by allOf": (
        lambda: one(ref("L0"), **laughs(20, lambda inner: {"allOf": [ref(inner)] * 10})),
        None,
    ),
    "a billion laughs by allOf in allOf": (
        lambda: one(ref("L0"), **laughs(40, lambda inner: {"allOf": [{"allOf": [ref(inner)] * 2}] * 2})),
        "over-limit",
    ),
    "allOf of as much as may be": (
        lambda: one({"allOf": [ref("A")] * 4_000}, A=obj({f"p{n}": STRING for n in range(900)})),
        None,
    ),
    "a billion laughs by anyOf": (lambda: one(ref("L0"), **laughs(20, lists)), "over-limit"),
    "types that all lead to all": (lambda: one(ref("C0"), **circles(14)), "over-limit"),
    "pairs of types that lead to pairs": (lambda: one(ref("A0"), **pairs(29)), None),
    "a default that fits no way": (lambda: quarrel(18), "default-mismatch"),
    "more to say than anybody reads": (lambda: many(lambda n: {"type": "zork"}, 1_900), "more"),
    "a number of ten thousand digits": (
        lambda: one({**INTEGER, "maximum": 7}).replace('"maximum": 7', '"maximum": ' + "9" * 10_000),
        "over-limit",
    ),
    "a number of fifteen million digits": (
        lambda: one({"type": "number", "default": 7}).replace('"default": 7', '"default": 0.' + "9" * 15_000_000),
        None,
    ),
    "digits that are no number": (lambda: one({**STRING, "description": ("9" * 308 + "a") * 50_000}), "over-limit"),
    "a default of a hundred thousand values": (
        lambda: one({"type": "array", "items": {"enum": [f"v{n}" for n in range(9_000)]}, "default": ["w"] * 100_000}),
        "default-mismatch",
    ),
    "an enum that many refer to": (
        lambda: many(lambda n: ref("E"), 50, E={"enum": [f"v{n}" for n in range(9_900)]}),
        "over-limit",
    ),
    "a long member of an enum that many refer to": (
        lambda: many(lambda n: ref("E"), 1_900, E={"enum": ["x" * 1_000_000]}),
        "over-limit",
    ),
    "an enum that is as often referred to as may be": (
        lambda: many(lambda n: ref("E"), 7, E={"enum": [f"v{n}" for n in range(9_900)]}),
        None,
    ),
    "a long description that allOf copies": (
        lambda: many(
            lambda n: {"allOf": [ref("A"), ref("B")]},
            250,
            A=obj({"a": {**STRING, "description": "x " * 600_000}}),
            B=obj({"b": STRING}),
        ),
        "over-limit",
    ),
    "a default of members of a long enum": (
        lambda: one({"type": "array", "items": {"enum": [f"e{n}" for n in range(9_900)]}, "default": ["e1"] * 99_000}),
        None,
    ),
    "a default that fits the last of many types": (
        lambda: one(
            {"type": "array", "items": {"anyOf": [ref(f"T{n}") for n in range(190)]}, "default": [{"z": 1}] * 60_000},
            **{f"T{n}": obj({f"q{n}": INTEGER}, required=[f"q{n}"] * (n < 189)) for n in range(190)},
        ),
        "over-limit",
    ),
    "a default of lists in lists": (lambda: one({"default": nested(90, [])}), None),
    "an example of lists in lists": (lambda: one({"examples": [nested(90, {})] * 500}), None),
    "examples": (lambda: one({**STRING, "examples": [str(n) for n in range(150_000)]}), None),
    "a megabyte of what breaks out": (
        lambda: one({**STRING, "description": '"""\\\x0c\r\u2028\x85\ud800\u202e' * 110_000}),
        None,
    ),
    "a megabyte that ends with a backslash": (lambda: one({**STRING, "description": "a" * 2**20 + "\\"}), None),
    "a title of a megabyte": (lambda: json.dumps({**json.loads(one(STRING)), "info": {"title": '"\\' * 2**19}}), None),
    "1e400": (lambda: one({"type": "number", "maximum": 7}).replace('"maximum": 7', '"maximum": 1e400'), "over-limit"),
    "patterns that are slow to compile": (
        lambda: many(lambda n: {**STRING, "pattern": rf"\w{{180}}{n}"}, 500),
        "bad-pattern",
    ),
    "a pattern of three megabytes": (lambda: one({**STRING, "pattern": "a" * 3_000_000}), "bad-pattern"),
    "patterns that are slow to match": (lambda: one({**STRING, "pattern": "(a+)+$"}), None),
    "patterns of repetitions of repetitions": (
        lambda: one({**STRING, "pattern": "((a{100}){100}){100}"}),
        "bad-pattern",
    ),
    "keys twice below a long name": (
        lambda: '{"openapi": "3.0.4", "' + "k" * 14_000_000 + '": {"b": 1' + ', "a": 1' * 200 + "}}",
        "duplicate-key",
    ),
    "long values that are wrong": (lambda: many(lambda n: {"type": "z" * 100_000}, 140), "unknown-type"),
    "long references to nowhere": (lambda: many(lambda n: ref("z" * 100_000), 140), "dangling-ref"),
    "a hundred thousand keys twice": (lambda: '{"openapi": "3.0.4"' + ', "a": 1' * 100_000 + "}", "duplicate-key"),
}

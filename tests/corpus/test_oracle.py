"""The registry of types against an oracle: two definitions are one class if, and only if, they say the same.

The oracle is the plainest thing that can be right: it unfolds every definition whole and compares each with each. It
knows nothing of digests, locks or numbers behind names; of the generator it takes only how a class name is spelt.
What counts: types, null, required, bounds, defaults, further properties, enum members as a set, format. What does not:
prose, titles, examples, order.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from corpus.classes import INPUT, OUTPUT, class_of, wire_names
from corpus.corpus import Made, documents
from corpus.schemas import PREFIX, Schemas, tuple_of
from generator.ir.identifiers import class_name

if TYPE_CHECKING:
    from collections.abc import Hashable

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
ANY: Hashable = ("any",)
NULL: Hashable = ("null",)


class Meaning:
    """What the schemas of one document allow, unfolded to values that compare."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas

    def __call__(self, schema: Any) -> Hashable:
        """The alternatives a schema allows; a set, for their order means nothing."""
        alternatives = self.alternatives(schema)
        return ANY if ANY in alternatives else frozenset(alternatives)

    def alternatives(self, schema: Any) -> set[Hashable]:
        if not isinstance(schema, dict) or not schema:
            return {ANY}
        null = {NULL} if schema.get("nullable") is True else set[Any]()
        if "$ref" in schema:
            return self.alternatives(self.schemas.follow(schema)) | null
        if "allOf" in schema:
            (only,) = schema["allOf"]
            return self.alternatives(only) | null
        parts = schema.get("anyOf") or schema.get("oneOf")
        if parts and "enum" in schema:
            return {self.enum(schema["enum"])} | {NULL for part in parts if part.get("type") == "null"} | null
        if parts:
            return set().union(*(self.alternatives(part) for part in parts)) | null
        if "const" in schema or "enum" in schema:
            return {self.enum([schema["const"]] if "const" in schema else schema["enum"])} | null
        return {self.plain(schema)} | null

    def enum(self, members: list[Any]) -> Hashable:
        return ("enum", frozenset((type(member).__name__, member) for member in members))

    def plain(self, schema: dict[str, Any]) -> Hashable:
        kind = schema.get("type", "object" if "properties" in schema else "any")
        match kind:
            case "integer" | "number":
                return (kind, *(schema.get(bound) for bound in BOUNDS))  # 1 == 1.0
            case "string":
                return (kind, *(schema.get(key) for key in ("minLength", "maxLength", "pattern", "format")))
            case "array":
                positions = schema.get("prefixItems") or tuple_of(schema.get("items"))
                if positions:
                    return ("tuple", tuple(self(part) for part in positions))
                limits = (schema.get("minItems"), schema.get("maxItems"), schema.get("uniqueItems", False))
                return (kind, self(schema.get("items")), *limits)
            case "object" if schema.get("properties"):
                return self.object(schema)
            case "object":
                extra = schema.get("additionalProperties")
                return ("map", self(extra) if isinstance(extra, dict) else ANY)
            case _:
                return (kind,)

    def object(self, schema: dict[str, Any]) -> Hashable:
        required = schema.get("required", [])
        properties = frozenset(
            (name, self(part), name in required, default(part)) for name, part in schema["properties"].items()
        )
        extra = schema.get("additionalProperties", "silent")
        return ("object", properties, extra if extra in (False, "silent") else self(extra))


def default(schema: dict[str, Any]) -> Hashable:
    """A default, with whole floats as the integers they are; `null` says no more than that the field may be missing."""
    value = schema.get("default")
    text = json.dumps(value, sort_keys=True)
    return None if value is None else json.dumps(json.loads(text, parse_float=_number), sort_keys=True)


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def definitions() -> dict[tuple[str, str], list[tuple[str, str, Hashable]]]:
    """Every component that an input or an output leads to, by kind and name: endpoint, component, meaning.

    The roots themselves are no candidates: they are named after their endpoint, and belong to it.
    """
    found: dict[tuple[str, str], list[tuple[str, str, Hashable]]] = defaultdict(list)
    for endpoint_id, document in documents().items():
        schemas = Schemas(document)
        meaning = Meaning(schemas)
        for kind, root in ((INPUT, schemas.input), (OUTPUT, schemas.output)):
            for component in schemas.reached(root):
                schema = schemas.components[component]
                if is_root(root, component, schemas) or not schema.get("properties"):
                    continue
                found[kind, class_name(component)].append((endpoint_id, component, meaning(schema)))
    return found


def is_root(root: Any, component: str, schemas: Schemas) -> bool:
    """Whether a component is the output (or input) itself, or one of the types that it can be."""
    named = root.get("$ref", "").removeprefix(PREFIX)
    options = schemas.follow(root)
    parts = options.get("oneOf") or options.get("anyOf") or []
    return component == named or component in [part.get("$ref", "").removeprefix(PREFIX) for part in parts]


def test_one_class_if_and_only_if_one_meaning(made: Made) -> None:
    modules = {endpoint_id: made.endpoint(endpoint_id) for endpoint_id in documents()}
    wrong, equal, different = [], 0, 0
    for (kind, name), all_of_name in definitions().items():
        emitted = [class_of(modules[endpoint_id], kind, component) for endpoint_id, component, _ in all_of_name]
        for one, other in combinations(range(len(all_of_name)), 2):
            same_meaning = all_of_name[one][2] == all_of_name[other][2]
            equal, different = equal + same_meaning, different + (not same_meaning)
            if same_meaning != (emitted[one] is emitted[other]):
                found = "missed merge" if same_meaning else "wrong merge"
                wrong.append(f"{found}: {kind} {name} of {all_of_name[one][:2]} and {all_of_name[other][:2]}")
    assert not wrong, "\n".join(wrong)
    assert equal > 10_000  # the corpus is there, and both answers occur in it
    assert different > 1_000


def test_every_component_became_a_class_with_its_properties(made: Made) -> None:
    """Otherwise the classes compared above might be others than those of the components."""
    wrong = []
    for (kind, _), all_of_name in definitions().items():
        for endpoint_id, component, _ in all_of_name:
            cls = class_of(made.endpoint(endpoint_id), kind, component)
            if wire_names(cls) != Schemas(documents()[endpoint_id]).components[component]["properties"].keys():
                wrong.append(f"{kind} {component} of {endpoint_id}")
    assert not wrong


_NOTHING = {"content": {"application/json": {"schema": {}}}}
NO_DOCUMENT = Schemas(
    {
        "components": {"schemas": {}},
        "paths": {
            "/x": {"post": {"requestBody": _NOTHING}},
            "/x/requests/{request_id}": {"get": {"responses": {"200": _NOTHING}}},
        },
    }
)


def _schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


_INT = {"type": "integer"}
# What the oracle itself must say: pairs of schemas, and whether they mean the same.
PAIRS: dict[str, tuple[bool, Any, Any]] = {
    "prose": (True, {**_INT, "title": "A", "description": "x", "examples": [1]}, _INT),
    "nullable": (True, {**_INT, "nullable": True}, {"anyOf": [{"type": "null"}, _INT]}),
    "null": (False, {**_INT, "nullable": True}, _INT),
    "allOf of one": (True, {"allOf": [_INT]}, _INT),
    "const": (True, {"const": "a"}, {"type": "string", "enum": ["a"]}),
    "order of an enum": (True, {"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    "members of an enum": (False, {"enum": ["a", "b"]}, {"enum": ["a"]}),
    "1 and true": (False, {"enum": [1]}, {"enum": [True]}),
    "spelling of a number": (True, {**_INT, "minimum": 1}, {**_INT, "minimum": 1.0}),
    "bounds": (False, {**_INT, "minimum": 1}, {**_INT, "exclusiveMinimum": 1}),
    "integer and number": (False, _INT, {"type": "number"}),
    "length": (False, {"type": "string", "maxLength": 3}, {"type": "string"}),
    "format": (False, {"type": "string", "format": "uri"}, {"type": "string"}),
    "order of properties": (True, _schema(a=_INT, b={}), _schema(b={}, a=_INT)),
    "names of properties": (False, _schema(a=_INT), _schema(b=_INT)),
    "required": (False, {**_schema(a=_INT), "required": ["a"]}, _schema(a=_INT)),
    "default": (False, _schema(a={**_INT, "default": 1}), _schema(a=_INT)),
    "spelling of a default": (True, _schema(a={"default": [1.0]}), _schema(a={"default": [1]})),
    "default and true": (False, _schema(a={"default": 1}), _schema(a={"default": True})),
    "default null": (True, _schema(a={**_INT, "default": None}), _schema(a=_INT)),
    "further properties": (False, {**_schema(a=_INT), "additionalProperties": False}, _schema(a=_INT)),
    "tuple, broken": (True, {"type": "array", "prefixItems": [_INT]}, {"type": "array", "items": {"0": _INT}}),
    "what is mentioned": (False, _schema(a=_schema(b=_INT)), _schema(a=_schema(b={}))),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_the_oracle_itself(pair: str) -> None:
    same, one, other = PAIRS[pair]
    meaning = Meaning(NO_DOCUMENT)
    assert (meaning(one) == meaning(other)) is same

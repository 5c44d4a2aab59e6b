"""The registry of types against an oracle: two definitions are one class if, and only if, they say the same.

The oracle is the plainest thing that can be right: it unfolds every definition whole and compares each with each. It
knows nothing of digests, locks or numbers behind names; of the generator it takes only how a class name is spelt.
What counts is what a user can see: types, null, limits, defaults, whether further properties are welcome, enum members
as a set. What does not: prose, titles, examples, order, format. An output that may be left out reads like one that may
be null; an input with a default need not be given; `file_data` of an output file is no part of its class.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from corpus.classes import INPUT, OUTPUT, class_of, names_of, wire_names
from corpus.corpus import Made, documents
from corpus.folder import IS_HERE
from corpus.schemas import PREFIX, Schemas, tuple_of
from generator.ir.identifiers import class_name

if TYPE_CHECKING:
    from collections.abc import Hashable

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
ANY: Hashable = ("any",)
NULL: Hashable = ("null",)


class Meaning:
    """What the schemas of one document allow, as outputs or as inputs, unfolded to values that compare."""

    def __init__(self, schemas: Schemas, *, outputs: bool) -> None:
        self.schemas = schemas
        self.outputs = outputs

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
                return (kind, *(schema.get(key) for key in ("minLength", "maxLength", "pattern")))
            case "array":
                positions = schema.get("prefixItems") or tuple_of(schema.get("items"))
                if positions:
                    return ("tuple", tuple(self(part) for part in positions))
                limits = (
                    schema.get("minItems"),
                    schema.get("maxItems"),
                    not self.outputs and schema.get("uniqueItems", False),
                )
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
        told: set[Hashable] = set()
        for name, part in schema["properties"].items():
            if self.outputs and name == "file_data" and is_output_file(schema):
                continue
            must, alternatives = name in required, self.alternatives(part)
            if self.outputs:
                must = must and NULL not in alternatives
                alternatives |= set() if must else {NULL}
            else:
                must = must and default(part) is None
            told.add((name, ANY if ANY in alternatives else frozenset(alternatives), must, default(part)))
        extra = schema.get("additionalProperties")
        welcome = extra not in (None, False)
        return ("object", frozenset(told), welcome if self.outputs or not welcome else self(extra))


def is_output_file(schema: dict[str, Any]) -> bool:
    described = schema["properties"].keys() & {"content_type", "file_name", "file_size"}
    return "url" in schema.get("required", []) and schema["properties"]["url"]["type"] == "string" and bool(described)


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
        for kind, root in ((INPUT, schemas.input), (OUTPUT, schemas.output)):
            meaning = Meaning(schemas, outputs=kind == OUTPUT)
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
    for (kind, name), all_of_name in emitted_definitions(made).items():
        emitted = [class_of(modules[endpoint_id], kind, component) for endpoint_id, component, _ in all_of_name]
        for one, other in combinations(range(len(all_of_name)), 2):
            same_meaning = all_of_name[one][2] == all_of_name[other][2]
            equal, different = equal + same_meaning, different + (not same_meaning)
            if same_meaning != (emitted[one] is emitted[other]):
                found = "missed merge" if same_meaning else "wrong merge"
                wrong.append(f"{found}: {kind} {name} of {all_of_name[one][:2]} and {all_of_name[other][:2]}")
    assert not wrong, "\n".join(wrong)
    assert equal > (10_000 if IS_HERE else 30)  # both answers occur
    assert different > (1_000 if IS_HERE else 5)


def test_every_component_became_a_class_with_its_properties(made: Made) -> None:
    """Otherwise the classes compared above might be others than those of the components."""
    wrong = []
    for (kind, _), all_of_name in definitions().items():
        for endpoint_id, component, _ in all_of_name:
            module, schema = made.endpoint(endpoint_id), Schemas(documents()[endpoint_id]).components[component]
            classes = [class_of(module, kind, name) for name in names_of(module, kind, component)]
            inherited = {"file_data"} if kind == OUTPUT and is_output_file(schema) else set[str]()
            wanted = schema["properties"].keys() - inherited
            if not classes or any(wire_names(cls) != wanted for cls in classes):
                wrong.append(f"{kind} {component} of {endpoint_id}")
    assert not wrong


def emitted_definitions(made: Made) -> dict[tuple[str, str], list[tuple[str, str, Hashable]]]:
    """The definitions by the names of their classes: a `File` can have several in one module."""
    found: dict[tuple[str, str], list[tuple[str, str, Hashable]]] = defaultdict(list)
    for (kind, name), all_of_name in definitions().items():
        for endpoint_id, component, meaning in all_of_name:
            for emitted in names_of(made.endpoint(endpoint_id), kind, component):
                found[kind, name if emitted == component else emitted].append((endpoint_id, emitted, meaning))
    return found


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
    "format": (True, {"type": "string", "format": "uri"}, {"type": "string"}),
    "order of properties": (True, _schema(a=_INT, b={}), _schema(b={}, a=_INT)),
    "names of properties": (False, _schema(a=_INT), _schema(b=_INT)),
    "required": (False, {**_schema(a=_INT), "required": ["a"]}, _schema(a=_INT)),
    "default": (False, _schema(a={**_INT, "default": 1}), _schema(a=_INT)),
    "spelling of a default": (True, _schema(a={"default": [1.0]}), _schema(a={"default": [1]})),
    "default and true": (False, _schema(a={"default": 1}), _schema(a={"default": True})),
    "default null": (True, _schema(a={**_INT, "default": None}), _schema(a=_INT)),
    "further properties, refused": (True, {**_schema(a=_INT), "additionalProperties": False}, _schema(a=_INT)),
    "further properties": (False, {**_schema(a=_INT), "additionalProperties": True}, _schema(a=_INT)),
    "tuple, broken": (True, {"type": "array", "prefixItems": [_INT]}, {"type": "array", "items": {"0": _INT}}),
    "what is mentioned": (False, _schema(a=_schema(b=_INT)), _schema(a=_schema(b={}))),
}


@pytest.mark.parametrize("outputs", [False, True])
@pytest.mark.parametrize("pair", PAIRS)
def test_the_oracle_itself(pair: str, outputs: bool) -> None:
    same, one, other = PAIRS[pair]
    meaning = Meaning(NO_DOCUMENT, outputs=outputs)
    assert (meaning(one) == meaning(other)) is same


_NULLABLE, _DEFAULT = _schema(a={**_INT, "nullable": True}), _schema(a={**_INT, "default": 1})
_FILE = {**_schema(url={"type": "string"}, content_type={"type": "string"}), "required": ["url"]}
_DATA = {**_FILE, "properties": {**_FILE["properties"], "file_data": {"type": "string"}}}
# The same of what reads otherwise as an input than as an output: whether it is one as an input, and as an output.
BY_KIND: dict[str, tuple[bool, bool, Any, Any]] = {
    "null where it may be left out": (False, True, _NULLABLE, _schema(a=_INT)),
    "null where it may not": (False, True, {**_NULLABLE, "required": ["a"]}, _schema(a=_INT)),
    "required with a default": (True, False, {**_DEFAULT, "required": ["a"]}, _DEFAULT),
    "what further properties are": (
        False,
        True,
        {**_schema(a=_INT), "additionalProperties": _INT},
        {**_schema(a=_INT), "additionalProperties": {}},
    ),
    "file data": (False, True, _DATA, _FILE),
}


@pytest.mark.parametrize("pair", BY_KIND)
def test_the_oracle_itself_by_kind(pair: str) -> None:
    as_input, as_output, one, other = BY_KIND[pair]
    assert [
        Meaning(NO_DOCUMENT, outputs=outputs)(one) == Meaning(NO_DOCUMENT, outputs=outputs)(other)
        for outputs in (False, True)
    ] == [as_input, as_output]

"""The registry on real types with one thing changed: differences that few pairs of real documents show alone.

A document stands beside a copy of itself in which one type was edited. The two types are one class or two, as the table
says, and as the oracle says.
"""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

import pytest

from corpus.corpus import SEED, documents, read
from corpus.schemas import Schemas
from corpus.test_oracle import Meaning, is_root
from generator.ir.share import Kind, share
from generator.parse.media import FILE, PLAIN
from generator.project.type_lock import TypesLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDPOINTS = 30
ID, COPY = "fal-ai/the/document", "fal-ai/the/edited/copy"


def is_type(*types: str) -> Callable[[dict[str, Any]], bool]:
    return lambda schema: schema.get("type") in types and "enum" not in schema


def is_list(schema: dict[str, Any]) -> bool:
    """Not a tuple, whose length is given."""
    return schema.get("type") == "array" and "0" not in schema.get("items", {}) and "prefixItems" not in schema


def always(_: dict[str, Any]) -> bool:
    return True


# name → whether it is still one type (None: that depends on what is edited, as the oracle says), to which properties it
# can be done, and what is done to one
PROPERTY_EDITS: dict[str, tuple[bool | None, Callable[[dict[str, Any]], bool], Callable[[dict[str, Any]], Any]]] = {
    "another description": (True, always, lambda p: {**p, "description": "Other words."}),
    "another title and example": (True, always, lambda p: {**p, "title": "T", "examples": ["e"]}),
    "null, as a keyword": (None, is_type("integer", "string"), lambda p: {**p, "nullable": True}),
    "null, as an alternative": (None, is_type("number", "boolean"), lambda p: {"anyOf": [p, {"type": "null"}]}),
    "allOf of one": (True, lambda p: "$ref" in p, lambda p: {"allOf": [{"$ref": p["$ref"]}]}),
    "alternatives in another order": (True, lambda p: "anyOf" in p, lambda p: {**p, "anyOf": p["anyOf"][::-1]}),
    "enum in another order": (True, lambda p: len(p.get("enum", [])) > 1, lambda p: {**p, "enum": p["enum"][::-1]}),
    "enum without a member": (False, lambda p: len(p.get("enum", [])) > 1, lambda p: {**p, "enum": p["enum"][1:]}),
    "a default": (False, lambda p: "default" not in p, lambda p: {**p, "default": "planted"}),
    "another default": (False, lambda p: p.get("default") is not None, lambda p: {**p, "default": ["planted"]}),
    "a default of null": (True, lambda p: "default" not in p, lambda p: {**p, "default": None}),
    "a default as a float": (
        True,
        lambda p: type(p.get("default")) is int,
        lambda p: {**p, "default": float(p["default"])},
    ),
    "a bound": (False, is_type("integer", "number"), lambda p: {**p, "multipleOf": 7}),
    "a bound as a float": (
        True,
        lambda p: type(p.get("maximum")) is int,
        lambda p: {**p, "maximum": float(p["maximum"])},
    ),
    "a length": (False, is_type("string"), lambda p: {**p, "maxLength": 977}),
    "a format": (True, is_type("string"), lambda p: {**p, "format": "planted"}),
    "number for integer": (False, is_type("integer"), lambda p: {**p, "type": "number"}),
    "another number of items": (False, is_list, lambda p: {**p, "minItems": 5, "maxItems": 977}),
}
Component = dict[str, Any]


def _first(component: Component) -> str:
    return min(component["properties"])


def _toggled(component: Component) -> Component:
    required = component.get("required", [])
    return {**component, "required": sorted({*required} ^ {_first(component)})}


def _renamed(component: Component) -> Component:
    first = _first(component)
    return {
        **component,
        "properties": {f"{key}_" if key == first else key: v for key, v in component["properties"].items()},
    }


COMPONENT_EDITS: dict[str, tuple[bool | None, Callable[[Component], Component | None]]] = {
    "required, or no longer": (None, _toggled),
    "another name": (False, _renamed),
    "a property more": (False, lambda c: {**c, "properties": {**c["properties"], "planted": {"type": "string"}}}),
    "sealed": (True, lambda c: None if c.get("additionalProperties") else {**c, "additionalProperties": False}),
    "further properties": (False, lambda c: {**c, "additionalProperties": {"type": "integer"}}),
    "other prose": (True, lambda c: {**c, "title": "Planted", "description": "Other words."}),
    "another order": (True, lambda c: {**c, "x-fal-order-properties": sorted(c["properties"], reverse=True)}),
}


def sample() -> list[str]:
    """Endpoints with types besides their roots."""
    typed = [one for one, data in documents().items() if list(types(Schemas(data)))]
    return random.Random(SEED).sample(typed, min(ENDPOINTS, len(typed)))


def types(schemas: Schemas) -> Iterator[tuple[Kind, str]]:
    """The types that may be shared."""
    for kind, root in ((Kind.PARAMS, schemas.input), (Kind.MODELS, schemas.output)):
        for name in schemas.reached(root):
            if not is_root(root, name, schemas) and schemas.components[name].get("properties"):
                yield kind, name


def edited(endpoint_id: str, edit: Callable[[Component], Component | None]) -> Iterator[tuple[str, bool, bool]]:
    """For each type that an edit can be done to: its name, whether the oracle and the registry call both one type."""
    document = documents()[endpoint_id]
    schemas = Schemas(document)
    for kind, name in types(schemas):
        changed = edit(copy.deepcopy(schemas.components[name]))
        if changed is None:
            continue
        other = copy.deepcopy(document)
        other["components"]["schemas"][name] = changed
        outputs = kind is Kind.MODELS
        before = Meaning(schemas, outputs=outputs)(schemas.components[name])
        meant = before == Meaning(Schemas(other), outputs=outputs)(changed)
        sharing = share([read(ID, document), read(COPY, other)], TypesLock())
        # A plain file whose field tells what it is, has a class for that.
        called = [name, *(PLAIN.values() if name == FILE and outputs else ())]
        found = [(sharing.find(ID, kind, one), sharing.find(COPY, kind, one)) for one in called]
        pairs = [(one, two) for one, two in found if one is not None or two is not None]
        yield f"{endpoint_id} {name}", meant, bool(pairs) and all(one is two for one, two in pairs)


def on_a_property(
    can: Callable[[dict[str, Any]], bool], change: Callable[[dict[str, Any]], Any]
) -> Callable[[Component], Component | None]:
    def edit(component: Component) -> Component | None:
        name = next(
            (name for name, schema in sorted(component["properties"].items()) if name != "file_data" and can(schema)),
            None,
        )
        if name is None:
            return None
        return {**component, "properties": {**component["properties"], name: change(component["properties"][name])}}

    return edit


EDITS: dict[str, tuple[bool | None, Callable[[Component], Component | None]]] = {
    **{name: (same, on_a_property(can, change)) for name, (same, can, change) in PROPERTY_EDITS.items()},
    **COMPONENT_EDITS,
}


@pytest.mark.sampled(7)
@pytest.mark.parametrize("name", EDITS)
def test_an_edit(name: str) -> None:
    same, edit = EDITS[name]
    done = [result for endpoint_id in sample() for result in edited(endpoint_id, edit)]
    assert done, "no type in the sample to do this to"
    assert not [one for one, meant, shared in done if shared is not meant], "the registry disagrees with the oracle"
    if same is not None:
        assert {meant for _, meant, _ in done} == {same}, "the oracle disagrees with the table"
    else:
        assert {meant for _, meant, _ in done} == {True, False}

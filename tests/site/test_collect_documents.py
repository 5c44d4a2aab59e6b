"""What the pages say is what the documents say: each property is there, with its default, its members and whether it
must be given, by a reading of the documents that shares no code with the generator's.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest
from corpus import own
from corpus.corpus import documents
from corpus.schemas import UNIONS, Schemas
from support import Project

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site.collect import collect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.facts import EndpointFacts, FieldFacts, TypeFacts


class Reading:
    """Holds the facts of an endpoint against its document; what is wrong gathers in `wrong`."""

    def __init__(self, endpoint: EndpointFacts, document: dict[str, Any]) -> None:
        self.schemas, self.wrong, self.fields = Schemas(document), list[str](), 0
        output = self.schemas.output
        self._type(endpoint.input, self.schemas.input, endpoint.id, outputs=False)
        for one, schema in zip(endpoint.outputs, [*self._objects(output)] or [output], strict=True):
            self._type(one, schema, f"{endpoint.id} out", outputs=True)

    def _type(self, told: TypeFacts, schema: Any, where: str, *, outputs: bool) -> None:
        properties, required = self.schemas.properties(schema), self.schemas.follow(schema).get("required", [])
        fields = {one.wire_name: one for one in told.fields}
        if told.again:
            self._equal(where, "again", [*fields], [])
            return
        self._equal(where, "names", {*fields}, {*properties} - ({"file_data"} if outputs else set[str]()))
        for name in fields.keys() & properties.keys():
            self._field(fields[name], properties[name], f"{where}.{name}", is_required=name in required)

    def _field(self, told: FieldFacts, schema: Any, where: str, *, is_required: bool) -> None:
        self.fields += 1
        outputs = " out" in where
        default = schema.get("default")
        self._equal(where, "default", None if told.default is None else _json(told.default), _plain(default))
        members = [member for one in self._parts(schema) for member in _members(one)]
        said = {_json(member) for member in told.members}
        self._equal(where, "members", said, {_plain(member) for member in members if member is not None})
        must = is_required and (not self._may_be_null(schema) if outputs else default is None)
        self._equal(where, "required", told.required, must)
        self._equal(where, "prose", told.prose, schema.get("description", told.prose))
        objects = list(self._objects(schema))
        self._equal(where, "types", len(told.types), len(objects))
        for one, below in zip(told.types, objects, strict=False):
            self._type(one, below, where, outputs=outputs)

    def _may_be_null(self, schema: Any) -> bool:
        found = self.schemas.follow(schema)
        is_null = found.get("type") == "null" or found.get("nullable") is True or None in found.get("enum", ())
        return is_null or any(self._may_be_null(part) for key in (*UNIONS, "allOf") for part in found.get(key, ()))

    def _parts(self, schema: Any) -> Iterator[dict[str, Any]]:
        """All that a value may be, and what may be in it, down to where objects with properties begin."""
        found = self.schemas.follow(schema)
        if not isinstance(found, dict) or found.get("properties"):
            return
        yield found
        if "enum" in found:
            return  # it says more than what it stands beside
        for part in _inside(found):
            yield from self._parts(part)

    def _objects(self, schema: Any) -> Iterator[Any]:
        """The object types that a schema leads to, each once."""
        seen: list[str] = []
        for one in self._unfolded(schema):
            key = one.get("$ref", json.dumps(one, sort_keys=True))
            if key not in seen:
                seen.append(key)
                yield one

    def _unfolded(self, schema: Any) -> Iterator[Any]:
        found = self.schemas.follow(schema)
        if not isinstance(found, dict):
            return
        if found.get("properties"):
            yield schema
            return
        for part in _inside(found):
            yield from self._unfolded(part)

    def _equal(self, where: str, what: str, told: object, meant: object) -> None:
        if told != meant:
            self.wrong.append(f"{where} {what}: told {told!r}, meant {meant!r}")


def _inside(schema: Any) -> list[Any]:
    """The schemas of what a value may be, and of what may be in it."""
    parts = [part for key in (*UNIONS, "allOf") for part in schema.get(key, ())]
    parts += [schema.get("items"), schema.get("additionalProperties"), *schema.get("prefixItems", ())]
    return [part for part in parts if part]


def _members(schema: dict[str, Any]) -> list[Any]:
    return schema["enum"] if "enum" in schema else [schema["const"]] if "const" in schema else []


def _json(code: str) -> str | None:
    """A value told as Python code, in one spelling."""
    return _plain(ast.literal_eval(code))


def _plain(value: Any) -> str | None:
    return None if value is None else json.dumps(_numbers(value), sort_keys=True)


def _numbers(value: Any) -> Any:
    """A value with whole numbers as such: JSON has but one kind."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_numbers(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return {key: _numbers(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def compare(found: dict[str, dict[str, Any]], folder: Path) -> tuple[int, list[str]]:
    """How many fields were compared, and what is wrong."""
    project = Project(folder)
    for endpoint_id, document in found.items():
        project.put(endpoint_id, json.dumps(document))
    settings = load_settings(project.root)
    facts = collect(pipeline.understand(settings, Findings()), settings)
    assert [one.id for one in facts.endpoints] == sorted(found)
    readings = [Reading(one, found[one.id]) for one in facts.endpoints]
    return sum(one.fields for one in readings), [line for one in readings for line in one.wrong]


def test_our_own(tmp_path: Path) -> None:
    fields, wrong = compare(own.whole(), tmp_path)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:40])
    assert fields > 500


@pytest.mark.slow
def test_the_real_ones(tmp_path: Path) -> None:
    fields, wrong = compare(documents(), tmp_path)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:40])
    assert fields > 500

"""The outputs of documents as strict JSON Schema (2020-12), written apart from the fake: it shares no code with it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from corpus.corpus import documents
from jsonschema import Draft202012Validator

_SPECS = Path(__file__).resolve().parents[2] / "specs"
_COMPONENTS, _DEFINITIONS = "#/components/schemas/", "#/$defs/"
_BY_NAME = ("properties", "$defs", "patternProperties", "schemas")


class Document:
    """One endpoint's document.

    `input` and `output` are strict JSON Schema, `raw` is the output as the document has it, its components with it.
    """

    def __init__(self, endpoint_id: str, data: dict[str, Any]) -> None:
        self.endpoint_id = endpoint_id
        components = data["components"]["schemas"]
        (path,) = [path for path, item in data["paths"].items() if "post" in item]
        given = data["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        answer = data["paths"][f"{path}/requests/{{request_id}}"]["get"]["responses"]["200"]
        output = answer["content"]["application/json"]["schema"]
        definitions = {name: strict(one, components) for name, one in components.items()}
        self.input = {**strict(given, components), "$defs": definitions}
        self.output = {**strict(output, components), "$defs": definitions}
        self.raw = {**output, "components": {"schemas": components}}
        self._judge = Draft202012Validator(self.output, format_checker=Draft202012Validator.FORMAT_CHECKER)
        self.given = Draft202012Validator(self.input)

    def complaints(self, output: Any) -> list[str]:
        """What is wrong with an output."""
        return [f"{error.json_path}: {error.message}"[:300] for error in self._judge.iter_errors(output)]


def strict(schema: Any, components: dict[str, Any]) -> Any:
    """A schema of OpenAPI 3.0 in the words of JSON Schema 2020-12."""
    if not isinstance(schema, dict):
        return schema if isinstance(schema, bool) else True
    one: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "$ref":
            name = value.removeprefix(_COMPONENTS)
            one |= {"$ref": _DEFINITIONS + name} if name in components else {}
        elif key in _BY_NAME:
            one[key] = {name: strict(part, components) for name, part in value.items()}
        elif key in ("anyOf", "oneOf", "allOf", "prefixItems"):
            one[key] = [strict(part, components) for part in value]
        elif key in ("items", "additionalProperties", "not", "propertyNames", "contains"):
            one[key] = strict(value, components)
        elif key not in ("nullable", "discriminator", "example") and not key.startswith("x-"):
            one[key] = value
    _replace_words(schema, one, components)
    return {"anyOf": [one, {"type": "null"}]} if schema.get("nullable") is True else one


def _replace_words(schema: dict[str, Any], one: dict[str, Any], components: dict[str, Any]) -> None:
    items = schema.get("items")
    if isinstance(items, dict) and items and all(key.isdecimal() for key in items):
        positions = [strict(items[key], components) for key in sorted(items, key=int)]
        one |= {"prefixItems": positions, "items": False, "minItems": len(positions)}
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(one.get(exclusive), bool) and one.pop(exclusive):
            one[exclusive] = one.pop(limit)


@cache
def pinned() -> dict[str, Document]:
    """The documents that the package is made of."""
    files = sorted(_SPECS.glob("*/**/*.json"))
    ids = [file.relative_to(_SPECS).with_suffix("").as_posix() for file in files]
    return {one: Document(one, json.loads(file.read_text("utf-8"))) for one, file in zip(ids, files, strict=True)}


@cache
def published() -> dict[str, Document]:
    """All documents that are at hand."""
    return {endpoint_id: Document(endpoint_id, data) for endpoint_id, data in documents().items()}

"""The schemas that the package carries say what the real documents say: compared with a second reading of those."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from fal_typed._runtime.schemas import schemas_of
from jsonschema import Draft202012Validator

from corpus.corpus import PACKAGE, documents
from corpus.schemas import PREFIX, Schemas
from generator.diagnostics import Findings
from generator.parse.json_schema import schemas
from generator.parse.load import Document
from generator.parse.resolve import resolve

if TYPE_CHECKING:
    from corpus.corpus import Made

SIDES = ("input", "output")
# What a schema says as its document does; the rest is compared by itself, or is a schema in turn.
SAME = """type enum const title description default examples format pattern minimum maximum minLength maxLength minItems
    maxItems multipleOf uniqueItems deprecated ui _fal_ui_field additionalProperties""".split()
NOT_COMPARED = {"$ref", "$defs", "properties", "required", "items", "prefixItems", "anyOf", "oneOf", "allOf"}


@cache
def carried(endpoint_id: str) -> dict[str, Any]:
    document = Document(id=endpoint_id, path="", text="", data=documents()[endpoint_id])
    resolved = resolve(document, Findings())
    assert resolved is not None
    both: dict[str, Any] = json.loads(schemas(resolved))
    return both


def modern(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of OpenAPI 3.0 in the words of JSON Schema 2020-12, as far as real documents need it."""
    plain = dict(schema)
    if "example" in plain:
        example = plain.pop("example")
        plain["examples"] = [*plain.get("examples", []), example]
    if plain.pop("nullable", False):
        assert ("type" in plain) != ("anyOf" in plain)
        if "anyOf" in plain:
            others = [one for one in plain["anyOf"] if one != {"type": "null"}]
            plain["anyOf"] = [*others, {"type": "null"}]
        else:
            plain["type"] = [plain["type"], "null"]
            plain |= {"enum": [*plain["enum"], None]} if "enum" in plain else {}
    return plain


class Comparison:
    """Walks through a document's schema and the one that is carried, side by side."""

    def __init__(self, document: Schemas, root: dict[str, Any]) -> None:
        self.document = document
        self.definitions = root.get("$defs", {})
        self.compared = 0
        self._seen: set[str] = set()

    def root(self, theirs: Any, ours: Any) -> None:
        """Roots are written out."""
        theirs = self.document.follow(theirs)
        self.schema(theirs or {"type": "object"}, ours, "")

    def schema(self, theirs: Any, ours: Any, place: str) -> None:
        self.compared += 1
        if self._is_reference(theirs, ours, place):
            return
        if not isinstance(theirs, dict):
            assert ours == theirs, place
            return
        theirs = modern(theirs)
        for keyword in SAME:
            if keyword != "additionalProperties" or not isinstance(theirs.get(keyword), dict):
                assert ours.get(keyword) == theirs.get(keyword), f"{place} {keyword}"
            else:
                self.schema(theirs[keyword], ours[keyword], f"{place} {keyword}")
        # `$ref` is not among them where it leads nowhere.
        same = {key: value for key, value in theirs.items() if key not in NOT_COMPARED | {"x-fal-order-properties"}}
        assert {key: value for key, value in ours.items() if key not in NOT_COMPARED} == same, place
        self._object(theirs, ours, place)
        for keyword in ("anyOf", "oneOf", "allOf"):
            assert len(ours.get(keyword, [])) == len(theirs.get(keyword, [])), place
            for number, (one, other) in enumerate(zip(theirs.get(keyword, []), ours.get(keyword, []), strict=True)):
                self.schema(one, other, f"{place}/{keyword}/{number}")
        self._items(theirs, ours, place)

    def _is_reference(self, theirs: Any, ours: Any, place: str) -> bool:
        if not isinstance(theirs, dict) or theirs.get("$ref", "").removeprefix(PREFIX) not in self.document.components:
            return False
        target = unquote(ours["$ref"].removeprefix("#/$defs/")).replace("~1", "/").replace("~0", "~")
        assert PREFIX + target == theirs["$ref"], place
        if target not in self._seen:
            self._seen.add(target)
            self.schema(self.document.components[target], self.definitions[target], f"#{target}")
        return True

    def _object(self, theirs: dict[str, Any], ours: dict[str, Any], place: str) -> None:
        properties = theirs.get("properties", {})
        assert ours.get("properties", {}).keys() == properties.keys(), place
        told = [one for one in theirs.get("x-fal-order-properties", []) if one in properties]
        assert [*ours.get("properties", {})][: len(told)] == told, place
        wanted = [one for one in theirs.get("required", []) if one in properties or not properties]
        assert ours.get("required", []) == wanted, place
        for name, one in properties.items():
            self.schema(one, ours["properties"][name], f"{place}/{name}")

    def _items(self, theirs: dict[str, Any], ours: dict[str, Any], place: str) -> None:
        items = theirs.get("items")
        positions = theirs.get("prefixItems", [])
        if isinstance(items, dict) and "0" in items:  # whisper's timestamps
            items, positions = None, [items[key] for key in sorted(items, key=int)]
        assert ("items" in ours) == (items is not None), place
        if items is not None:
            self.schema(items, ours["items"], f"{place}/items")
        assert len(ours.get("prefixItems", [])) == len(positions), place
        for one, other in zip(positions, ours.get("prefixItems", []), strict=True):
            self.schema(one, other, f"{place}/position")


@pytest.mark.sampled(20)
@pytest.mark.parametrize("endpoint_id", sorted(documents()))
def test_what_is_carried_is_what_the_document_says(endpoint_id: str) -> None:
    document, both = Schemas(documents()[endpoint_id]), carried(endpoint_id)
    for side, theirs in zip(SIDES, (document.input, document.output), strict=True):
        Draft202012Validator.check_schema(both[side])
        comparison = Comparison(document, both[side])
        comparison.root(theirs, both[side])
        assert comparison.compared > len(document.properties(theirs))
        wanted = set(document.reached(theirs)) - {theirs.get("$ref", "").removeprefix(PREFIX)}
        assert wanted <= both[side].get("$defs", {}).keys()


def test_the_package_carries_all_of_them(made: Made) -> None:
    for endpoint_id in documents():
        found = schemas_of(PACKAGE, endpoint_id)
        assert found is not None
        for side in SIDES:
            plain = {key: value for key, value in getattr(found, side).items() if key != "$schema"}
            assert json.dumps(plain) == json.dumps(carried(endpoint_id)[side])


def test_they_are_small(made: Made) -> None:
    """A thousand endpoints have at most 400 kB."""
    size = (made.package / "_schemas.txt").stat().st_size
    assert size < 400_000 * max(len(documents()), 100) / 400

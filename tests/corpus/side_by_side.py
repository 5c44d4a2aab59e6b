"""A document's schema and the one that the package has for it, side by side: a second reading, of the OpenAPI alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from corpus.schemas import PREFIX

if TYPE_CHECKING:
    from corpus.schemas import Schemas

# What a schema says as its document does; the rest is compared by itself, or is a schema in turn.
SAME = """type enum const title description default examples format pattern minimum maximum minLength maxLength minItems
    maxItems multipleOf uniqueItems deprecated ui _fal_ui_field additionalProperties""".split()
# The last is the one word of our own.
NOT_COMPARED = {"$ref", "$defs", "properties", "required", "items", "prefixItems", "anyOf", "oneOf", "allOf", "x-file"}


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

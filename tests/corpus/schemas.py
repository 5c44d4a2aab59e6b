"""A second reading of the documents, apart from the generator's: it shares no code with it, so it can contradict it.

`Schemas` finds the roots and follows references; `standard` writes a schema as plain JSON Schema, for the `jsonschema`
package to judge values by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "#/components/schemas/"
UNIONS = ("anyOf", "oneOf")


class Schemas:
    """One document's schemas."""

    def __init__(self, document: dict[str, Any]) -> None:
        paths: dict[str, Any] = document["paths"]
        self.components: dict[str, Any] = document["components"]["schemas"]
        (post,) = [path for path, item in paths.items() if "post" in item]
        self.input: dict[str, Any] = paths[post]["post"]["requestBody"]["content"]["application/json"]["schema"]
        result = paths[post + "/requests/{request_id}"]["get"]["responses"]["200"]
        self.output: dict[str, Any] = result["content"]["application/json"]["schema"]

    def follow(self, schema: Any) -> Any:
        """The schema behind references; `{}`, which allows everything, where one points nowhere."""
        while isinstance(schema, dict) and "$ref" in schema:
            schema = self.components.get(schema["$ref"].removeprefix(PREFIX), {})
        return schema

    def reached(self, root: Any) -> list[str]:
        """The components that a schema leads to, itself included."""
        found: list[str] = []
        waiting = [root]
        while waiting:
            for name in references(waiting.pop()):
                if name not in found and name in self.components:
                    found.append(name)
                    waiting.append(self.components[name])
        return found

    def properties(self, schema: Any) -> dict[str, Any]:
        """The properties of a schema, through references."""
        return dict(self.follow(schema).get("properties", {}))

    def standard(self, schema: Any, *, closed: bool = False) -> Any:
        """A schema in the words of JSON Schema (2020-12), with every reference written out.

        Args:
            schema: Any schema of this document.
            closed: As the client has it: objects that are silent about further properties take none, and what is
                required may be left out where the server has a default for it.
        """
        schema = self.follow(schema)
        if not isinstance(schema, dict):
            return True
        plain = {key: value for key, value in schema.items() if key in _KEPT}
        for union in (*UNIONS, "allOf"):
            if union in schema:
                plain[union] = [self.standard(part, closed=closed) for part in schema[union]]
        if "properties" in schema:
            if closed and "required" in plain:
                plain["required"] = [key for key in plain["required"] if "default" not in schema["properties"][key]]
            plain["properties"] = {
                key: self.standard(part, closed=closed) for key, part in schema["properties"].items()
            }
        self._add_extra(schema, plain, closed=closed)
        self._add_items(schema, plain, closed=closed)
        if "oneOf" in plain:  # fal's own validation (pydantic) takes the first that fits
            plain["anyOf"] = plain.pop("oneOf")
        if "enum" in plain and "anyOf" in plain:  # heygen's voices: the null stands in the union alone
            plain["anyOf"] = [
                {"enum": plain.pop("enum")},
                *(one for one in plain["anyOf"] if one.get("type") == "null"),
            ]
        return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain

    def _add_extra(self, schema: dict[str, Any], plain: dict[str, Any], *, closed: bool) -> None:
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict):
            plain["additionalProperties"] = self.standard(extra, closed=closed)
        elif extra is not None or (closed and schema.get("properties")):
            plain["additionalProperties"] = extra is True

    def _add_items(self, schema: dict[str, Any], plain: dict[str, Any], *, closed: bool) -> None:
        items = schema.get("items")
        positions = schema.get("prefixItems") or tuple_of(items)
        if positions:
            plain["prefixItems"] = [self.standard(part, closed=closed) for part in positions]
            plain |= {"items": False, "minItems": len(positions), "maxItems": len(positions)}
        elif items is not None:
            plain["items"] = self.standard(items, closed=closed)


_KEPT = frozenset(
    "type const enum required minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern "
    "minItems maxItems uniqueItems".split()
)


def tuple_of(items: Any) -> list[Any]:
    """The positions of `items: {"0": …, "1": …}`: a list that JavaScript spread into an object."""
    keys = list(items) if isinstance(items, dict) else []
    return [items[key] for key in sorted(keys, key=int)] if keys and all(key.isdecimal() for key in keys) else []


def references(schema: Any) -> Iterator[str]:
    """The components that a schema names in its own text; examples and defaults are data, not schemas."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(PREFIX)
        for key, value in schema.items():
            if key == "properties":
                for part in value.values():
                    yield from references(part)
            elif key in ("items", "additionalProperties", "prefixItems", "allOf", *UNIONS) or key.isdecimal():
                yield from references(value)
    elif isinstance(schema, list):
        for part in schema:
            yield from references(part)

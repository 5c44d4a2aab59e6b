"""A document's input and output as JSON Schema 2020-12, in the document's own words: what the package carries as data.

Beside them stands what the document says of the model: its category, its description and where it is documented.

What OpenAPI 3.0 spells otherwise is translated (`nullable`, a boolean `exclusiveMinimum`, `example`), what is no schema
is left out, and references lead to `$defs`. Properties are in fal's order; all else is in an order of our own, because
that of a document is random.
"""

# design: Which schemas travel with the package?

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, unquote

from ..json_text import JsonText, is_text
from ..literals import readable
from ..node import Node
from .json_keywords import (
    BY_NAME,
    LEFT_OUT,
    LISTS,
    SCHEMAS,
    VALUES,
    in_order,
    nullable,
    tell_examples,
    tell_exclusive,
    tell_required,
)
from .normalize import property_order
from .resolve import component_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..json_text import Json
    from .resolve import Resolved

# What is told of the model, and what fal calls it.
_ABOUT = {"category": "category", "description": "about", "documentation": "documentationUrl"}


def schemas(resolved: Resolved) -> JsonText:
    """Both schemas of a document: `{"about": …, "input": …, "output": …}`, each self-contained, in one line of ASCII.

    Args:
        resolved: A document that stage normalize took, and so is within the limits.
    """
    components = {name: node.value for name, node in resolved.components.items()}
    both: dict[str, Json] = {
        "about": _about(resolved),
        "input": _whole(resolved.input, components),
        "output": _whole(resolved.output, components),
    }
    return JsonText(json.dumps(both, separators=(",", ":")))


def _about(resolved: Resolved) -> dict[str, Json]:
    """What the docstring of the endpoint's class is made of; null is what the document does not tell."""
    told = {name: readable(resolved.metadata.get(key).text()).strip() for name, key in _ABOUT.items()}
    return {name: None if text in ("", resolved.document.id) else text for name, text in told.items()}


def _whole(root: Node, components: Mapping[str, Json]) -> dict[str, Json]:
    """A root with the components that it reaches."""
    reader = _Translator(components)
    whole, definitions = reader.root(root.value), reader.definitions()
    return {**whole, "$defs": definitions} if definitions else whole


class _Translator:
    """Translates schemas, and remembers which components they refer to.

    Args:
        components: Those of the document, by name.
    """

    def __init__(self, components: Mapping[str, Json]) -> None:
        self._components = components
        self._reached: dict[str, Json] = {}
        self._waiting: list[str] = []

    def root(self, value: Json) -> dict[str, Json]:
        """A root: the schema itself, where it is but a reference to it; any object, where it says nothing."""
        seen: set[str] = set()
        while isinstance(value, dict) and [*value] == ["$ref"]:
            name = self._component(value["$ref"])
            if name is None or name in seen:
                break
            seen.add(name)
            value = self._components[name]
        made = self._members(value) if isinstance(value, dict) else {}
        return made or {"type": "object"}

    def definitions(self) -> dict[str, Json]:
        """Every component that was referred to, and those that they refer to."""
        while self._waiting:
            name = self._waiting.pop()
            self._reached[name] = self._schema(self._components[name])
        return {name: self._reached[name] for name in sorted(self._reached)}

    def _schema(self, value: Json) -> Json:
        """A schema; what is none allows everything."""
        return self._members(value) if isinstance(value, dict) else {}

    def _members(self, schema: dict[str, Json]) -> dict[str, Json]:
        made: dict[str, Json] = {}
        for key in sorted(schema):
            if key not in LEFT_OUT and is_text(key):
                self._tell(key, schema, made)
        tell_required(made)
        tell_exclusive(schema, made)
        tell_examples(schema, made)
        return nullable(made) if schema.get("nullable") is True else made

    def _tell(self, key: str, schema: dict[str, Json], made: dict[str, Json]) -> None:
        """Translate a keyword, unless its value is none of those that it may have."""
        value = schema[key]
        if key == "$ref":
            self._tell_reference(value, made)
        elif key == "properties" or key in BY_NAME:
            self._tell_by_name(key, schema, made)
        elif key in LISTS:
            if isinstance(value, list) and value:
                made[key] = [self._schema(one) for one in value]
        elif key == "items" and (positions := _positions(value)):
            made["prefixItems"] = [self._schema(one) for one in positions]
        elif key in SCHEMAS:
            made[key] = value if isinstance(value, bool) else self._schema(value)
        elif key not in VALUES or VALUES[key](value):
            made[key] = in_order(value)

    def _tell_by_name(self, key: str, schema: dict[str, Json], made: dict[str, Json]) -> None:
        """Schemas by name: properties in fal's order."""
        by_name = schema[key]
        if isinstance(by_name, dict):
            names = property_order(Node(schema, "")) if key == "properties" else sorted(by_name)
            made[key] = {name: self._schema(by_name[name]) for name in names if is_text(name)}

    def _tell_reference(self, value: Json, made: dict[str, Json]) -> None:
        """`$ref`; one that leads nowhere allows everything."""
        name = self._component(value)
        if name is None:
            return
        if name not in self._reached:
            self._reached[name] = None
            self._waiting.append(name)
        made["$ref"] = "#/$defs/" + quote(name.replace("~", "~0").replace("/", "~1"))

    def _component(self, reference: Json) -> str | None:
        name = component_of(reference) if isinstance(reference, str) and is_text(reference) else None
        if name is None:
            return None
        unescaped = unquote(name).replace("~1", "/").replace("~0", "~")
        return next((one for one in (name, unescaped) if one in self._components and is_text(one)), None)


def _positions(items: Json) -> list[Json]:
    """The schemas of a tuple's positions, which before 2020-12 were `items`; some documents have `{"0": …}` for it."""
    if isinstance(items, list):
        return items
    keys = sorted(items, key=lambda key: (len(key), key)) if isinstance(items, dict) else []
    are_positions = keys == [str(index) for index in range(len(keys))]
    return [cast("dict[str, Json]", items)[key] for key in keys] if are_positions else []

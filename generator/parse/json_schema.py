"""A document's input and output as JSON Schema 2020-12, in the document's own words: what the package carries as data.

Beside them stands what the document says of the model: its category, its description and where it is documented.

What OpenAPI 3.0 spells otherwise is translated (`nullable`, a boolean `exclusiveMinimum`, `example`), what is no schema
is left out, references lead to `$defs`, and files are marked (`file_marks.py`). Properties are in fal's order; all else
is in an order of our own, because that of a document is random.
"""

# design: Which schemas travel with the package?

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from ..json_text import JsonText, is_text
from ..literals import readable
from .file_marks import marked
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
    from ..node import Node
    from .file_marks import Marks
    from .resolve import Resolved

# What is told of the model, and what fal calls it.
_ABOUT = {"category": "category", "description": "about", "documentation": "documentationUrl"}


def schemas(resolved: Resolved, inputs: Marks | None = None, outputs: Marks | None = None) -> JsonText:
    """Both schemas of a document: `{"about": …, "input": …, "output": …}`, each self-contained, in one line of ASCII.

    Args:
        resolved: A document that stage normalize took, and so is within the limits.
        inputs: Where its input takes files.
        outputs: Where its output has some.
    """
    both: dict[str, Json] = {
        "about": _about(resolved),
        "input": _whole(resolved.input, resolved.components, inputs or {}),
        "output": _whole(resolved.output, resolved.components, outputs or {}),
    }
    return JsonText(json.dumps(both, separators=(",", ":")))


def _about(resolved: Resolved) -> dict[str, Json]:
    """What the docstring of the endpoint's class is made of; null is what the document does not tell."""
    told = {name: readable(resolved.metadata.get(key).text()).strip() for name, key in _ABOUT.items()}
    return {name: None if text in ("", resolved.document.id) else text for name, text in told.items()}


def _whole(root: Node, components: Mapping[str, Node], marks: Marks) -> dict[str, Json]:
    """A root with the components that it reaches."""
    reader = _Translator(components, marks)
    whole, definitions = reader.root(root), reader.definitions()
    return {**whole, "$defs": definitions} if definitions else whole


class _Translator:
    """Translates schemas, and remembers which components they refer to.

    Args:
        components: Those of the document, by name.
        marks: Its files.
    """

    def __init__(self, components: Mapping[str, Node], marks: Marks) -> None:
        self._components = components
        self._marks = marks
        self._reached: dict[str, Json] = {}
        self._waiting: list[str] = []

    def root(self, schema: Node) -> dict[str, Json]:
        """A root: the schema itself, where it is but a reference to it; any object, where it says nothing."""
        seen: set[str] = set()
        while [*schema.members()] == ["$ref"]:
            name = self._component(schema.get("$ref").value)
            if name is None or name in seen:
                break
            seen.add(name)
            schema = self._components[name]
        return self._members(schema) or {"type": "object"}

    def definitions(self) -> dict[str, Json]:
        """Every component that was referred to, and those that they refer to."""
        while self._waiting:
            name = self._waiting.pop()
            self._reached[name] = self._members(self._components[name])
        return {name: self._reached[name] for name in sorted(self._reached)}

    def _members(self, schema: Node) -> dict[str, Json]:
        """A schema; what is none allows everything."""
        made: dict[str, Json] = {}
        for key in sorted(schema.members()):
            if key not in LEFT_OUT and is_text(key):
                self._tell(key, schema, made)
        tell_required(made)
        tell_exclusive(schema.members(), made)
        tell_examples(schema.members(), made)
        return nullable(made) if schema.get("nullable").value is True else made

    def _tell(self, key: str, schema: Node, made: dict[str, Json]) -> None:
        """Translate a keyword, unless its value is none of those that it may have."""
        under = schema.get(key)
        value = under.value
        if key == "$ref":
            self._tell_reference(value, made)
        elif key == "properties":
            self._tell_properties(schema, made)
        elif key in BY_NAME:
            if isinstance(value, dict):
                made[key] = {name: self._members(under.get(name)) for name in sorted(value) if is_text(name)}
        elif key in LISTS:
            if items := under.items():
                made[key] = [self._members(one) for one in items]
        elif key == "items" and (positions := _positions(under)):
            made["prefixItems"] = [self._members(one) for one in positions]
        elif key in SCHEMAS:
            made[key] = value if isinstance(value, bool) else self._members(under)
        elif key not in VALUES or VALUES[key](value):
            made[key] = in_order(value)

    def _tell_properties(self, schema: Node, made: dict[str, Json]) -> None:
        """Properties, in fal's order."""
        properties = schema.get("properties")
        if isinstance(properties.value, dict):
            names = [name for name in property_order(schema) if is_text(name)]
            made["properties"] = {name: self._property(properties.get(name)) for name in names}

    def _property(self, schema: Node) -> Json:
        made = self._members(schema)
        mark = self._marks.get(schema.source.pointer) if self._marks else None
        return made if mark is None else marked(made, schema, mark, self._components)

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


def _positions(items: Node) -> list[Node]:
    """The schemas of a tuple's positions, which before 2020-12 were `items`; some documents have `{"0": …}` for it."""
    if isinstance(items.value, list):
        return items.items()
    keys = sorted(items.members(), key=lambda key: (len(key), key))
    are_positions = keys == [str(index) for index in range(len(keys))]
    return [items.get(key) for key in keys] if are_positions else []

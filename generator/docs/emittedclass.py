"""One emitted class, as a user's tools would see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import get_type_hints

from generator.docs.describe import NONE, Field, Fields, Mark, Range, Value
from generator.docs.hints import alias_of, classes_in, label_of
from generator.docs.labels import Named

if TYPE_CHECKING:
    from generator.docs.docstrings import FieldDoc
    from generator.jsontext import Json

_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")

Schema = dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The docstring of a field says another thing than its annotation."""

    place: str
    docstring: str
    annotation: str


class _Schemas(GenerateJsonSchema):
    """JSON schemas in which what JSON cannot express (a file object) is left open."""

    def handle_invalid_for_json_schema(self, schema: object, error_info: str) -> dict[str, Any]:  # noqa: ARG002
        return {}


class EmittedClass:
    """Types are those of the evaluated annotations; what is required, enums and limits those of pydantic's JSON schema.

    Args:
        cls: The class.
        docs: Its fields' docstrings, in the order of the source.
    """

    def __init__(self, cls: type, docs: dict[str, FieldDoc]) -> None:
        self._cls = cls
        self._docs = docs
        self._hints: dict[str, object] = get_type_hints(cls, include_extras=True)

    @cached_property
    def _schema(self) -> Schema:
        schema: Schema = TypeAdapter[object](self._cls).json_schema(schema_generator=_Schemas)
        ref, definitions = schema.get("$ref"), schema.get("$defs")
        if isinstance(ref, str) and isinstance(definitions, dict):  # a class that mentions itself
            return cast("Schema", definitions[ref.rpartition("/")[2]])
        return schema

    def mentioned(self) -> list[type]:
        """The classes that its fields mention."""
        return [cls for name in self._docs for cls in classes_in(self._hints[name])]

    def fields(self, names: dict[int, str], contradictions: list[Contradiction]) -> Fields:
        """Its fields, in the order in which they are written."""
        required = cast("list[str]", self._schema.get("required", []))
        properties = cast("dict[str, Schema]", self._schema.get("properties", {}))
        found: list[Field] = []
        for name, doc in self._docs.items():
            wire = alias_of(self._hints[name]) or name
            branches = _branches(properties[wire])
            limits = frozenset(v for b in branches for key in _BOUNDS if (v := _number(b.get(key))) is not None)
            # Of several types the docstring tells no range: it would not say which one it is about.
            if doc.limits != limits and (doc.limits or sum(b.get("type") != "null" for b in branches) == 1):
                place = f"{self._cls.__name__}.{wire}"
                contradictions.append(Contradiction(place, _numbers(doc.limits), _numbers(limits)))
            found.append(
                Field(
                    name=wire,
                    type=label_of(self._hints[name], names) or Named("any"),
                    required=wire in required or doc.required,
                    default=doc.default or NONE,
                    enum=_enum(branches),
                    range=_range(branches),
                    examples=() if doc.example is None else (doc.example,),
                    description=doc.description,
                )
            )
        return tuple(found)


def _branches(schema: Schema) -> list[Schema]:
    branches = schema.get("anyOf")
    return cast("list[Schema]", branches) if isinstance(branches, list) else [schema]


def _enum(branches: list[Schema]) -> tuple[Value, ...]:
    members: list[Value] = []
    for branch in branches:
        listed = branch.get("enum", [branch["const"]] if "const" in branch else [])
        members += [Value(member) for member in listed] if isinstance(listed, list) else []
    return tuple(members)


def _range(branches: list[Schema]) -> Range | Mark:
    for branch in branches:
        low, high = _number(branch.get("minimum")), _number(branch.get("maximum"))
        if low is not None or high is not None:
            return Range(low, high, _number(branch.get("multipleOf")))
    return NONE


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _numbers(values: frozenset[float]) -> str:
    return ", ".join(f"{value:g}" for value in sorted(values)) or "none"

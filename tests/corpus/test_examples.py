"""What the documents give as examples and defaults passes the emitted check, unless it breaks its own schema.

Which of them do is judged by the `jsonschema` package over the raw document, and listed in `contradictions.txt`, one a
line. That file must match exactly: `python -m corpus.test_examples` prints what it would be today.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Required, get_args, get_origin

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from typing_extensions import get_type_hints

from corpus.classes import INPUT, OUTPUT, class_of, names_of
from corpus.corpus import HERE, Made, documents
from corpus.folder import IS_HERE
from corpus.schemas import PREFIX, Schemas
from corpus.valid import least
from generator.ir.identifiers import field_names

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = HERE / "contradictions.txt"


class Given:
    """A value that a document gives for a property of a component, on the way in or out."""

    def __init__(self, place: Place, source: str, value: Any, schema: Any) -> None:
        self.place, self.value = place, value
        self.label = f"{place.endpoint_id} {place.kind} {place.owner or '.'} {place.name} {source}"
        self.is_valid = Draft202012Validator(schema).is_valid(value)


@dataclass(frozen=True)
class Place:
    """Where a property is; the owner of an input's or an output's own properties is empty."""

    endpoint_id: str
    kind: str
    owner: str
    name: str


@cache
def all_given() -> tuple[Given, ...]:
    return tuple(given for endpoint_id in documents() for given in _of_endpoint(endpoint_id))


def _of_endpoint(endpoint_id: str) -> Iterator[Given]:
    schemas = Schemas(documents()[endpoint_id])
    for kind, start in ((INPUT, schemas.input), (OUTPUT, schemas.output)):
        root = start.get("$ref", "").removeprefix(PREFIX)
        for component in schemas.reached(start):
            for name, schema in schemas.properties(schemas.components[component]).items():
                standard = schemas.standard(schema, closed=kind == INPUT)
                place = Place(endpoint_id, kind, "" if component == root else component, name)
                for source, value in _values(schema):
                    yield Given(place, source, value, standard)


def _values(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Examples and default; `default: null` says no more than that the property may be left out."""
    if schema.get("default") is not None:
        yield "default", schema["default"]
    listed = [*(schema.get("examples") or []), *([schema["example"]] if "example" in schema else [])]
    for number, value in enumerate(listed):
        yield f"example {number}", value


def contradictions() -> list[str]:
    return sorted(given.label for given in all_given() if not given.is_valid)


@pytest.mark.usefixtures("the_corpus_is_here")
def test_what_contradicts_its_own_schema_is_listed() -> None:
    listed = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert listed == contradictions()


def test_the_emitted_check_takes_exactly_what_the_schema_takes(made: Made) -> None:
    """An input's in a call of the required inputs; those of other types in that type's place.

    What an output leaves out reads as None, so a null is no news there.
    """
    told = [given for given in all_given() if given.place.kind == INPUT or given.value is not None]
    wrong = [given.label for given in told if passes(made, given) != given.is_valid]
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:50])
    assert len(told) > (3_000 if IS_HERE else 60)


def passes(made: Made, given: Given) -> bool:
    place, value = given.place, given.value
    module = made.endpoint(place.endpoint_id)
    if place.kind == INPUT and not place.owner:
        adapter, value = adapter_of(module.SPEC.input), {**required(place.endpoint_id), place.name: value}
    else:
        root = module.SPEC.output
        owner = class_of(module, place.kind, names_of(module, place.kind, place.owner)[0]) if place.owner else root
        adapter = _property(owner, place.name, place.kind)
    try:
        adapter.validate_python(value, strict=True, by_name=place.kind == INPUT, by_alias=place.kind == OUTPUT)
    except ValidationError:
        return False
    return True


@cache
def adapter_of(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


@cache
def _property(cls: Any, wire_name: str, kind: str) -> TypeAdapter[Any]:
    name = field_names([wire_name], model=kind == OUTPUT)[wire_name]
    hint = get_type_hints(cls, include_extras=True)[name]
    return TypeAdapter(get_args(hint)[0] if get_origin(hint) is Required else hint)


@cache
def required(endpoint_id: str) -> dict[str, Any]:
    """A call of the required inputs: for each an example that its schema allows, else the least that it allows."""
    schemas = Schemas(documents()[endpoint_id])
    schema = schemas.follow(schemas.input)
    return {name: valid(schemas, schema["properties"][name]) for name in schema.get("required", [])}


def valid(schemas: Schemas, schema: dict[str, Any]) -> Any:
    standard = schemas.standard(schema, closed=True)
    validator = Draft202012Validator(standard)
    return next((value for _, value in _values(schema) if validator.is_valid(value)), least(standard))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "exclusiveMinimum": 4}, 5),
        ({"anyOf": [{"enum": ["a"]}, {"type": "null"}]}, "a"),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
    ],
)
def test_least(schema: Any, value: Any) -> None:
    assert least(schema) == value
    assert Draft202012Validator(schema).is_valid(value)


if __name__ == "__main__":
    print("\n".join(contradictions()))  # noqa: T201

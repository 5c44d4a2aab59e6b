"""What an endpoint takes and gives, a row for each name: for help, for tables, for the command line.

Which names there are, and what is taken for them, the emitted types say, for by those an input is checked. The words
and the defaults are those of the document.
"""

# design: How do people see what an endpoint takes?

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Required, get_args, get_origin

from typing_extensions import get_type_hints

from ..checks import is_array, is_object
from ..inputs.wire_names import python_names
from ..schemas import schemas_of
from .types import TypeTold, tell_type
from .words import media_in_words, on_screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..inputs.spec import EndpointSpec
    from ..schemas import Schemas
    from .types import Member


class _NoDefault(Enum):
    NO_DEFAULT = "no default"

    def __repr__(self) -> str:
        return "..."


NO_DEFAULT: Final = _NoDefault.NO_DEFAULT
"""In place of a default, where the document names none: null is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """An input of an endpoint, for people. No text of it can do a terminal any harm.

    Attributes:
        name: As it is given in Python.
        type: As one would type it, in one line: `int`, `"square" | "square_hd" | ImageSize`. Of an enumeration that is
            long the first values, and how many there are.
        required: Whether it must be given.
        default: What is taken where it is left out, as JSON; `NO_DEFAULT` where the document does not tell.
        example: The document's first example, as JSON; or `NO_DEFAULT`.
        low: The least number, or what it must be above; None where there is none.
        high: The greatest number, or what it must be below.
        range: Its range or its length in words: `1 to 12`, `at most 4 items`; empty where there is none.
        members: The values of an enumeration, also of one that other types stand beside.
        item_members: Those of the items, where it is a list.
        takes_file: Whether it is a file, or a list of files.
        limits: What those files, or files within it, must be like; empty where all go.
        description: What the document says of it, as paragraphs.
    """

    name: str
    type: str
    required: bool
    default: object = NO_DEFAULT
    example: object = NO_DEFAULT
    low: float | None = None
    high: float | None = None
    range: str = ""
    members: tuple[Member, ...] = ()
    item_members: tuple[Member, ...] = ()
    takes_file: bool = False
    limits: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRow:
    """A field of an output, for people.

    Attributes:
        name: The attribute.
        type: As one would type it.
        description: What the document says of it, as paragraphs.
    """

    name: str
    type: str
    description: str = ""


def rows_of(package: str, spec: EndpointSpec) -> list[InputRow]:
    """The inputs of an endpoint, in the order of its document; none where nothing is known of them.

    Args:
        package: The package whose data is read, e.g. `fal_typed`. Without the data there are no words and no defaults.
        spec: What is known of the endpoint.
    """
    said = _said(schemas_of_or_none(package, spec.id), "input")
    wire_names = {name: wire for wire, name in python_names(spec.input, ()).items()}
    rows: list[InputRow] = []
    for name, annotation in _annotations(spec.input).items():
        wire, required = wire_names.get(name, name), get_origin(annotation) is Required
        rows.append(_row(name, tell_type(annotation), said.get(wire, {}), required, _limits(spec, wire)))
    return rows


def output_rows_of(package: str, spec: EndpointSpec) -> list[OutputRow]:
    """The fields of an endpoint's output, in the order of its document; of a union those of all its models.

    Args:
        package: See `rows_of`.
        spec: See `rows_of`.
    """
    said = _said(schemas_of_or_none(package, spec.id), "output")
    rows: dict[str, OutputRow] = {}
    for model in get_args(spec.output) or (spec.output,):
        fields: Mapping[str, Any] = getattr(model, "model_fields", {})
        for name, field in fields.items():
            words = _words(said.get(field.alias or name, {}))
            rows.setdefault(name, OutputRow(name=name, type=tell_type(field.annotation).text, description=words))
    return [*rows.values()]


def schemas_of_or_none(package: str, endpoint_id: str) -> Schemas | None:
    """The schemas of an endpoint; None, too, where the package has lost its data: help is no reason to fail."""
    try:
        return schemas_of(package, endpoint_id)
    except (OSError, RuntimeError):
        return None


def _annotations(input_type: Any) -> Mapping[str, Any]:
    return {} if input_type is None else get_type_hints(input_type, include_extras=True)


def _row(name: str, told: TypeTold, said: Mapping[str, Any], required: bool, limits: str) -> InputRow:
    examples = said.get("examples")
    return InputRow(
        name=name,
        type=told.text,
        required=required,
        default=said.get("default", NO_DEFAULT),
        example=examples[0] if is_array(examples) and examples else NO_DEFAULT,
        low=told.low,
        high=told.high,
        range="; ".join(told.ranges),
        members=told.members,
        item_members=told.item_members,
        takes_file=told.takes_file,
        limits=limits,
        description=_words(said),
    )


def _words(said: Mapping[str, Any]) -> str:
    text = said.get("description")
    return on_screen(text.strip()) if isinstance(text, str) else ""


def _limits(spec: EndpointSpec, wire: str) -> str:
    """The limits of the files at an input and below it: `elements.*.image_url: at most 10 MiB`."""
    told: list[str] = []
    for place, limits in (spec.media or {}).items():
        if words := media_in_words(limits):
            told += [words] if place == wire else [f"{place}: {words}"] if place.startswith(f"{wire}.") else []
    return "; ".join(told)


def _said(schemas: Schemas | None, side: str) -> dict[str, Mapping[str, Any]]:
    """What the document says of each property at the root of its input or its output."""
    root: Mapping[str, Any] = {} if schemas is None else getattr(schemas, side)
    return {name: one for name, one in _properties(root, {**root.get("$defs", {})}) if is_object(one)}


def _properties(schema: Mapping[str, Any], definitions: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The properties of an object that may be made of others, each definition once."""
    reference = schema.get("$ref")
    parts = [definitions.pop(_target(reference), None)] if isinstance(reference, str) else []
    for part in (*parts, *schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if is_object(part):
            yield from _properties(part, definitions)
    yield from schema.get("properties", {}).items()


def _target(reference: str) -> str:
    from urllib.parse import unquote

    return unquote(reference.rpartition("/")[2]).replace("~1", "/").replace("~0", "~")

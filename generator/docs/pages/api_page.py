"""Reads the text of an endpoint's API page, `https://fal.ai/models/<id>/api`, in the layouts that were met.

With headings: "Input", "Output", "Other types" and below that a heading for each type. Without: the fields of the
input, its example, those of the output, its example, and those of all other types behind each other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..describe import NONE, UNKNOWN, Description, FieldDescription, Fields, Mark, Problem, Reading, Unknown, Value
from .api_fields import MARK, FieldReader, is_tokens
from .api_text import Example, Heading, Line, ObjectOf, Part, schema_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...json_text import Json

_CALLED = re.compile(r'fal(?:\.queue)?\.(?:subscribe|submit|stream|run)\(\s*"([^"]+)"')
_INPUT, _OUTPUT, _TYPES = "Input", "Output", "Other types"


def read_page(text: str) -> Reading:
    """Read the text of an API page.

    Returns:
        The description; what the page's layout does not show is unknown in it. And what could not be read.
    """
    parts, problems = schema_parts(text)
    if not parts:
        return Reading(Description(), tuple(problems or [Problem(1, "nothing stands below the schema's heading")]))
    lines = [part for part in parts if isinstance(part, Line)]
    reader = FieldReader(tokens=is_tokens(lines), marked=any(MARK in line.text for line in lines))
    reader.problems.extend(problems)
    called = _CALLED.search(text)
    headed = any(isinstance(part, Heading) and part.text == _INPUT for part in parts)
    description = _by_headings(parts, reader) if headed else _by_examples(parts, reader)
    return Reading(
        replace(description, endpoint=(called[1],) if called else UNKNOWN, rendered=True), tuple(reader.problems)
    )


def _by_headings(parts: Sequence[Part], reader: FieldReader) -> Description:
    sections = _sections(parts, reader)
    types: dict[str, Fields] = {}
    found: dict[str, Fields] = {}
    seen_types = False
    for heading, body in sections:
        if heading.text == _TYPES:
            seen_types = True
            _leftover(body, reader)
        elif heading.text in (_INPUT, _OUTPUT) and not seen_types:
            found[heading.text] = _section(body, reader)
        elif not seen_types:
            reader.problems.append(Problem(heading.number, f"a heading that has no place here: {heading.text}"))
        elif heading.text in types:
            reader.problems.append(Problem(heading.number, f"the type {heading.text} is there a second time"))
        else:
            types[heading.text] = _fields(body, reader)
    return Description(
        input=found.get(_INPUT, UNKNOWN),
        output=found.get(_OUTPUT, UNKNOWN),
        types=types,
        types_complete=seen_types,
    )


def _sections(parts: Sequence[Part], reader: FieldReader) -> list[tuple[Heading, list[Part]]]:
    sections: list[tuple[Heading, list[Part]]] = []
    for part in parts:
        if isinstance(part, Heading):
            sections.append((part, []))
        elif sections:
            sections[-1][1].append(part)
        else:
            text = part.text if isinstance(part, Line) else "an example"
            reader.problems.append(Problem(part.number, f"stands before the first heading: {text}"))
    return sections


def _by_examples(parts: Sequence[Part], reader: FieldReader) -> Description:
    """A page without headings: an example ends the input, another one the output."""
    ends = [index for index, part in enumerate(parts) if isinstance(part, Example)]
    if len(ends) < 2:
        problem = "without headings, the examples part input, output and types: two are needed"
        reader.problems.append(Problem(parts[0].number, problem))
        return Description()
    pool = [part for part in parts[ends[1] + 1 :] if not isinstance(part, Heading)]
    return Description(
        input=_section(parts[: ends[0] + 1], reader),
        output=_section(parts[ends[0] + 1 : ends[1] + 1], reader),
        pool=_fields(pool, reader, repeated=True),
    )


def _section(parts: Sequence[Part], reader: FieldReader) -> Fields:
    """The fields of the input or the output, with what the example has for them."""
    examples = [part for part in parts if isinstance(part, Example)]
    first = next((index for index, part in enumerate(parts) if isinstance(part, Example)), len(parts))
    fields = _fields(parts[:first], reader)
    _leftover(parts[first + 1 :], reader)
    example = examples[0].value.json if examples else UNKNOWN
    if not isinstance(example, dict):
        return fields
    known = {field.name for field in fields}
    if not any(field.name is UNKNOWN for field in fields):
        for name in [name for name in example if name not in known]:
            reader.problems.append(Problem(examples[0].number, f"the example has {name}, which is none of the fields"))
    return tuple(f if f.name is UNKNOWN else replace(f, sample=_sample(example, f.name)) for f in fields)


def _sample(example: dict[str, Json], name: str) -> Value | Mark:
    return Value(example[name]) if name in example else NONE


def _fields(parts: Sequence[Part], reader: FieldReader, *, repeated: bool = False) -> Fields:
    own = [part for part in parts if isinstance(part, Line | ObjectOf)]
    _leftover([part for part in parts if not isinstance(part, Line | ObjectOf)], reader)
    found: list[FieldDescription] = []
    seen: set[str | Unknown] = set()
    for field in reader.fields(own):
        if field.name is not UNKNOWN and field.name in seen and not repeated:
            reader.problems.append(Problem(field.line, f"the field {field.name} is there a second time"))
            continue
        seen.add(field.name)
        found.append(field)
    return tuple(found)


def _leftover(parts: Sequence[Part], reader: FieldReader) -> None:
    for part in parts:
        text = part.text if isinstance(part, Line | Heading) else "an example"
        reader.problems.append(Problem(part.number, f"has no place here: {text}"))

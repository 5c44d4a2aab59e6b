"""The fields of a type as a list: whole with what is below them, as a page has it, or short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import places
from .markdown import line_text
from .md_words import code, to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import FieldFacts, TypeFacts

_STEP = "    "
_FILES = {"image": "an image", "audio": "audio", "video": "a video"}
# Of the document's words about a field, in a short list; and how many members of an enum, behind which `…` stands.
_SHORT, _MEMBERS = 120, 30


def field_list(type_: TypeFacts, page: str, indent: str = "") -> list[str]:
    """A line for each field with all that is known of it, and the types below it further in.

    Args:
        type_: The type.
        page: The path of the page that the list stands on.
        indent: What the lines begin with.
    """
    lines: list[str] = []
    for field in type_.fields:
        prose = line_text(field.prose)
        lines.append(f"{indent}- {'; '.join(_told(field, type_.kind))}{f'. {prose}' if prose else ''}")
        for below in field.types:
            lines += _below(below, page, indent + _STEP)
    if type_.extra:
        lines.append(f"{indent}- any other key: {code(type_.extra)}")
    return lines


def _below(type_: TypeFacts, page: str, indent: str) -> list[str]:
    name = code(type_.name)
    if type_.shared:
        name = to(page, places.type_page(type_.kind, type_.shared, type_.page), name)
    if type_.again:
        return [f"{indent}- {name}, as above"]
    inner = field_list(type_, page, indent + _STEP)
    return [f"{indent}- {name}{':' if inner else ', which has no fields'}", *inner]


def short_list(type_: TypeFacts, indent: str = "") -> list[str]:
    """The same for a reader of many: less of the words, and shared types by their names alone.

    Args:
        type_: The type.
        indent: What the lines begin with.
    """
    lines: list[str] = []
    for field in type_.fields:
        said = [code(one.name) + f" is {code(f'{one.module}.{one.shared}')}" for one in field.types if one.shared]
        told = "; ".join([*_told(field, type_.kind, _MEMBERS), *said])
        prose = line_text(shortened(field.prose))
        lines.append(f"{indent}- {told}{f'. {prose}' if prose else ''}")
        for below in field.types:
            if not below.shared and not below.again and below.fields:
                lines += [f"{indent}{_STEP}- {code(below.name)}:", *short_list(below, indent + _STEP * 2)]
    if type_.extra:
        lines.append(f"{indent}- any other key: {code(type_.extra)}")
    return lines


def shortened(text: str) -> str:
    """How a document's words begin, up to the end of a sentence or a word."""
    line = " ".join(text.split())
    if len(line) <= _SHORT:
        return line
    head = line[:_SHORT]
    sentence = head.rfind(". ")
    return head[: sentence + 1] if sentence > 0 else f"{head.rpartition(' ')[0] or head}…"


def _told(field: FieldFacts, kind: str, most: int | None = None) -> Iterator[str]:
    """What code needs to know of a field; of an enum the first members."""
    wire = f" ({code(field.wire_name)} in JSON)" if field.wire_name != field.name else ""
    yield f"{code(field.name)}{wire}: {code(field.type)}"
    is_input = kind == "params"
    if is_input and field.required:
        yield "required"
    if is_input and field.default is not None:
        yield f"default {code(field.default)}"
    if field.members:
        more = "" if most is None or len(field.members) <= most else f" … ({len(field.members)} in all)"
        only = "always" if len(field.members) == 1 else "one of"
        yield f"{only} {', '.join(map(code, field.members[:most]))}{more}"
    yield from map(line_text, field.limits)
    if field.file:
        yield f"takes {_FILES.get(field.file, 'a file')}"
    yield from map(line_text, field.file_limits)
    if field.deprecated:
        yield "deprecated"
    if is_input and not field.required and most is None and field.example not in (None, field.default):
        yield f"e.g. {code(str(field.example))}"

"""Reads `llms.txt`, the form in which fal publishes every endpoint's documentation for programs.

A page is Markdown. "### Input Schema" and "### Output Schema" list the fields, each a bullet with its name, type and
whether it is required, and lines below it (`attributes.py`). Fields that are indented below another one are those of
its type. Behind the fields stand examples in fenced blocks. Everything else on the page is about other things.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..describe import UNKNOWN, Description, FieldDescription, Fields, Problem, Reading, lines_of
from ..labels import object_names, parse_label
from ..limits import NAME, check_depth, check_fields
from .attributes import NumberedLine, complete, whole_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_SCHEMA = re.compile(r"(input|output)(\s+schema)?:?", re.IGNORECASE)
_ID = re.compile(r"[-*]\s+\*\*(?:Model|Endpoint) ID\*\*:\s*`([^`]+)`")
_LOOKS_LIKE_A_FIELD = re.compile(r"[-*]\s+\*\*`")
_FIELD = re.compile(
    r"[-*]\s+\*\*`(?P<name>[^`]+)`\*\*\s*"
    r"\(\s*`(?P<type>[^`]+)`\s*(?:,\s*[_*](?P<mark>required|optional)[_*]\s*)?\)\s*(?::\s*(?P<rest>.*))?"
)
_FENCE = "```"
_BOLD = re.compile(r"\*\*([^*]*+)\*\*\s*:?")
_EXAMPLE = re.compile("example|response", re.IGNORECASE)
# What stands below other headings may be about the fields, and then half of them would not be compared.
_OTHER_HEADINGS = frozenset(
    {"overview", "pricing", "api information", "usage examples", "curl", "python", "javascript"}
    | {"additional resources", "documentation", "fal.ai platform"}
)


def read_llms(text: str) -> Reading:
    """Read an `llms.txt`.

    Returns:
        The description, and every line of the schema sections that could not be placed.
    """
    reader = _PageReader()
    lines = [(number, line.expandtabs(4).rstrip()) for number, line in enumerate(lines_of(text), 1)]
    endpoint = next((match[1] for _, line in lines if (match := _ID.match(line))), None)
    found = {name: reader.section(body) for name, body in _sections(lines, reader)}
    if "input" not in found:
        reader.problems.append(Problem(1, 'no section "Input Schema"'))
    description = Description(
        endpoint=UNKNOWN if endpoint is None else (endpoint,),
        input=found.get("input", UNKNOWN),
        output=found.get("output", UNKNOWN),
        types={name: tuple(fields) for name, fields in reader.types.items()},
    )
    return Reading(description, tuple(reader.problems))


def _sections(lines: list[NumberedLine], reader: _PageReader) -> Iterator[tuple[str, list[NumberedLine]]]:
    """The sections of the schema. A heading in a fenced block is none."""
    name, start, body, fenced = "", 0, list[NumberedLine](), False
    seen: set[str] = set()
    title_follows = True
    for number, text in [*lines, (len(lines) + 1, "# ")]:
        heading = None if fenced else _HEADING.match(text)
        if text.startswith(_FENCE):
            fenced = not fenced
        if heading is None and number <= len(lines):
            body.append((number, text))
            continue
        if name in seen:
            reader.problems.append(Problem(start, f"a second section about the {name}"))
        elif name:
            seen.add(name)
            yield name, body
        title = heading[2].strip() if heading else ""
        match = _SCHEMA.fullmatch(title)
        is_title = title_follows and heading is not None and heading[1] == "#"
        if number <= len(lines) and not match and not is_title and title.lower() not in _OTHER_HEADINGS:
            reader.problems.append(Problem(number, f"a heading that is not known: {title}"))
        title_follows = False
        name, start, body = match[1].lower() if match else "", number, []


class _Open(NamedTuple):
    """A field whose lines are being read; without head it is one that cannot be read, and nor can what is below it."""

    indent: int
    head: FieldDescription | None
    below: list[NumberedLine]
    nested: list[FieldDescription]


class _PageReader:
    """Reads sections, and collects what they say of nested types and what could not be read."""

    def __init__(self) -> None:
        self.types: dict[str, list[FieldDescription]] = {}
        self.problems: list[Problem] = []
        self._fields = 0

    def section(self, lines: list[NumberedLine]) -> Fields:
        """The fields of one section, of what stands below its heading."""
        fields: list[FieldDescription] = []
        open_: list[_Open] = []
        is_example = (i for i, (_, text) in enumerate(lines) if _is_example(text) or text.startswith(_FENCE))
        examples = next(is_example, len(lines))
        before = ""
        for number, whole in lines[:examples]:
            indent, text = len(whole) - len(whole.lstrip()), whole.strip()
            # Below a blank line, what belongs to a field is indented.
            is_outside = not before and open_ and indent <= open_[-1].indent
            before = text
            if _LOOKS_LIKE_A_FIELD.match(text):
                while open_ and indent <= open_[-1].indent:
                    self._close(open_, fields)
                open_.append(_Open(indent, *self._head(number, text), []))
                check_depth(len(open_), number)
            elif text and (is_outside or (not open_ and not text.endswith(":"))):
                self.problems.append(Problem(number, f"belongs to no field: {text}"))
            elif open_:
                open_[-1].below.append((number, text))
        while open_:
            self._close(open_, fields)
        self._twice(fields)
        self._examples(lines[examples:])
        return tuple(fields)

    def _head(self, number: int, text: str) -> tuple[FieldDescription | None, list[NumberedLine]]:
        """A field's own line, and the description that may begin on it.

        Raises:
            PageLimitError: The page has too many.
        """
        self._fields += 1
        check_fields(self._fields, number)
        match = _FIELD.fullmatch(text)
        label = parse_label(match["type"]) if match and len(match["name"]) <= NAME else None
        if match is None or label is None:
            self.problems.append(Problem(number, f"is no field that can be read: {text}"))
            return None, []
        required = UNKNOWN if match["mark"] is None else match["mark"] == "required"
        rest = [(number, match["rest"])] if match["rest"] else []
        return FieldDescription(name=match["name"], line=number, type=label, required=required), rest

    def _close(self, open_: list[_Open], fields: list[FieldDescription]) -> None:
        """Complete the field that was opened last, and put it where it belongs."""
        one = open_.pop()
        if one.head is None:
            return
        field, problems = complete(one.head, one.below)
        self.problems.extend(problems)
        (open_[-1].nested if open_ else fields).append(field)
        if one.nested:
            self._type(one.head, one.nested)

    def _type(self, head: FieldDescription, nested: list[FieldDescription]) -> None:
        """The fields of a type, below a field of that type."""
        self._twice(nested)
        names = [] if head.type is UNKNOWN else object_names(head.type)
        if len(names) != 1:
            message = f"has fields below it, but its type {head.type} names no object type, or several"
            self.problems.append(Problem(head.line, message))
        elif list(map(_plain, self.types.setdefault(names[0], nested))) != list(map(_plain, nested)):
            self.problems.append(Problem(head.line, f"{names[0]} has other fields here than elsewhere on the page"))

    def _twice(self, fields: list[FieldDescription]) -> None:
        """Report, and drop, fields that were there before."""
        known: dict[object, FieldDescription] = {}
        for field in fields:
            if known.setdefault(field.name, field) is not field:
                self.problems.append(Problem(field.line, f"the field {field.name} is there a second time"))
        fields[:] = known.values()

    def _examples(self, lines: list[NumberedLine]) -> None:
        """The fenced blocks behind the fields: each is whole, and JSON where it says so."""
        block: tuple[int, bool, list[str]] | None = None
        for number, text in lines:
            if text.startswith(_FENCE):
                if block is not None and block[1] and whole_value("\n".join(block[2])) is None:
                    self.problems.append(Problem(block[0], "the example is not JSON"))
                block = (number, text[3:].strip().lower() == "json", []) if block is None else None
            elif block is not None:
                block[2].append(text)
            elif text.strip() and not _is_example(text):
                self.problems.append(Problem(number, f"stands between the examples: {text.strip()}"))
        if block is not None:
            self.problems.append(Problem(block[0], "the example does not end"))


def _is_example(text: str) -> bool:
    """Whether a line announces an example."""
    match = _BOLD.fullmatch(text)
    return match is not None and _EXAMPLE.search(match[1]) is not None


def _plain(field: FieldDescription) -> FieldDescription:
    """A field without its place on the page and its prose: what it is."""
    return replace(field, line=0, examples=UNKNOWN, description=UNKNOWN)

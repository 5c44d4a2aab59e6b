"""Reads from a stored documentation page what these tests need, and nothing more. Raises where it finds nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from .catalog import ROOT

FOLDER = ROOT / "tests" / "docs"
_BEFORE_THE_SCHEMA = "Read more about file handling"
_NAME = r"[a-z][a-z0-9_]*"
_TYPE = r"(?:string|integer|float|boolean|list<\w+>|[A-Z]\w*(?: \| [A-Z]\w*)*)"
_FIELD = re.compile(rf"({_NAME}) {_TYPE}(?:\* required)?")
_ENUM = "Possible enum values: "


@dataclass(frozen=True)
class Page:
    """What a page says of its endpoint.

    Attributes:
        input: The example input.
        output: The example output; empty where the page's "Output" is.
        fields: The names of the inputs, in order.
        enums: The members listed for an input, by its name.
    """

    input: dict[str, Any]
    output: dict[str, Any]
    fields: list[str]
    enums: dict[str, list[str]]


@cache
def read_page(endpoint_id: str) -> Page:
    """The stored page of an endpoint."""
    path = FOLDER / f"{endpoint_id.replace('/', '__')}.page.txt"
    return parse_page(path.read_text(encoding="utf-8"))


def parse_page(text: str) -> Page:
    """The facts in the text of a page.

    Raises:
        ValueError: A part of it was not found.
    """
    lines = [line.replace("\N{NO-BREAK SPACE}", " ").strip() for line in text.splitlines()]
    schema = next((index for index, line in enumerate(lines) if line.startswith(_BEFORE_THE_SCHEMA)), None)
    if schema is None:
        raise ValueError(f"no line begins with {_BEFORE_THE_SCHEMA!r}")
    start, end, example = _example(lines, schema)
    fields = _fields(lines[schema + 1 : start])
    if not fields:
        raise ValueError("no input fields before the example input")
    return Page(example, _output(lines, end), list(fields), {name: found for name, found in fields.items() if found})


def _output(lines: list[str], after: int) -> dict[str, Any]:
    body = [line for line in lines[after:] if line not in ("", "#")]
    if body[:2] == ["Output", "Other types"]:
        return {}  # the page of hidream-i1-full
    return _example(lines, after)[2]


def _fields(lines: list[str]) -> dict[str, list[str]]:
    """The fields in order, each with the enum members listed below it."""
    found: dict[str, list[list[str]]] = {}
    last = ""
    for line, following in pairwise([*lines, ""]):
        if (name := _named(line, following)) is not None:
            last, found[name] = name, []
        elif line.startswith(_ENUM) and last:
            found[last].append(line.removeprefix(_ENUM).split(", "))
        elif (note := re.fullmatch(rf'"({_NAME})": \{{', line)) and note[1] not in found and last:
            # A field printed without its name, as some pages print unions: the note below its members tells the name.
            found[note[1]] = [found[last].pop()]
            last = note[1]
    return {name: members[0] if members else [] for name, members in found.items()}


def _named(line: str, following: str) -> str | None:
    """The name that a line gives: `name type`, `name type* required`, or a name whose type is on the next line."""
    if match := _FIELD.fullmatch(line):
        return match[1]
    return line if re.fullmatch(_NAME, line) and re.fullmatch(_TYPE, following) else None


def _example(lines: list[str], after: int) -> tuple[int, int, dict[str, Any]]:
    """The first JSON object that begins on a line of its own, with where it begins and ends."""
    start = next((index for index in range(after, len(lines)) if lines[index] == "{"), None)
    if start is None:
        raise ValueError(f"no example below line {after}")
    for end in range(start + 1, len(lines)):
        if lines[end] == "}":
            try:
                return start, end + 1, json.loads("\n".join(map(_repaired, lines[start : end + 1])))
            except ValueError:
                continue  # a nested object ends here: some pages have lost their indentation
    raise ValueError(f"the example that begins at line {start + 1} is not JSON")


def _repaired(line: str) -> str:
    """A line of JSON with the quotes inside its string escaped; two pages print them bare."""
    match = re.fullmatch(r'((?:"\w+": )?)"(.*)"(,?)', line)
    return line if match is None else match[1] + '"' + re.sub(r'(?<!\\)"', r"\"", match[2]) + '"' + match[3]

"""The lines of an `llms.txt` below a field: its description, and behind it what is said in a fixed form.

The forms, as fal writes them: "- Default: `8`", "- Options: `"a"`, `"b"`", "- Range: `1` to `4`",
"- Range: `0` to `1`, step: `0.1`", "- Array of Image",
"- One of: ImageSize | Enum", "- Examples: "a", "b"". Everything between backticks, and every example, is JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ..describe import NONE, UNKNOWN, FieldDescription, Problem, Range, Text, Value, printed, squeezed
from ..labels import ListOf, is_enum, parse_label
from ..limits import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...json_text import Json

_KNOWN = re.compile(r"[-*]\s+(Default|Options?|Range|Examples?|One of|Array of)\s*:?\s+(.*)")
_BULLET = re.compile(r"[-*]\s")
_RANGE = re.compile(r"`([^`]*)`\s+to\s+`([^`]*)`(?:,\s+step:?\s+`([^`]*)`)?")

NumberedLine = tuple[int, str]


def complete(head: FieldDescription, lines: Sequence[NumberedLine]) -> tuple[FieldDescription, list[Problem]]:
    """A field with what stands below it, and the lines that could not be read.

    Args:
        head: What the field's own line says.
        lines: The lines below it, with their numbers.
    """
    start = _first_attribute(lines)
    prose, suffix = split_suffix("\n".join(text for _, text in lines[:start]))
    known = NONE if suffix is None else read_suffix(suffix, is_enum=False)
    # An enum always lists its members; in lists and unions they are not shown.
    enum = () if head.type is not UNKNOWN and is_enum(head.type) else UNKNOWN
    found = replace(head, default=known, enum=enum, range=NONE, examples=(), description=prose)
    seen: set[str] = set()
    problems = [
        Problem(number, f"stands within the description of {head.name}: {text}")
        for number, text in lines[:start]
        if (match := _KNOWN.fullmatch(text)) and _with(found, match[1].removesuffix("s"), match[2].strip()) is not None
    ]
    for number, text in lines[start:]:
        if not text:
            continue
        match = _KNOWN.fullmatch(text)
        kind = match[1].removesuffix("s") if match else ""
        known_now = _with(found, kind, match[2].strip()) if match else None
        if known_now is None:
            problems.append(Problem(number, f"cannot be read as something that is said of a field: {text}"))
        elif kind in seen:
            problems.append(Problem(number, f"is said of {head.name} a second time: {text}"))
        else:
            found = known_now
            seen.add(kind)
    if "Default" in seen and suffix is not None and not _agree(found, suffix):
        problems.append(Problem(head.line, f"{head.name} has one default in its description and another below it"))
    return found, problems


def _first_attribute(lines: Sequence[NumberedLine]) -> int:
    """Where the attributes begin: at the first line of a known form behind which there is nothing but bullets.

    A description may have bullets too, and may even have one that looks like an attribute.
    """
    start = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        text = lines[index][1]
        if text and not _BULLET.match(text):
            break
        if _KNOWN.fullmatch(text):
            start = index
    return start


def _with(field: FieldDescription, kind: str, rest: str) -> FieldDescription | None:
    """The field with one more attribute; None where that is not in its form, or contradicts the field's type."""
    match kind:
        case "Default":
            one = values(rest, quote="`")
            return replace(field, default=one[0]) if one is not None and len(one) == 1 else None
        case "Option":
            some = values(rest, quote="`")
            return None if some is None else replace(field, enum=some)
        case "Range":
            limits = _range(rest)
            return None if limits is None else replace(field, range=limits)
        case "Example":
            some = values(rest)
            return None if some is None else replace(field, examples=some)
        case "Array of":
            item = parse_label(rest)
            return field if item is not None and field.type == ListOf(item) else None
        case _:
            return field if parse_label(rest) == field.type else None


def _range(text: str) -> Range | None:
    match = _RANGE.fullmatch(text)
    try:
        return Range(*(float(part) for part in match.groups() if part is not None)) if match else None
    except ValueError:
        return None


def _agree(field: FieldDescription, suffix: str) -> bool:
    """Whether the default in the description is the one below it; the site puts quotes around an enum's integers."""
    return isinstance(field.default, Value) and read_suffix(suffix, is_enum=True).matches(field.default.json)


_DECODER = json.JSONDecoder()
_DEEPEST = 100


def value_at(text: str, start: int = 0) -> tuple[Json, int] | None:
    """The JSON value that begins at `start`, and where it ends; None if there is none."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return None if _depth(text[start:end]) > _DEEPEST else (cast("Json", value), end)


def _depth(text: str) -> int:
    """How deep brackets are nested at most. Those in strings count too: no value comes near the limit."""
    depth = deepest = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest


def whole_value(text: str) -> Value | None:
    """The JSON value that a text is; None if it is none."""
    text = text.strip()
    found = value_at(text)
    return Value(found[0]) if found is not None and found[1] == len(text) else None


def values(text: str, *, quote: str = "") -> tuple[Value, ...] | None:
    """JSON values parted by commas, each between two of `quote`; None if the text is anything else."""
    found: list[Value] = []
    text, at = text.strip(), 0
    while text.startswith(quote, at):
        one = value_at(text, at + len(quote))
        if one is None or not text.startswith(quote, one[1]):
            return None
        found.append(Value(one[0]))
        at = one[1] + len(quote)
        if at == len(text):
            return tuple(found)
        if text[at] != ",":
            return None
        at += 1
        while at < len(text) and text[at] == " ":
            at += 1
    return None


_SUFFIX = re.compile(r"(?:^|\s)Default value: ")


def split_suffix(text: str) -> tuple[str, str | None]:
    """A description without the site's suffix, and what the suffix says; None where there is none.

    The suffix is the last thing in a description. A default may hold the words itself, so the first place counts
    from which on all is one value; a description may hold them too, with more sentences behind.
    """
    text = text.strip()
    for match in list(_SUFFIX.finditer(text))[-SUFFIXES:]:
        rest = _without_code_marks(text[match.end() :])
        if whole_value(rest) is not None or not re.search(r"[.!?]\s", rest):
            return squeezed(text[: match.start()]), rest
    return squeezed(text), None


def _without_code_marks(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text.startswith("`") and text.endswith("`") else text


def read_suffix(text: str, *, is_enum: bool) -> Value | Text:
    """The value in a suffix. It is JSON, but for the members of a union, which have no quotes.

    Args:
        text: What stands behind the words.
        is_enum: Whether the field is an enum: the site quotes its members whatever they are, so `"0"` may be 0.
    """
    value = whole_value(text)
    if value is None or is_enum:
        return Text(text if value is None else printed(value.json))
    return value

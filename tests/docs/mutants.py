"""Edits a page in memory, one statement at a time: what a page that has changed by one fact looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docs.support import emitted, read, text_of
from generator.docs.compare.disagreements import Facet
from generator.docs.compare.facets import same_name
from generator.docs.describe import UNKNOWN, Description, FieldDescription, lines_of
from generator.docs.pages.folder import Form, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Block:
    """A field on a page: its lines, and where it belongs.

    Attributes:
        facet_of: What a change of one facet of it is a change of: itself, or a nested type.
    """

    field: FieldDescription
    first: int
    last: int
    nested: bool

    def facet_of(self, facet: Facet) -> Facet:
        return Facet.NESTED if self.nested else facet


@dataclass(frozen=True)
class Mutant:
    """A page's text after one edit, and the facet that must disagree."""

    what: str
    text: str
    facet: Facet


Edit = tuple[int, str, str]
"""A line (from 0), and what it was and is."""


def mutants(page: Page, facet: Facet) -> list[Mutant]:
    """Every edit of this kind that a page allows."""
    lines = lines_of(text_of(page))
    found: list[Mutant] = []
    for block in blocks(page):
        for what, changed in _EDITS[facet](page, block, lines[block.first : block.last]):
            text = "\n".join([*lines[: block.first], *changed, *lines[block.last :]])
            found.append(Mutant(f"{block.field.name}: {what}", text, block.facet_of(facet)))
    return found


def blocks(page: Page) -> list[Block]:
    """The fields on a page that the endpoint has, each with its lines."""
    description = read(page, text_of(page)).description
    fields = [
        (one, False) for section in (description.input, description.output) if section is not UNKNOWN for one in section
    ]
    fields += [(one, True) for one in _nested(page, description)]
    every = [one for fields_ in description.types.values() for one in fields_]
    starts = sorted({one.line for one, _ in fields} | {one.line for one in every})
    count = len(lines_of(text_of(page)))
    ends = dict(zip(starts, [*starts[1:], count + 1], strict=True))
    return [Block(one, one.line - 1, ends[one.line] - 1, nested) for one, nested in fields if one.name is not UNKNOWN]


def _nested(page: Page, description: Description) -> Iterator[FieldDescription]:
    ours = emitted()[page.endpoint].types
    for name, fields in description.types.items():
        if any(same_name(name, other) for other in ours):
            yield from fields
    yield from description.pool


# --- the edits -------------------------------------------------------------------------------------------------------

Edited = tuple[str, list[str]]


def _replace(
    lines: list[str], pattern: str, put: Callable[[re.Match[str]], str], *, every: bool = False
) -> list[str] | None:
    """The lines with the first match replaced; `every` to go on."""
    changed = list(lines)
    done = False
    for index, line in enumerate(lines):
        if (every or not done) and re.search(pattern, line):
            changed[index] = re.sub(pattern, put, line, count=1)
            done = True
    return changed if done else None


def _defaults(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    if page.form is Form.LLMS:
        both = r"(Default(?: value)?: `)([^`]*)(`)"
        if changed := _replace(lines, both, lambda m: m[1] + _other(m[2]) + m[3], every=True):
            yield "another default", changed
        if changed := _replace(lines, r"(- Default: `)([^`]*)(`)", lambda m: m[1] + _other(m[2]) + m[3]):
            yield "another default, on its own line alone", changed
        without = [re.sub(r"Default value: `[^`]*`", "", line) for line in lines if "- Default:" not in line]
        if without != lines:
            yield "no default", without
    elif changed := _replace(lines, r"(Default value: )(.+)$", lambda m: m[1] + _other(m[2])):
        yield "another default", changed
        yield "no default", [re.sub(r"Default value: .+$", "", line) for line in lines]


def _other(value: str) -> str:
    if re.fullmatch(r"-?[\d.]+", value):
        return str(float(value) + 1)
    return {"true": "false", "false": "true"}.get(value, '"another"' if value.startswith('"') else "another")


def _members(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    head = r"(Options: )(.*)$" if page.form is Form.LLMS else r"(Possible enum values: )(.*)$"
    for what, change in {
        "one member less": lambda members: members[:-1],
        "one member more": lambda members: [*members, members[0].replace(members[0].strip('`"'), "new_member")],
        "two members in another order": lambda members: [members[1], members[0], *members[2:]],
        "a member of another name": lambda members: [
            members[0].replace(members[0].strip('`"'), "renamed"),
            *members[1:],
        ],
    }.items():
        if changed := _replace(lines, head, lambda m, change=change: m[1] + ", ".join(change(m[2].split(", ")))):
            yield what, changed


def _marks(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    if block.field.required is UNKNOWN:
        return
    if page.form is Form.LLMS:
        swap = {"_required_": "_optional_", "_optional_": "_required_"}
        changed = _replace(lines, "_required_|_optional_", lambda m: swap[m[0]])
    elif block.field.required:
        changed = _replace(lines, r"\* required", lambda m: "")
    elif block.field.line and lines[0].strip() == block.field.name:
        changed = [*lines[:2], "* required" + (lines[2] if len(lines) > 2 else ""), *lines[3:]]
    else:
        changed = [lines[0] + "* required", *lines[1:]]
    assert changed is not None
    yield "the other mark", changed


def _ranges(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    numbers = r"(Range: `)([^`]*)(` to `)([^`]*)(`)"
    if changed := _replace(lines, numbers, lambda m: m[1] + _other(m[2]) + m[3] + m[4] + m[5]):
        yield "another lower end", changed
    if changed := _replace(lines, numbers, lambda m: m[1] + m[2] + m[3] + _other(m[4]) + m[5]):
        yield "another upper end", changed
        yield "no range", [line for line in lines if "Range:" not in line]


def _types(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    if block.field.type is UNKNOWN:
        return
    label = str(block.field.type)
    for other in ("boolean", "string", f"list<{label}>", f"{label} | Another", "AnotherEnum", "Another"):
        same_kind = (other.endswith("Enum") and label.endswith("Enum")) or other == label
        if not same_kind:
            changed = _replace(lines, re.escape(label), lambda m, other=other: other)
            assert changed is not None
            # Below, an llms.txt says it once more.
            below = r"^(\s*- (?:Array of|One of:) ).*$"
            inner = other[5:-1] if other.startswith("list<") else other
            kept = [re.sub(below, lambda m, inner=inner: m[1] + inner, line) for line in changed]
            yield (
                f"is {other}",
                [line for line in kept if other.startswith("list<") or " | " in other or not re.match(below, line)],
            )


def _words(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    description = block.field.description
    if not description or description is UNKNOWN:
        return
    word = description.split()[0]
    for index, line in enumerate(lines):
        is_prose = index > 0 and line.strip() != str(block.field.type) and not line.strip().startswith(("-", '"', "{"))
        if word in line and is_prose:
            at = line.index(word)
            yield (
                "another word",
                [*lines[:index], line[:at] + "Otherwise" + line[at + len(word) :], *lines[index + 1 :]],
            )
            return


def _shown_examples(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    if changed := _replace(lines, r"(- Examples: )(.*)$", lambda m: f'{m[1]}"another"'):
        yield "another example", changed
        yield "no example", [line for line in lines if "- Examples:" not in line]


def _names(page: Page, block: Block, lines: list[str]) -> Iterator[Edited]:
    changed = _replace(lines, rf"(^|[`\"])({re.escape(str(block.field.name))})\b", lambda m: f"{m[1]}renamed_field")
    assert changed is not None
    yield "another name", changed


_EDITS: dict[Facet, Callable[[Page, Block, list[str]], Iterator[Edited]]] = {
    Facet.DEFAULT: _defaults,
    Facet.ENUM: _members,
    Facet.REQUIRED: _marks,
    Facet.RANGE: _ranges,
    Facet.TYPE: _types,
    Facet.DESCRIPTION: _words,
    Facet.EXAMPLES: _shown_examples,
    Facet.FIELDS: _names,
}
EDITED = list(_EDITS)

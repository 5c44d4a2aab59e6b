"""One field of a page beside the emitted one, facet by facet. What the page does not show is not compared."""

# design: What does a page say by not saying it?

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..describe import NONE, QUIET, UNKNOWN, Beginning, FieldDescription, Mark, Range, Text, Value, printed, squeezed
from ..labels import CONSTANT, OPEN, PLAIN, Label, ListOf, Named, OneOf, is_enum
from .disagreements import Facet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..describe import Unknown

# A class that would have the name of another one is emitted with one of these behind it.
_SUFFIXES = ("", "Param", "Model", "Type")
# A file whose field tells what it is, has a class for that.
_FILE, _PLAIN_FILES = "File", ("PlainImage", "PlainVideo", "PlainAudio")
# Docstrings show the beginning of longer examples.
_LONGEST_EXAMPLE = 300


def compared(
    page: FieldDescription, emitted: FieldDescription, types: Collection[str], *, output: bool
) -> Iterator[tuple[Facet, bool]]:
    """Every facet of a field that the page shows, but for the description, and whether the sides agree.

    Args:
        page: What the page says.
        emitted: What the emitted code says.
        types: The names of the emitted object types.
        output: Whether it is a field of an output.
    """
    if page.type is not UNKNOWN and emitted.type is not UNKNOWN:
        yield Facet.TYPE, same_type(page.type, emitted.type, types, field=str(emitted.name))
    if page.required is not UNKNOWN:
        yield Facet.REQUIRED, page.required == emitted.required
    if page.default is not UNKNOWN:
        yield Facet.DEFAULT, _same_default(page.default, emitted.default)
    if page.enum is not UNKNOWN:
        yield Facet.ENUM, _same_enum(page.enum, emitted.enum)
    if page.range is not UNKNOWN:
        yield Facet.RANGE, _same_range(page.range, emitted.range)
    if page.examples is not UNKNOWN:
        yield Facet.EXAMPLES, _same_examples(page.examples, emitted)
    elif page.sample is not UNKNOWN:
        yield Facet.EXAMPLES, _same_sample(page.sample, emitted, output=output)


def same_type(page: Label, emitted: Label, types: Collection[str], *, field: str = "") -> bool:
    """Whether two labels name one type.

    Args:
        page: The page's label. It names enums and maps after the field's title, which only the page knows.
        emitted: The label of the emitted annotation.
        types: The names of the emitted object types.
        field: The field's name; empty within a list or a union, where nothing has a title.
    """
    match page, emitted:
        case Named(), Named(name="Enum"):
            return is_enum(page)
        case Named(name=name), Named(name=other) if other.startswith(f"{CONSTANT} "):
            return is_enum(page) or other == f"{CONSTANT} {name}"
        case Named(name=name), Named(name="object") if field:
            return name in OPEN or same_name(name, field.replace("_", ""))
        case Named(name=name), Named(name="object" | "any"):
            return name in OPEN or not (name in PLAIN or is_enum(page) or any(same_name(name, t) for t in types))
        case OneOf(members=members), Named(name="any"):
            return any(same_type(member, emitted, types) for member in members)
        case Named(name=name), Named(name=other):
            return name == other if name in PLAIN or other in PLAIN else same_name(name, other)
        case ListOf(item=item), ListOf(item=other_item):
            return same_type(item, other_item, types)
        case OneOf(members=members), OneOf(members=others):
            return len(members) == len(others) and _pairs(members, list(others), types)
        case _:
            return False


def _pairs(members: tuple[Label, ...], others: list[Label], types: Collection[str]) -> bool:
    """Whether each member has its like among the others."""
    for member in members:
        like = next((other for other in others if same_type(member, other, types)), None)
        if like is None:
            return False
        others.remove(like)
    return True


def same_name(page: str, emitted: str) -> bool:
    """Whether a class is called after a component: without what no class name can have, and maybe with a suffix."""
    if is_plain_file(page, emitted):
        return True
    wanted = re.sub(r"[^A-Za-z0-9]", "", page).lower()
    return any(emitted.lower() == wanted + suffix.lower() for suffix in _SUFFIXES)


def is_plain_file(page: str, emitted: str) -> bool:
    """Whether a class is a component `File` in a field that tells that it is a picture, a video or a sound."""
    return page == _FILE and emitted.startswith(_PLAIN_FILES)


def _same_default(page: Value | Text | Mark, emitted: Value | Text | Mark) -> bool:
    value = emitted.json if isinstance(emitted, Value) else None
    match page:
        case Value() | Text():
            return page.matches(value)
        case Mark.QUIET:
            return isinstance(value, list | dict) or value in (None, False, 0)
        case _:
            return value is None


def _same_enum(page: tuple[Value, ...] | Text | Mark, emitted: tuple[Value, ...] | Text | Mark) -> bool:
    members = emitted if isinstance(emitted, tuple) else ()
    match page:
        case Text(text=text):
            return squeezed(text) == squeezed(", ".join(printed(member.json) for member in members))
        case tuple():
            return len(page) == len(members) and all(one.matches(members[at].json) for at, one in enumerate(page))
        case _:
            return not members


def _same_range(page: Range | Mark, emitted: Range | Mark) -> bool:
    """The site shows a range that has both ends, and no other one; with it the step, in `llms.txt` alone."""
    if isinstance(page, Range):
        known = emitted if page.step is not None or not isinstance(emitted, Range) else replace(emitted, step=None)
        return page == known
    return not isinstance(emitted, Range) or emitted.low is None or emitted.high is None


def _same_examples(page: tuple[Value, ...], emitted: FieldDescription) -> bool:
    shown = _example(emitted)
    telling = [one for one in page if _worth_showing(one, emitted)]
    wanted = next((one for one in telling if not _is_long(one)), telling[0] if telling else None)
    if wanted is None or shown is None:
        return wanted is shown
    return shown.matches(wanted.json) and isinstance(shown, Beginning) == _is_long(wanted)


def _same_sample(sample: Value | Mark, emitted: FieldDescription, *, output: bool) -> bool:
    """The site builds the example of a whole input from each field's first example, else from its default."""
    shown = _example(emitted)
    if not isinstance(sample, Value):
        return shown is None
    if shown is not None:
        return shown.matches(sample.json)
    # An output's is filled with something for what has no example, and with the examples of the parts.
    return not _worth_showing(sample, emitted) or (output and isinstance(sample.json, list | dict))


def _example(emitted: FieldDescription) -> Value | None:
    """The example that the docstring shows."""
    return emitted.examples[0] if emitted.examples is not UNKNOWN and emitted.examples else None


def _worth_showing(example: Value, emitted: FieldDescription) -> bool:
    """Whether a docstring would show an example."""
    if isinstance(emitted.default, Value) and emitted.default.matches(example.json):
        return False
    return example.json not in ("", None, [])


def _is_long(example: Value) -> bool:
    return len(json.dumps(example.json, ensure_ascii=False)) > _LONGEST_EXAMPLE


def shown(field: FieldDescription, facet: Facet) -> str:
    """What a side says, in one line."""
    match facet:
        case Facet.TYPE:
            return str(field.type)
        case Facet.REQUIRED:
            return "required" if field.required is True else "optional"
        case Facet.DEFAULT:
            return _mark(field.default) if isinstance(field.default, Mark) else str(field.default)
        case Facet.ENUM:
            return ", ".join(map(str, field.enum)) if isinstance(field.enum, tuple) else _or_mark(field.enum)
        case Facet.RANGE:
            r = field.range
            return f"{_limit(r.low)} to {_limit(r.high)}" if isinstance(r, Range) else _mark(r)
        case Facet.EXAMPLES:
            given = field.examples if field.examples is not UNKNOWN else field.sample
            return ", ".join(map(str, given)) or "none" if isinstance(given, tuple) else _or_mark(given)
        case _:
            return str(field.description) if field.description is not UNKNOWN else "not shown"


def _limit(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"


def _or_mark(value: Value | Text | Mark) -> str:
    return _mark(value) if isinstance(value, Mark) else str(value)


def _mark(mark: Mark) -> str:
    return {NONE: "none", QUIET: "none that the site shows", UNKNOWN: "not shown"}[mark]


# Bounded: what does not end is looked for from each of its brackets.
_LINK = re.compile(r"\[([^\[\]]*)\]\([^)]{0,500}\)")


def same_prose(page: str | Unknown, emitted: str | Unknown, *, rendered: bool) -> bool:
    """Whether two descriptions say the same. White space is layout; so are Markdown's marks where they are gone."""
    if page is UNKNOWN or emitted is UNKNOWN:
        return True
    return _unmarked(page) == _unmarked(emitted) if rendered else squeezed(page) == squeezed(emitted)


def _unmarked(text: str) -> str:
    words = re.sub(r"[`*]", "", _LINK.sub(r"\1", text)).split()
    return " ".join(word for word in words if word not in ("-", "•"))

"""What docstrings say: a description, and behind it the facts an editor should show (a part of stage lower)."""

from __future__ import annotations

import functools
import re
import textwrap
from typing import TYPE_CHECKING

from ..json_text import value_of
from ..literals import paragraphs, shown
from ..shapes import ArrayShape, Bounds, IntegerShape, NullShape, NumberShape, Shape, StringShape, UnionShape
from . import nodes

if TYPE_CHECKING:
    from ..json_text import JsonText
    from ..shapes import Property, Prose

_LONGEST_EXAMPLE = 300
# What stands in a list of inputs is one line each, of this width.
_LINE = 100
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_LONGEST_DEFAULT = 30


def facts(prop: Property, *, output: bool) -> tuple[str, ...]:
    """What an editor should show of a field beside its description: default and range, and an example.

    Args:
        prop: The field.
        output: Whether it is an output's. Its default is what the server means by leaving it out, and it is required
            all the same; a required input with a default is optional to a caller, and its documentation denies that.
    """
    its_default, example = _default(prop), _example(prop.prose, prop.default)
    default = "Server default" if output else "Default"
    short = [
        "Deprecated." if prop.prose.deprecated else "",
        "Documented as required." if prop.required and prop.default is not None and not output else "",
        "" if its_default is None else f"{default}: `{its_default.text}`.",
        limits(prop.shape),
    ]
    lines = [" ".join(fact for fact in short if fact), "" if example is None else f"Example: `{example.text}`."]
    return tuple(line for line in lines if line)


def input_line(name: str, prop: Property) -> str:
    """An input in one line: its name, whether it must be given or what it is otherwise, and the first sentence.

    Args:
        name: Its name in Python.
        prop: The input.
    """
    note = "" if prop.required else "optional"
    if prop.default is not None:
        default = as_shown(prop.default).text
        note = f"default {default}" if len(default) <= _LONGEST_DEFAULT else "has a default"
    head = f"{name} ({note or 'required'})"
    sentence = _SENTENCE.split(summary(prop.prose.description), maxsplit=1)[0]
    return head + (": " + textwrap.shorten(sentence, max(_LINE - len(head), 20), placeholder=" …") if sentence else "")


def shown_values(prop: Property) -> tuple[nodes.Shown, ...]:
    """The default and the example among the facts, with the values they stand for."""
    return tuple(one for one in (_default(prop), _example(prop.prose, prop.default)) if one is not None)


@functools.lru_cache(maxsize=4096)  # each is asked for up to three times, and documents repeat each other's
def as_shown(value: JsonText) -> nodes.Shown:
    """A value with the code that shows it."""
    return nodes.Shown(text=shown(value_of(value)), value=value)


def join(description: str, *facts: str) -> str:
    """A description and facts, as paragraphs."""
    return "\n\n".join(part for part in (_tidy(description), *facts) if part)


def summary(text: str) -> str:
    """The first paragraph, as a line that stands alone."""
    found = paragraphs(text)
    return found[0] if found else ""


def _tidy(description: str) -> str:
    return "\n".join(line.strip() for line in description.strip().splitlines())


def _default(prop: Property) -> nodes.Shown | None:
    return None if prop.default is None else as_shown(prop.default)


def _example(prose: Prose, default: JsonText | None) -> nodes.Shown | None:
    for example in prose.examples:
        one = as_shown(example)
        if example not in (default, '""', "[]", "null") and len(one.text) <= _LONGEST_EXAMPLE:
            return one
    return None


def limits(shape: Shape) -> str:
    """The range of a number, or the length of a text or a list, as a sentence; empty where there is none."""
    match shape:
        case IntegerShape(bounds=bounds) | NumberShape(bounds=bounds):
            return _range(bounds)
        case StringShape():
            return _length(shape.min_length, shape.max_length, "characters")
        case ArrayShape():
            return _length(shape.min_items, shape.max_items, "items")
        case UnionShape(members=(one, NullShape())):
            return limits(one)
        case _:
            return ""


def _range(bounds: Bounds) -> str:
    low = f"at least {bounds.ge}" if bounds.ge is not None else f"above {bounds.gt}" if bounds.gt is not None else ""
    high = f"at most {bounds.le}" if bounds.le is not None else f"below {bounds.lt}" if bounds.lt is not None else ""
    both = bounds.ge is not None and bounds.le is not None
    words = f"{bounds.ge} to {bounds.le}" if both else ", ".join(word for word in (low, high) if word)
    step = "" if bounds.multiple_of is None else f"in steps of {bounds.multiple_of}"
    return f"Range: {' '.join(filter(None, (words, step)))}." if words or step else ""


def _length(low: int | None, high: int | None, unit: str) -> str:
    if low is not None and low == high:
        words = str(low)
    else:
        words = ", ".join(([f"at least {low}"] if low else []) + ([f"at most {high}"] if high is not None else []))
    return f"Length: {words} {unit if words.split()[-1] != '1' else unit.removesuffix('s')}." if words else ""

"""What docstrings say: a description, and behind it the facts an editor should show (a part of stage lower)."""

from __future__ import annotations

import functools
import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING

from ..json_text import canonical, value_of
from ..literals import paragraphs, shown
from ..media_limits import in_words
from ..parse.about import About, sentence
from ..parse.file_limits import spells_limits
from ..shapes import ArrayShape, Bounds, IntegerShape, NullShape, NumberShape, Shape, StringShape, UnionShape
from . import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..json_text import Json, JsonText
    from ..shapes import Property, Prose

# Characters of an example as code: the longest that is shown whole, and about what is shown of a longer one.
_LONGEST_EXAMPLE, _BEGINNING = 300, 200
# What stands in a list of inputs is one line each, of this width.
_LINE = 100
_LONGEST_DEFAULT = 30
# Of a name that leads to many endpoints: the categories, and the endpoints of each, that are named before the rest is
# counted.
_CATEGORIES, _NAMES = 12, 10


def facts(prop: Property, *, output: bool) -> tuple[str, ...]:
    """What an editor should show of a field beside its description: default and range, and an example.

    Args:
        prop: The field.
        output: Whether it is an output's. Its default is what the server means by leaving it out, and it is required
            all the same; a required input with a default is optional to a caller, and its documentation denies that.
    """
    its_default, example = _default(prop), _example_line(prop.prose, prop.default)
    default = "Server default" if output else "Default"
    short = [
        "Deprecated." if prop.prose.deprecated else "",
        "Documented as required." if prop.required and prop.default is not None and not output else "",
        "" if its_default is None else f"{default}: `{its_default.text}`.",
        limits(prop.shape),
    ]
    lines = [" ".join(fact for fact in short if fact), "" if output else file_limits(prop), example]
    return tuple(line for line in lines if line)


def file_limits(prop: Property) -> str:
    """What the files of an input must be like, as a sentence; empty where its description ends with the same."""
    words = "" if prop.media is None else in_words(prop.media)
    told = any(spells_limits(paragraph) for paragraph in paragraphs(prop.prose.description))
    return f"File limits: {words}." if words and not told else ""


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
    words = sentence(summary(prop.prose.description))
    return head + (": " + textwrap.shorten(words, max(_LINE - len(head), 20), placeholder=" …") if words else "")


def shown_values(prop: Property) -> tuple[nodes.Shown, ...]:
    """The default and the example among the facts, with the values they stand for."""
    return tuple(one for one in (_default(prop), shown_example(prop.prose, prop.default)) if one is not None)


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
    """The first example that says something and can be shown whole, else the first that says something."""
    telling = [as_shown(one) for one in prose.examples if one not in (default, '""', "[]", "null")]
    return next((one for one in telling if _is_short(one)), telling[0] if telling else None)


def _is_short(example: nodes.Shown) -> bool:
    return len(example.text) <= _LONGEST_EXAMPLE


def shown_example(prose: Prose, default: JsonText | None) -> nodes.Shown | None:
    """What is shown of the example, if there is one: of a long one, a value that is its beginning."""
    example = _example(prose, default)
    if example is None or _is_short(example):
        return example
    return as_shown(canonical(_beginning(value_of(example.value), _BEGINNING)))


def _example_line(prose: Prose, default: JsonText | None) -> str:
    """The example as a sentence, which says where it is shortened."""
    example, part = _example(prose, default), shown_example(prose, default)
    if example is None or part is None:
        return ""
    rest = "" if part == example else f" … ({len(example.text):,} characters)"
    return f"Example: `{part.text}`{rest}."


def _beginning(value: Json, room: int) -> Json:
    """About as much of a value as has room: whole words of a text, whole items but the last."""
    match value:
        case str():
            return _first_words(value, room)
        case list():
            return [part for _, part in _parts(((None, item) for item in value), room)]
        case dict():
            return {key: part for key, part in _parts(value.items(), room) if key is not None}
        case _:
            return value


def _parts(items: Iterable[tuple[str | None, Json]], room: int) -> Iterator[tuple[str | None, Json]]:
    for key, item in items:
        beside = 2 if key is None else len(shown(key)) + 4  # the key, and what stands between
        part = _beginning(item, room - beside)
        room -= len(shown(part)) + beside
        if room < 0 or (item and not part):
            return
        yield key, part
        if part != item:
            return


def _first_words(text: str, room: int) -> str:
    while len(shown(text)) > room and len(text) > 1:  # what is escaped takes more room
        cut = text[: max(1, len(text) * room // (len(shown(text)) + 1))]
        text = cut.rpartition(" ")[0] or cut
    return text


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


def endpoint_doc(endpoint_id: str, known: About | None) -> str:
    """What is said of an endpoint by its attribute.

    Args:
        endpoint_id: Its id.
        known: None where its document cannot be read this time.
    """
    if known is None:
        return f"{endpoint_id}."
    return join(
        f"{endpoint_id}: {known.category}." if known.category else f"{endpoint_id}.",
        f"Deprecated: {known.deprecated}" if known.deprecated else "",
        known.sentence,
        f"Documentation: {known.documentation}" if known.documentation else "",
    )


def namespace_doc(path: Sequence[str], below: Mapping[tuple[str, ...], str]) -> str:
    """What is said of a name that only leads to endpoints: which, by category.

    Args:
        path: The name; empty for the root.
        below: The endpoints there, by their names from here on, with their categories.
    """
    if tuple(path) == ("owners",):
        return join(f"{_counted(below)} by owner.", f"{_listed(dict.fromkeys(name[0] for name in below))}.")
    where = f"below {'.'.join(path)}" if path else "by name"
    if not path:
        return f"{_counted(below)} {where}."
    named: defaultdict[str, list[str]] = defaultdict(list)
    for name, category in sorted(below.items()):
        named[category or "of no category"].append(".".join(name))
    lines = [f"{category}: {_listed(names)}." for category, names in sorted(named.items())]
    rest = lines[_CATEGORIES:]
    return join(f"{_counted(below)} {where}.", *lines[:_CATEGORIES], f"{len(rest)} more categories." if rest else "")


def _counted(below: Mapping[tuple[str, ...], str]) -> str:
    return "1 endpoint" if len(below) == 1 else f"{len(below)} endpoints"


def _listed(names: Iterable[str]) -> str:
    every = [f"`{one}`" for one in names]
    rest = len(every) - _NAMES
    return ", ".join(every[:_NAMES]) + (f" and {rest} more" if rest > 0 else "")

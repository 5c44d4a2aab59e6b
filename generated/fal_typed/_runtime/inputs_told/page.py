"""The page of help on an endpoint: what it takes, as a table of plain text."""

# design: How do people see what an endpoint takes?

from __future__ import annotations

import inspect
import re
import textwrap
from typing import TYPE_CHECKING, Any, Required, get_args

from typing_extensions import get_type_hints, is_typeddict

from .rows import NO_DEFAULT, rows_of
from .types import tell_type
from .words import as_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..inputs.spec import EndpointSpec
    from .rows import InputRow
    from .types import TypeTold

_WIDTH = 100
_INDENT = "    "
# Columns of the names, of a long one its line has no other.
_NAMES = 26
# Lines of a description; the document may have pages.
_MOST_LINES = 6
_LONGEST_DEFAULT = 200
_QUOTED = re.compile(r'"[^"]{1,50}"')
# Stands for a blank that is not to be broken at; no text of a row has one.
_JOINER = "\0"


def page_of(package: str, spec: EndpointSpec, before: str) -> str:
    """What stands before, and below it a table of the inputs.

    Args:
        package: The package whose data is read; see `rows_of`.
        spec: What is known of the endpoint.
        before: A docstring; what it says of `**input` is left out.
    """
    rows = rows_of(package, spec)
    parts = [_without_inputs(inspect.cleandoc(before)), _table(rows), _objects(spec.input)]
    return "\n\n".join(part for part in parts if part)


def _without_inputs(docstring: str) -> str:
    """A docstring up to what it says of the inputs, and without `Args:` where nothing else is below that."""
    return docstring.partition("\n    **input:")[0].removesuffix("Args:").rstrip()


def _table(rows: Sequence[InputRow]) -> str:
    if not rows:
        return ""
    lines = [line for row in rows for line in _lines_of(row)]
    return "\n".join(["Inputs (* must be given):", *lines])


def _lines_of(row: InputRow) -> Iterator[str]:
    facts = ", ".join(_facts(row))
    name = f"{_INDENT}{row.name}{' *' if row.required else ''}"
    told = [*_wrapped(facts), *_values(row), *_description(row)]
    if row.limits:
        told += _wrapped(f"Files: {row.limits}.")
    if len(name) >= len(_INDENT) + _NAMES:
        yield name
        name = ""
    for line in told:
        yield f"{name:<{len(_INDENT) + _NAMES}}{line}".rstrip()
        name = ""


def _facts(row: InputRow) -> Iterator[str]:
    yield row.type
    if row.range:
        yield row.range
    if row.default is not NO_DEFAULT:
        yield f"default {textwrap.shorten(as_code(row.default), _LONGEST_DEFAULT, placeholder=' …')}"


def _values(row: InputRow) -> list[str]:
    """The values of an enumeration that its type does not show whole."""
    values = [as_code(one) for one in (*row.members, *row.item_members)]
    return [] if all(one in row.type for one in values) else _wrapped(f"Values: {', '.join(values)}.")


def _description(row: InputRow) -> list[str]:
    first, _, _ = row.description.partition("\n\n")
    lines = _wrapped(first)
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} …"]


def _wrapped(text: str) -> list[str]:
    """A text in lines; what stands in quotes is not broken."""
    whole = _QUOTED.sub(lambda found: found[0].replace(" ", _JOINER), " ".join(text.split()))
    width = _WIDTH - len(_INDENT) - _NAMES
    lines = textwrap.wrap(whole, width, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_JOINER, " ") for line in lines]


def _objects(input_type: Any) -> str:
    """The objects among the inputs, each once with its fields."""
    found: dict[str, Any] = {}
    for annotation in _fields(input_type).values():
        _gather(annotation, found)
    if not found:
        return ""
    lines = [line for name, one in found.items() for line in (f"{_INDENT}{name}", *_object(one))]
    return "\n".join(["Objects, given as dicts (* must be in them):", *lines])


def _object(typed_dict: Any) -> Iterator[str]:
    for name, annotation in _fields(typed_dict).items():
        told = tell_type(annotation)
        star = " *" if getattr(annotation, "__origin__", None) is Required else ""
        first, *others = _wrapped(f'"{name}"{star}: {_in_words(told)}')
        yield f"{_INDENT * 2}{first}"
        yield from (f"{_INDENT * 3}{line}" for line in others)


def _in_words(told: TypeTold) -> str:
    return ", ".join([told.text, *told.ranges])


def _gather(annotation: Any, found: dict[str, Any]) -> None:
    """Every TypedDict that an annotation mentions, in the order of first mention."""
    if not is_typeddict(annotation):
        for part in get_args(annotation):
            _gather(part, found)
    elif annotation.__name__ not in found:
        found[annotation.__name__] = annotation
        for inner in _fields(annotation).values():
            _gather(inner, found)


def _fields(typed_dict: Any) -> dict[str, Any]:
    return {} if typed_dict is None else get_type_hints(typed_dict, include_extras=True)

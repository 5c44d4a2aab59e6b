"""Values that the documents do not allow, each with the rule that a message must name; and the last allowed ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .documents import LEFT_OUT, Path, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

Case = tuple[Path, Any, str]  # a place, what is put there, and the rule that a message must name

PROBES: tuple[Any, ...] = (7, 0, 1, 2.5, 4.0, True, None, "4", "4.0", "", ["x"], {"x": 1}, b"bytes", object())
RULES = {
    "string": "must be a string",
    "file": "must be a URL or a file",
    "integer": "must be an integer",
    "number": "must be a number",
    "boolean": "must be true or false",
    "array": "must be a list",
    "object": "must be .*a dict",
    "enum": "must be .*one of",
}


def left_out(place: Place) -> Iterator[Case]:
    """Nothing where something is required."""
    if place.required:
        yield place.path, LEFT_OUT, "is required"


def wrong_types(place: Place) -> Iterator[Case]:
    """Every probe that does not fit. The message names a rule of every branch."""
    kinds = {"file" if kind == "string" and takes_file(place) else kind for kind in place.kinds - {"null"}}
    rule = "".join(f"(?=.*{RULES[kind].removeprefix('must be ')})" for kind in kinds)
    refused = [probe for probe in PROBES if not (place.allows(probe) or ("file" in kinds and isinstance(probe, bytes)))]
    yield from ((place.path, probe, f"must be {rule}") for probe in refused)


def takes_file(place: Place) -> bool:
    """Whether a place takes a file, by its name; `path` is one of weights, but for the IP adapter's repository."""
    *above, name = [part for part in place.path if isinstance(part, str)]
    if name == "path":
        return "ip_adapter" not in above
    return "string" in place.kinds and name.endswith(("_url", "_urls"))


def out_of_bounds(place: Place) -> Iterator[Case]:
    """The nearest values outside each bound."""
    step: Any = 1 if "integer" in place.kinds else 0.001
    if (low := place.rule("minimum")) is not None:
        yield place.path, low - step, rf"must be at least {low:g}\b"
    if (low := place.rule("exclusiveMinimum")) is not None:
        yield from ((place.path, value, rf"must be greater than {low:g}\b") for value in (low, low - step))
    if (high := place.rule("maximum")) is not None:
        yield place.path, high + step, rf"must be at most {high:g}\b"
    if (low := place.rule("minLength")) is not None:
        yield place.path, "x" * (low - 1), rf"must have at least {low} character"
    if (high := place.rule("maxLength")) is not None:
        yield place.path, "x" * (high + 1), rf"must have at most {high} character"
    if "number" in place.kinds:
        yield from ((place.path, value, "must be") for value in (float("nan"), float("inf"), float("-inf")))


def at_the_bounds(place: Place) -> Iterator[tuple[Path, Any]]:
    """The last values inside each bound; an int for a float, a tuple for a list, null where it is allowed."""
    step: Any = 1 if "integer" in place.kinds else 0.001
    yield from ((place.path, place.rule(name)) for name in ("minimum", "maximum") if place.rule(name) is not None)
    if (low := place.rule("exclusiveMinimum")) is not None:
        yield place.path, low + step
    yield from ((place.path, "ü" * place.rule(name)) for name in ("minLength", "maxLength") if place.rule(name))
    yield from ((place.path, member) for member in place.rule("enum") or ())
    if "number" in place.kinds:
        low, high = place.rule("minimum", "exclusiveMinimum") or 0, place.rule("maximum") or 1
        yield from ((place.path, whole) for whole in [round((low + high) / 2)] if low < whole < high)
    if "array" in place.kinds:
        yield from ((place.path, empty) for empty in ([], ()))
    if "null" in place.kinds:
        yield place.path, None
    if "boolean" in place.kinds:
        yield from ((place.path, flag) for flag in (True, False))


def bad_members(place: Place) -> Iterator[Case]:
    """Strings that are no member."""
    members = place.rule("enum") or ()
    for member in members[:1]:
        yield from ((place.path, word, "must be .*one of") for word in ("no such member", f"{member} ", f" {member}"))


def nearly_a_member(place: Place) -> Iterator[Case]:
    """The longest member of a plain enum without its last letter."""
    if place.kinds <= {"enum", "null"}:
        yield _cut_member(place)


def nearly_a_member_beside_an_object(place: Place) -> Iterator[Case]:
    """The same, where an object is allowed as well."""
    if {"enum", "object"} <= place.kinds:
        yield _cut_member(place)


def _cut_member(place: Place) -> Case:
    member = max(place.rule("enum"), key=len)
    return place.path, member[:-1], re.escape(f"did you mean {member!r}?")


def misspelt(place: Place) -> Iterator[Case]:
    """An input's name without its last letter."""
    if len(place.path) == 1:
        yield _cut_name(place)


def misspelt_in_a_nested_object(place: Place) -> Iterator[Case]:
    """The same in a nested object; not r, g, b, nor the items of a list."""
    if len(place.path) > 1 and len(str(place.path[-1])) > 1:
        yield _cut_name(place)


def _cut_name(place: Place) -> Case:
    *above, name = place.path
    return (*above, str(name)[:-1]), "x", re.escape(f"did you mean {name!r}?")

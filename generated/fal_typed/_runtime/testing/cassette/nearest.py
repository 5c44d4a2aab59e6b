"""What to say of a request that is not on a cassette: which exchange is nearest, and in what it differs."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ...checks import is_array, is_object, shortened
from .likeness import Likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .exchanges import Kept

_MOST_LINES = 12
# A request of another kind is farther away than one with many other inputs.
_WEIGHTS = {"method": 20.0, "host": 10.0, "path": 40.0}


def not_recorded(name: str, wanted: Kept, exchanges: Sequence[Kept], used: Sequence[int]) -> str:
    """The message of the error.

    Args:
        name: Of the cassette.
        wanted: The request, without its secrets.
        exchanges: What is on the cassette.
        used: How often each was asked for.
    """
    shown = f"{wanted['method']} {wanted['url'].partition('?')[0]}"
    lines = [f"{name} has no answer to {shown}"]
    fields = fields_of(wanted)
    others = [(at, fields_of(each["request"])) for at, each in enumerate(exchanges)]
    if not others:
        return "\n".join((*lines, "  nothing is on it", *_how(name)))
    at, nearest = min(others, key=lambda other: (_distance(fields, other[1]), used[other[0]] > 0))
    differences = _differences(nearest, fields)
    times = sum(used[one] > 0 for one, other in others if not _differences(other, fields))
    if differences:
        lines += [f"  the nearest is /exchanges/{at}, which differs in:", *differences]
    else:
        lines.append(f"  it was asked {times + 1} times, and is on it {times} times (repeats=True lets the last stay)")
    return "\n".join((*lines, *_how(name)))


def fields_of(request: Kept) -> dict[str, Any]:
    """What decides about a request, each part by its place."""
    parts = urlsplit(str(request["url"]))
    fields: dict[str, Any] = {"method": request["method"], "host": f"{parts.scheme}://{parts.netloc}"}
    fields["path"] = parts.path
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        fields[f"query {key}"] = value
    for header in ("x-fal-target-url", "range"):
        if header in request["headers"]:
            fields[f"header {header}"] = request["headers"][header]
    for form in ("json", "text", "base64", "upload"):
        if form in request:
            _lay_out(request[form], form, fields)
    return fields


def _lay_out(value: Any, place: str, fields: dict[str, Any]) -> None:
    if is_object(value) and value:
        for name, one in value.items():
            _lay_out(one, f"{place}/{name}", fields)
    elif is_array(value) and value:
        for at, one in enumerate(value):
            _lay_out(one, f"{place}/{at}", fields)
    else:
        fields[place] = value


def _distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    distance = 0.0
    for place in one.keys() | other.keys():
        if place not in one or place not in other:
            distance += 1.0
        elif not _is_equal(other[place], one[place]):
            weight = _WEIGHTS.get(place, 1.0)
            distance += weight * (1.05 - _likeness(one[place], other[place]))
    return distance


def _likeness(one: Any, other: Any) -> float:
    if isinstance(one, str) and isinstance(other, str):
        return SequenceMatcher(None, one[:400], other[:400], autojunk=False).ratio()
    return 0.0


def _is_equal(recorded: Any, asked: Any) -> bool:
    return Likeness().holds(recorded, asked)


def _differences(recorded: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    places = [*recorded, *(place for place in asked if place not in recorded)]
    lines: list[str] = []
    for place in places:
        if place not in asked:
            lines.append(f"    {place}: {_shown(recorded[place])} on it, not asked")
        elif place not in recorded:
            lines.append(f"    {place}: not on it, {_shown(asked[place])} asked")
        elif not _is_equal(recorded[place], asked[place]):
            one, other = _apart(recorded[place], asked[place])
            lines.append(f"    {place}: {one} on it, {other} asked")
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"    and {more} more"] if more > 0 else lines


def _apart(one: Any, other: Any) -> tuple[str, str]:
    """Two values as they are shown: long texts from where they begin to differ."""
    if not (isinstance(one, str) and isinstance(other, str)) or max(len(one), len(other)) < 60:
        return _shown(one), _shown(other)
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, same - 20)
    return tuple(f"{'…' if start else ''}{_shown(text[start : start + 60])}" for text in (one, other))  # type: ignore[return-value]


def _shown(value: Any) -> str:
    return re.sub(r"(REDACTED-[a-z0-9_]+)-x\d+", r"\1-…", shortened(value))


def _how(name: str) -> tuple[str, ...]:
    return (
        f'  to record what is missing: cassette("{name}", mode="new"), or FAL_TYPED_CASSETTE=new for one run;',
        "  to record all of it again: delete the file, or FAL_TYPED_CASSETTE=record",
    )

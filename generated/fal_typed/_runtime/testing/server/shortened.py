"""Inputs as a page shows them: without the megabytes that some have in a text. No I/O."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..messages import Json

_LONGEST_TEXT, _SHOWN = 2000, 200
_LONGEST_WHOLE = 20_000


def shortened(value: Json) -> Json:
    """A value of JSON with no long text in it; a text that says so, where it is still too long."""
    try:
        short = _cut(value)
        length = len(json.dumps(short))
    except RecursionError:
        return "(too deep to show)"
    return short if length <= _LONGEST_WHOLE else f"(too long to show: {length} characters)"


def _cut(value: Json) -> Json:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else f"{value[:_SHOWN]}… ({len(value)} characters)"
    if isinstance(value, Mapping):
        return {_name(name): _cut(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_cut(one) for one in value]
    return value


def _name(name: str) -> str:
    return name if len(name) <= _LONGEST_TEXT else f"{name[:_SHOWN]}…"

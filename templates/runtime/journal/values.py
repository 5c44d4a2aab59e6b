"""When two inputs are the same: as JSON values, not as texts."""

from __future__ import annotations

import json
from typing import Any

from ..checks import is_array, is_object


def normal(value: Any) -> str:
    """A decoded JSON value as a text that all equal ones share: numbers are equal by value, and True is no number."""
    return json.dumps(_numbers_told(value), sort_keys=True, separators=(",", ":"))


def _numbers_told(value: Any) -> Any:
    """With 1 for 1.0, and for -0.0 a 0."""
    if is_object(value):
        return {name: _numbers_told(each) for name, each in value.items()}
    if is_array(value):
        return [_numbers_told(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value

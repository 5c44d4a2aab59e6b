"""Which names an input has at a place, to suggest the nearest one for a misspelling."""

from __future__ import annotations

from typing import Any, get_args, is_typeddict

from typing_extensions import is_typeddict as is_backported_typeddict


def names_at(input_type: Any, path: tuple[str | int, ...]) -> list[str]:
    """The names of the object at a place in an input; none where it is unknown."""
    found = _typed_dicts(input_type)
    for step in path:
        if isinstance(step, str):
            found = [inner for each in found for inner in _typed_dicts(each.__annotations__.get(step))]
    return [name for each in found for name in each.__annotations__]


def _typed_dicts(annotation: Any) -> list[Any]:
    """The TypedDicts in an annotation, below its unions, lists and markers."""
    if is_typeddict(annotation) or is_backported_typeddict(annotation):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _typed_dicts(argument)]

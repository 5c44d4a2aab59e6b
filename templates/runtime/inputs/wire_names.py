"""What the types of an input say about its names: which there are at a place, and what the wire calls them."""

# design: Which versions do the packages work with?

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin, is_typeddict

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import get_type_hints
from typing_extensions import is_typeddict as is_backported_typeddict

from ..checks import is_mapping, is_sequence


def names_at(input_type: Any, path: tuple[str | int, ...]) -> list[str]:
    """The names of the object at a place in an input; none where it is unknown."""
    return [name for each in _objects_at(input_type, path) for name in _fields(each)]


def python_names(input_type: Any, path: tuple[str | int, ...]) -> dict[str, str]:
    """What the wire calls the fields of the object at a place in an input, and what Python calls them."""
    fields = (field for each in _objects_at(input_type, path) for field in _fields(each).items())
    return {_alias(annotation, name): name for name, annotation in fields}


def wire_form(value: Any, annotation: Any) -> Any:
    """A value under the names of the wire; what its type does not know stays as it is."""
    if is_sequence(value):
        return [wire_form(item, annotation) for item in value]
    if not is_mapping(value):
        return value
    if get_origin(annotation) is Mapping:  # its keys are data
        return {key: wire_form(item, get_args(annotation)[1]) for key, item in value.items()}
    fields: dict[str, Any] = {}
    for each in _typed_dicts(annotation):
        fields.update(_fields(each))
    return {_alias(fields.get(key), key): wire_form(item, fields.get(key)) for key, item in value.items()}


@cache
def by_python_names(input_type: Any) -> TypeAdapter[Any]:
    """A validator that takes the names of Python in all objects of an input: before 2.14 `by_name` ends at a sequence.

    The types stay as they are, for callers may validate with them, too. pydantic refuses a configuration beside a
    TypedDict that could have its own, but beside `None` it hands it down to all that have none.
    """
    beside_none: Any = input_type | None
    return TypeAdapter(beside_none, config=ConfigDict(validate_by_name=True, validate_by_alias=False))


def _alias(annotation: Any, name: str) -> str:
    """The `alias` among an annotation's markers, below `Required`, if only an empty one; without one, the name."""
    while get_origin(annotation) is not Annotated and len(get_args(annotation)) == 1:
        annotation = get_args(annotation)[0]
    markers = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    return next((marker.alias for marker in markers if getattr(marker, "alias", None) is not None), name)


def _objects_at(input_type: Any, path: tuple[str | int, ...]) -> list[Any]:
    """The TypedDicts that the object at a place can be."""
    found = [input_type]
    for step in path:
        found = [inner for each in found for inner in _inside(each, step)]
    return [typed_dict for each in found for typed_dict in _typed_dicts(each)]


def _inside(annotation: Any, step: str | int) -> list[Any]:
    """What stands below a step of a path, in each kind of value that an annotation allows."""
    if _is_typed_dict(annotation):
        return [_fields(annotation).get(str(step))]
    if get_origin(annotation) is Mapping:
        return [get_args(annotation)[1]]
    if get_origin(annotation) is Sequence:
        return [get_args(annotation)[0]]
    return [inner for argument in get_args(annotation) for inner in _inside(argument, step)]


@cache  # each call of an endpoint with renamed inputs asks
def _fields(typed_dict: Any) -> Mapping[str, Any]:
    """The annotations by name, with their markers; recursive types have some in quotes."""
    return get_type_hints(typed_dict, include_extras=True)


def _typed_dicts(annotation: Any) -> list[Any]:
    """The TypedDicts in an annotation, below its unions, lists and markers."""
    if _is_typed_dict(annotation):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _typed_dicts(argument)]


def _is_typed_dict(annotation: Any) -> bool:
    return is_typeddict(annotation) or is_backported_typeddict(annotation)

"""Building a model from a body that does not match it: every part that has a model becomes one, and nothing is lost."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeGuard, Union, cast, get_args, get_origin

from pydantic import BaseModel

from ..checks import is_array, is_object
from .model import FILE_DATA, OpenModel, RemoteFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def build(annotation: Any, value: Any) -> Any:
    """The value with models in the places where the annotation has them; anything else as it was received."""
    annotation = _bare(annotation)
    if value is None:
        return None
    if _is_model(annotation):
        return build_model(annotation, value) if is_object(value) else value
    if _is_union(annotation):
        return _build_union(get_args(annotation), value)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is dict and is_object(value):
        return {key: build(arguments[1], item) for key, item in value.items()}
    if origin in (list, tuple) and is_array(value):
        items = value
        return [build(_item_type(origin, arguments, index), item) for index, item in enumerate(items)]
    return value


def build_model(model: type[BaseModel], body: dict[str, Any]) -> BaseModel:
    """A model with everything in the body; what is missing and has no default reads as None."""
    rest = dict(body)
    values: dict[str, Any] = {}
    received: set[str] = set()
    for name, field in model.model_fields.items():
        wire_name = name if field.alias is None else field.alias
        if wire_name in rest:
            values[name] = build(field.annotation, rest.pop(wire_name))
            received.add(name)
        else:
            values[name] = None if field.is_required() else field.get_default(call_default_factory=True)
    # Not model_construct(**values): names such as "cls" or "_fields_set" are the server's to use.
    made = model.model_construct(_fields_set=received)
    fields = vars(made)
    fields.clear()
    fields.update(values)
    if made.model_extra is not None:
        made.model_extra.update(rest)
    return made


def _build_union(branches: tuple[Any, ...], value: Any) -> Any:
    if is_object(value):
        body = value
        models = [branch for branch in map(_bare, branches) if _is_model(branch)]
        if models:
            return build_model(max(models, key=lambda model: _likeness(model, body)), body)
    containers = (branch for branch in map(_bare, branches) if _is_union(branch) or get_origin(branch) is type(value))
    fitting = next(containers, None)
    return value if fitting is None else build(fitting, value)


def _likeness(model: type[BaseModel], body: dict[str, Any]) -> int:
    """How well an object fits a model: a matching constant (such as a discriminator) decides, then shared names."""
    score = 0
    for name, field in model.model_fields.items():
        key = name if field.alias is None else field.alias
        if key not in body:
            score -= 2 * field.is_required()
            continue
        constants = get_args(field.annotation) if get_origin(field.annotation) is Literal else None
        score += 1 if constants is None else (100 if body[key] in constants else -100)
    return score


class Unknown(NamedTuple):
    """A field that a model does not have: its path, and whether a known field has its name in Python."""

    path: str
    is_name_of_another: bool


def unknown_fields(value: Any, path: str = "") -> Iterator[Unknown]:
    """The fields that the models in a value do not have, and whose documents do not welcome any."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or ():
            is_welcome = isinstance(value, OpenModel) or (isinstance(value, RemoteFile) and name == FILE_DATA)
            if is_welcome and name not in type(value).model_fields:
                continue
            yield Unknown(path + name, name in type(value).model_fields)
    for step, item in _items(value):
        if isinstance(item, BaseModel | list | dict):
            yield from unknown_fields(item, f"{path}{step}.")


def files_in(value: Any) -> Iterator[RemoteFile]:
    """The files in an output."""
    if isinstance(value, RemoteFile):
        yield value
    if isinstance(value, BaseModel | list | dict):
        for _, item in _items(cast("object", value)):
            yield from files_in(item)


def _items(value: object) -> Iterable[tuple[str | int, Any]]:
    if is_array(value):
        return enumerate(value)
    if is_object(value):
        return value.items()
    fields: dict[str, Any] = vars(value)
    return fields.items()


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models an output can be."""
    annotation = _bare(annotation)
    if _is_model(annotation):
        yield annotation
    elif _is_union(annotation):
        for branch in get_args(annotation):
            yield from models_in(branch)


def _bare(annotation: Any) -> Any:
    """Without `Annotated` and type aliases."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            return annotation


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _item_type(origin: Any, arguments: tuple[Any, ...], index: int) -> Any:
    if not arguments:
        return Any
    if origin is list or arguments[-1] is ...:
        return arguments[0]
    return arguments[index] if index < len(arguments) else Any

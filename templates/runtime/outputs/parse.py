"""From a decoded answer to the endpoint's output. A result that was paid for is never lost."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeGuard, Union, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from .. import forks
from ..checks import is_array, is_object
from ..display.shown import ShownList
from ..display.told import Telling
from .mismatches import Mismatch, tell
from .model import FalModel, OpenModel, Origin, set_origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic.fields import FieldInfo

# By identity, with the type kept alive: not every annotation can be hashed.
_ADAPTERS: dict[int, tuple[Any, TypeAdapter[Any]]] = {}
_LOCK = forks.Lock()
# What has parts.
_PARTS: tuple[type, ...] = (BaseModel, list, dict)
# Most of what an output holds. To ask pydantic's class whether they are models takes longer than all else here.
_WITHOUT_PARTS = frozenset((str, int, float, bool, type(None)))
_LISTS: tuple[type, ...] = (list,)
_OBJECTS: tuple[type, ...] = (dict,)
# Of a longer list, which is numbers or texts, the first item tells what it holds.
_LONG = 1_000


def parse_output(output_type: Any, body: Any, *, endpoint: str = "") -> Any:
    """The body as the output type, strictly where it matches, from its parts where it does not.

    Strictly, because pydantic would otherwise change what was received (`"5"` to `5`). A mismatch is logged, with its
    paths and never with its values.
    """
    wrong: list[Mismatch] = []
    try:
        output = _validate(output_type, body)
    except (ValidationError, RecursionError) as error:
        wrong = _mismatches(error)
        output = _from_parts(output_type, body)
    unknown = list(unknown_fields(output))
    if not wrong and any(each.is_name_of_another for each in unknown):
        output = _from_parts(output_type, body)  # pydantic counts the other field as received
    if wrong or unknown:
        tell(endpoint or "webhook", wrong, [each.path for each in unknown])
    if isinstance(output, _PARTS):
        show_files(output)
    return output


def show_files(output: Any) -> None:
    """Put a list that shows in the place of each list in which a file is, and of each empty one: they may be added.

    Args:
        output: A model, or a list or dict as JSON was decoded; of any depth. Models of files are left alone.
    """
    todo: list[Any] = [output]
    while todo:
        part = todo.pop()
        holder: Any = vars(part) if isinstance(part, BaseModel) else part
        if holder is not part and part.__pydantic_extra__:
            todo.append(part.__pydantic_extra__)
        is_list = isinstance(holder, _LISTS)
        for step, item in enumerate(holder) if is_list else holder.items():
            if type(item) in _WITHOUT_PARTS or not isinstance(item, _PARTS):
                continue
            if isinstance(item, _LISTS):
                inside: Any = item
                if inside and _WITHOUT_PARTS.issuperset(map(type, inside if len(inside) <= _LONG else inside[:1])):
                    continue
                if not inside or any(map(_is_file, inside)):
                    inside = holder[step] = ShownList(inside)
                todo.append(inside)
            elif not isinstance(item, Telling) or item.__family__ is None:
                todo.append(item)


def _is_file(item: Any) -> bool:
    """Whether it is a model of a file, or an object with a URL."""
    if isinstance(item, Telling):
        return item.__family__ is not None
    return isinstance(item, _OBJECTS) and isinstance(cast("dict[str, Any]", item).get("url"), str)


def _validate(output_type: Any, body: Any) -> Any:
    # by_alias: on the wire only the wire's names count; a key that happens to be a Python name is an unknown one.
    if isinstance(output_type, type) and issubclass(output_type, BaseModel):
        return output_type.model_validate(body, strict=True, by_alias=True, by_name=False)
    return adapter_for(output_type).validate_python(body, strict=True, by_alias=True, by_name=False)


def adapter_for(annotation: Any) -> TypeAdapter[Any]:
    """Pydantic's validator of a type of inputs or outputs. Building one takes about a millisecond: it is built once."""
    known = _ADAPTERS.get(id(annotation))
    if known is None:
        with _LOCK:
            known = _ADAPTERS.get(id(annotation))
            if known is None:
                known = _ADAPTERS[id(annotation)] = (annotation, TypeAdapter(annotation))
    return known[1]


def _from_parts(output_type: Any, body: Any) -> Any:
    try:
        output = build(output_type, body)
    except RecursionError:  # types that lead back to themselves, filled deeper than Python calls
        return _held(output_type, body)
    return output if isinstance(output, BaseModel) else _held(output_type, body)


def _held(output_type: Any, body: Any) -> Any:
    """A model without fields that holds a body which is no object; where the type has no model, the body itself."""
    model = next((each for each in _models_of(output_type) if issubclass(each, FalModel)), None)
    if model is None:
        return body
    holder = cast("FalModel", build_model(model, {}))
    set_origin(holder, Origin(received=body))
    return holder


def _mismatches(error: ValidationError | RecursionError) -> list[Mismatch]:
    if isinstance(error, RecursionError):
        return [Mismatch((), "too deep a nesting")]
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    return list(dict.fromkeys(Mismatch(each["loc"], each["type"]) for each in errors))


# From parts: a body that does not match. Every part that has a model becomes one, and nothing is lost.


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
    return sum(_likeness_of(field, name, body) for name, field in model.model_fields.items())


def _likeness_of(field: FieldInfo, name: str, body: dict[str, Any]) -> int:
    key = name if field.alias is None else field.alias
    if key not in body:
        return -2 if field.is_required() else 0
    if get_origin(field.annotation) is not Literal:
        return 1
    return 100 if body[key] in get_args(field.annotation) else -100


class Unknown(NamedTuple):
    """A field that a model does not have: its path, and whether a known field has its name in Python."""

    path: str
    is_name_of_another: bool


def unknown_fields(value: Any, path: str = "") -> Iterator[Unknown]:
    """The fields that the models in a value do not have, and whose documents do not welcome any."""
    for part, place in _parts(value, path):
        if not isinstance(part, BaseModel):
            continue
        for name in part.model_extra or ():
            # What a property reads is known, too, though no class has a field for it: the data of a file.
            is_welcome = isinstance(part, OpenModel) or isinstance(getattr(type(part), name, None), property)
            if is_welcome and name not in type(part).model_fields:
                continue
            yield Unknown(place + name, name in type(part).model_fields)


def models_in(value: object) -> Iterator[BaseModel]:
    """The models in an output."""
    return (part for part, _ in _parts(value, "") if isinstance(part, BaseModel))


def _parts(value: object, path: str) -> Iterator[tuple[object, str]]:
    """The models, lists and objects in an output, with the beginning of their fields' paths.

    It does not call itself: an output may be nested as deeply as Python decodes it.
    """
    todo: list[tuple[object, str]] = [(value, path)] if isinstance(value, _PARTS) else []
    while todo:
        part, place = todo.pop()
        yield part, place
        inner = [
            (item, f"{place}{step}.")
            for step, item in _items(part)
            if type(item) not in _WITHOUT_PARTS and isinstance(item, _PARTS)
        ]
        todo += reversed(inner)


def _items(value: object) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, list):
        return enumerate(cast("Sequence[Any]", value))
    fields: dict[str, Any] = value if isinstance(value, dict) else vars(value)  # pyright: ignore[reportUnknownVariableType]
    return fields.items()


def _models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models an output can be."""
    annotation = _bare(annotation)
    if _is_model(annotation):
        yield annotation
    elif _is_union(annotation):
        for branch in get_args(annotation):
            yield from _models_of(branch)


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


if "IPython.core.completer" in sys.modules:
    from ..habits.completing import let_complete

    let_complete(ShownList, items=True)

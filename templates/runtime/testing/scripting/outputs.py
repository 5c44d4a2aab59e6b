"""What an endpoint is to return: filled up with what it would have returned, and held against its document."""

# design: What does a fake fill in?

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ...checks import is_array, is_mapping, is_object, is_sequence, shortened, suggestion
from ...errors import InputProblem
from ...inputs.messages import describe
from ...outputs.model import FalModel, as_received, received
from ...outputs.parse import adapter_for, build, unknown_fields
from .mistakes import InvalidOutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..messages import Json

# A name of Python in place of the wire's shows a part that is a model, too: one round for each depth of them.
_MOST_ROUNDS = 10


def completed(output_type: Any, given: object, usual: Json, *, endpoint: str, what: str = "output") -> Json:
    """An output with what was left out, which is taken from the one that would have been made.

    At the top every field is filled in, inside of objects those that the document requires.

    Args:
        output_type: The endpoint's model, or a union of them; None where nothing is known.
        given: The whole output or a part of it: a model, or objects with models in them.
        usual: What the endpoint returns where nothing is scripted.
        endpoint: Its id, for the message.
        what: What it is, for the message.

    Raises:
        InvalidOutputError: It does not match the document, with every problem at once.
    """
    wire = _wire(given, endpoint, what)
    if output_type is None:
        return {**usual, **wire} if is_object(wire) and is_object(usual) else wire
    built = build(output_type, wire)
    for _ in range(_MOST_ROUNDS):
        renamed = as_received(_renamed(built))
        if renamed == wire:
            break
        wire, built = renamed, build(output_type, renamed)
    tried: list[list[InputProblem]] = []
    # Of a union's models, what is given may fit another one than it does together with what is filled in.
    for shape in (built, build(output_type, _over(wire, usual))):
        whole: Any = _filled(wire, usual, shape, is_top=True)
        problems = _problems(output_type, whole)
        if problems and usual:  # what is filled in is not what the caller said
            own = {*_problems(output_type, usual)}
            problems = [one for one in problems if one not in own]
        if not problems:
            found: Json = whole
            return found
        tried.append(problems)
    raise InvalidOutputError(endpoint, min(tried, key=len), what)


def _wire(given: object, endpoint: str, what: str) -> Any:
    """As it goes over the wire: without models, nor anything else that JSON does not have."""
    try:
        return json.loads(json.dumps(as_received(given), default=_plain, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        problem = InputProblem(what, f"cannot be sent as JSON ({error})", shortened(given))
        raise InvalidOutputError(endpoint, [problem], what) from None


def _plain(value: object) -> Any:
    if isinstance(value, FalModel):
        return as_received(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if is_mapping(value):
        return dict(value)
    if is_sequence(value):
        return list(value)
    raise TypeError(f"a {type(value).__name__} is no JSON")


def _renamed(value: Any) -> Any:
    """Fields under the wire's names that were given under those of Python."""
    if isinstance(value, FalModel):
        fields = received(value)
        if not is_object(fields):
            return fields
        known = type(value).model_fields
        aliases = {name: field.alias for name, field in known.items() if field.alias and field.alias not in fields}
        return {aliases.get(name) or name: _renamed(item) for name, item in fields.items()}
    if is_object(value):
        return {name: _renamed(item) for name, item in value.items()}
    return [_renamed(item) for item in value] if is_array(value) else value


def _over(given: Any, usual: Any) -> Any:
    """A value laid over another one."""
    if is_object(given) and is_object(usual):
        return {**usual, **{name: _over(item, usual.get(name)) for name, item in given.items()}}
    if is_array(given) and is_array(usual):
        return [_over(item, other) for item, other in _beside(given, usual)]
    return given


def _filled(given: Any, usual: Any, shape: Any, *, is_top: bool = False) -> Any:
    """A value with what it lacks, out of what stands at the same place of another one.

    Args:
        given: The value.
        usual: The other one.
        shape: The value, with models in the places where the output has them.
        is_top: Whether to take also what is not required.
    """
    if is_array(given):
        return [
            _filled(item, other, part)
            for (item, other), part in zip(_beside(given, usual), shape if is_array(shape) else given, strict=False)
        ]
    if not is_object(given):
        return given
    others = usual if is_object(usual) else {}
    parts = received(shape) if isinstance(shape, FalModel) else shape
    first = None if isinstance(shape, FalModel) else next(iter(others.values()), None)
    made = {name: _filled(item, others.get(name, first), parts.get(name)) for name, item in given.items()}
    for name, field in type(shape).model_fields.items() if isinstance(shape, FalModel) else ():
        wire = field.alias or name
        if wire not in made and wire in others and (is_top or field.is_required()):
            made[wire] = others[wire]
    return made


def _beside(given: list[Any], usual: Any) -> Iterator[tuple[Any, Any]]:
    """The items of a list, each with the one at its place of another list, or the last one of that."""
    others = usual if is_array(usual) and usual else [None]
    return ((item, others[min(at, len(others) - 1)]) for at, item in enumerate(given))


def _problems(output_type: Any, whole: Any) -> list[InputProblem]:
    return [*_unknown(build(output_type, whole)), *_wrong(output_type, whole)]


def _unknown(output: Any) -> Iterator[InputProblem]:
    """The fields that no document has, with the nearest one that it has."""
    for each in unknown_fields(output):
        *place, name = each.path.split(".")
        known = _names_at(output, place)
        what = "is no field of this output" if not place else "is unknown"
        yield InputProblem(each.path, f"{what}{suggestion(name, known) or _listed(known)}")


def _listed(known: list[str]) -> str:
    return f"; it has {', '.join(known[:12])}{', …' if len(known) > 12 else ''}" if known else ""


def _names_at(value: Any, place: list[str]) -> list[str]:
    """The names of the fields of the model at a place of an output."""
    for step in place:
        if is_array(value):
            value = value[int(step)]
        elif is_object(value):
            value = value.get(step)
        else:
            value = received(value).get(step) if isinstance(value, FalModel) else None
    if not isinstance(value, FalModel):
        return []
    return [field.alias or name for name, field in type(value).model_fields.items()]


def _wrong(output_type: Any, whole: Any) -> list[InputProblem]:
    """What the types refuse."""
    try:
        adapter_for(output_type).validate_python(whole, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        return describe(error, whole, output_type)
    return []

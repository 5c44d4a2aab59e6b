"""How an endpoint differs from those of the same app, nearest first (a part of `collect`)."""

# design: Which endpoints are siblings, and how is it told how they differ?

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...project.changelog import code, few
from ..facts import Sibling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..facts import EndpointFacts, FieldFacts, TypeFacts

# Siblings of an endpoint, sentences of one, names in a sentence.
MOST, _SENTENCES, _NAMES = 8, 8, 6
# Characters of a default that a sentence shows.
_SHORT = 60
_Told = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Outline:
    """What is compared of an endpoint.

    Attributes:
        input: Its inputs by name.
        output: The fields of its output, as far as it is one type.
        parts: What each field is, without its words: two endpoints with the same parts take the same.
    """

    facts: EndpointFacts
    input: Mapping[str, FieldFacts]
    output: Mapping[str, FieldFacts]
    parts: frozenset[_Told]


def with_siblings(endpoints: Iterable[EndpointFacts]) -> tuple[EndpointFacts, ...]:
    """The same endpoints, each with its nearest siblings."""
    apps: dict[str, list[_Outline]] = {}
    outlines = [_outline(one) for one in endpoints]
    for one in outlines:
        apps.setdefault(_app(one.facts.id), []).append(one)
    return tuple(replace(one.facts, siblings=_siblings(one, apps[_app(one.facts.id)])) for one in outlines)


def _app(endpoint_id: str) -> str:
    return "/".join(endpoint_id.split("/")[:2])


def _outline(one: EndpointFacts) -> _Outline:
    input_ = {field.wire_name: field for field in one.input.fields}
    output = {field.wire_name: field for field in one.outputs[0].fields} if len(one.outputs) == 1 else {}
    parts = {("in", name, _told(field)) for name, field in input_.items()}
    parts |= {("out", name, _told(field)) for name, field in output.items()}
    return _Outline(one, input_, output, frozenset(parts))


def _told(field: FieldFacts) -> _Told:
    """What a field is, without its words."""
    return (
        field.type if not field.types else tuple(map(_structure, field.types)),
        field.required,
        field.default,
        frozenset(field.members),
        field.limits,
        field.file,
    )


def _structure(type_: TypeFacts) -> _Told:
    return type_.again, type_.extra, frozenset((field.wire_name, _told(field)) for field in type_.fields)


def _siblings(one: _Outline, app: Sequence[_Outline]) -> tuple[Sibling, ...]:
    def distance(other: _Outline) -> tuple[float, int, str]:
        shared, every = len(one.input.keys() & other.input.keys()), len(one.input.keys() | other.input.keys())
        return -shared / max(every, 1), len(one.parts ^ other.parts), other.facts.id

    nearest = sorted((other for other in app if other is not one), key=distance)[:MOST]
    return tuple(_sibling(one, other) for other in nearest)


def _sibling(one: _Outline, other: _Outline) -> Sibling:
    found = tuple(_differences(one, other)) if one.parts != other.parts or _differs(one.facts, other.facts) else ()
    return Sibling(id=other.facts.id, category=other.facts.category, differences=found[:_SENTENCES], count=len(found))


def _differs(one: EndpointFacts, other: EndpointFacts) -> bool:
    return one.streams != other.streams or len(one.outputs) != len(other.outputs)


def _differences(one: _Outline, other: _Outline) -> Iterator[str]:
    """Sentences about the other."""
    yield from _named("also takes", other.input.keys() - one.input.keys(), other.input)
    yield from _named("does not take", one.input.keys() - other.input.keys(), one.input)
    for name, theirs in other.input.items():
        if name in one.input:
            yield from _of_input(one.input[name], theirs)
    yield from _named("also gives", other.output.keys() - one.output.keys(), other.output)
    yield from _named("does not give", one.output.keys() - other.output.keys(), one.output)
    for name, theirs in other.output.items():
        if name in one.output:
            yield from _of_type(one.output[name], theirs, "its output's ")
    if one.facts.streams != other.facts.streams:
        yield "also streams" if other.facts.streams else "does not stream"
    if bool(one.output) != bool(other.output) or len(one.facts.outputs) != len(other.facts.outputs):
        yield "its output is of another kind"


def _named(said: str, names: Iterable[str], fields: Mapping[str, FieldFacts]) -> Iterator[str]:
    """What only one of both has, in the order of its document; what must be given is said to."""
    wanted = set(names)
    found = [name for name in fields if name in wanted]
    if found:
        must = " (must be given)" if said == "also takes" else ""
        yield f"{said} {few([code(one) + (must if fields[one].required else '') for one in found], _NAMES)}"


def _of_input(mine: FieldFacts, theirs: FieldFacts) -> Iterator[str]:
    name = code(theirs.name)
    default = "" if mine.default == theirs.default else _default(mine, theirs)
    if mine.required != theirs.required:
        said = "must be given" if theirs.required else "may be left out"
        yield f"{name} {said}" + (f" and {default}" if default and not theirs.required else "")
    elif default:
        yield f"{name} {default}"
    yield from _of_type(mine, theirs)


def _default(mine: FieldFacts, theirs: FieldFacts) -> str:
    if theirs.default is None:
        return "has no default"
    if max(len(theirs.default), len(mine.default or "")) > _SHORT:
        return "has another default" if mine.default is not None else "has a default"
    return f"is {code(theirs.default)} by default" + ("" if mine.default is None else f", not {code(mine.default)}")


def _of_type(mine: FieldFacts, theirs: FieldFacts, whose: str = "") -> Iterator[str]:
    name = whose + code(theirs.name)
    if mine.type != theirs.type and not (mine.types and theirs.types):
        yield f"{name} is {code(theirs.type)}, not {code(mine.type)}"
    elif {*mine.members} != {*theirs.members}:
        yield from _members(name, mine, theirs)
    elif mine.limits != theirs.limits:
        yield f"{name} {_limits(mine, theirs)}"
    elif tuple(map(_structure, mine.types)) != tuple(map(_structure, theirs.types)):
        yield f"{name} has other fields"


def _limits(mine: FieldFacts, theirs: FieldFacts) -> str:
    if not theirs.limits:
        return "has no limits"
    ours = f", not {', '.join(map(code, mine.limits))}" if mine.limits else ""
    return f"has the limits {', '.join(map(code, theirs.limits))}{ours}"


def _members(name: str, mine: FieldFacts, theirs: FieldFacts) -> Iterator[str]:
    more = [code(one) for one in theirs.members if one not in mine.members]
    fewer = [code(one) for one in mine.members if one not in theirs.members]
    said = [f"can also be {few(more, _NAMES)}"] if more else []
    yield f"{name} {', but '.join([*said, *([f'cannot be {few(fewer, _NAMES)}'] if fewer else [])])}"

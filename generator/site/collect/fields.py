"""Types with their fields, unfolded in place: what a page shows of an input and an output (a part of `collect`)."""

# design: How much is unfolded on one page?

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from ...ir.classes import names_of_fields, with_files
from ...ir.docstrings import as_shown, limits, shown_example
from ...ir.share import Kind
from ...literals import literal, readable, shown
from ...media_limits import in_words
from ...parse.media import media_of_field
from ...parse.structure import may_be_none
from ...shapes import (
    ArrayShape,
    EnumShape,
    MapShape,
    NullShape,
    Shape,
    StringShape,
    UnionShape,
    references,
    rename,
    union,
)
from ..facts import FieldFacts, TypeFacts
from .type_names import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...project.file_inputs import FileTable
    from ...shapes import ObjectDef, Property

# A type that stands at several places of a page is unfolded at each, up to this: characters of the page's facts, where
# a field without words counts as so many.
ROOM, _FIELD = 1_000_000, 500
# Types below types; 4 in real documents.
_DEEPEST = 24
# Of `images_data_url` and the like: an archive of them.
_ARCHIVES = frozenset({"data", "zip", "archive"})
_KINDS = ("image", "video", "audio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a type lives.

    Attributes:
        name: What the page calls it.
        module: Where it is imported from.
        shared: Its name among the shared types; empty for an endpoint's own.
        page: What its page is called, where that is not the name.
    """

    name: str
    module: str
    shared: str = ""
    page: str = ""


class Unfolding:
    """The types of one kind on one page.

    Each type is unfolded where it is met first, and wherever else it stands while there is room.

    Args:
        objects: The object types, by the names that shapes have for them.
        places: Where each of them lives.
        kind: Whether they go in or come out.
        files: What is known of inputs that take files.
        room: How much may be told again; those who have many pages give each less.
    """

    def __init__(
        self,
        objects: Mapping[str, ObjectDef],
        places: Mapping[str, Place],
        kind: Kind,
        files: FileTable,
        room: int = ROOM,
    ) -> None:
        self._objects = {name: with_files(objects[name], kind, files) for name in places}
        self._places = places
        self._names = {name: place.name for name, place in places.items()}
        self._kind = kind
        self._seen: set[str] = set()
        self._room = room

    def type(self, name: str, above: tuple[str, ...] = ()) -> TypeFacts:
        """A type with all its fields, and the types below them."""
        definition, place = self._objects[name], self._places[name]
        is_told = name in above or len(above) >= _DEEPEST or (self._room <= 0 and name in self._seen)
        fields: tuple[FieldFacts, ...] = ()
        if not is_told:
            self._seen.add(name)
            self._room -= len(definition.prose.description)
            names = names_of_fields(definition, self._kind, self._names)
            fields = tuple(self._field(prop, names[prop.wire_name], (*above, name)) for prop in definition.properties)
        return TypeFacts(
            name=place.name,
            kind=self._kind.value,
            module=place.module,
            shared=place.shared,
            page=place.page,
            prose="" if is_told else definition.prose.description,
            again=is_told,
            extra="" if definition.extra is None else self.name_of(definition.extra),
            fields=fields,
        )

    def name_of(self, shape: Shape) -> str:
        """A shape as Python writes it on this page."""
        return type_name(rename(shape, self._names))

    def _field(self, prop: Property, name: str, above: tuple[str, ...]) -> FieldFacts:
        shape, required = prop.shape, prop.required and prop.default is None
        if self._kind is Kind.MODELS:
            required = not may_be_none(prop)
            shape = shape if required else union([shape, NullShape()])
        default, example = prop.default and as_shown(prop.default).text, shown_example(prop.prose, prop.default)
        parts = list(_parts(shape))
        members = tuple(dict.fromkeys(shown(member) for one in parts for member in _members(one)))
        said = (prop.prose.description, default or "", "" if example is None else example.text, *members)
        self._room -= _FIELD + sum(map(len, said))
        taken = self._kind is Kind.PARAMS and any(isinstance(one, StringShape) and one.takes_file for one in parts)
        return FieldFacts(
            name=name,
            wire_name=prop.wire_name,
            type=self.name_of(shape),
            required=required,
            default=default,
            members=members,
            limits=tuple(dict.fromkeys(limits_of(shape))),
            file=file_kind(prop, above[-1] if above[1:] else "") if taken else "",
            file_limits=_file_limits(prop) if taken else (),
            prose=prop.prose.description,
            example=None if example is None else example.text,
            deprecated=prop.prose.deprecated,
            types=tuple(self.type(one, above) for one in dict.fromkeys(references(shape))),
        )


def _parts(shape: Shape) -> Iterator[Shape]:
    """A shape and all that it is made of."""
    yield shape
    match shape:
        case ArrayShape(items=inner) | MapShape(values=inner):
            yield from _parts(inner)
        case UnionShape(members=members):
            for member in members:
                yield from _parts(member)
        case _:
            pass


def _members(shape: Shape) -> tuple[str | int | bool, ...]:
    return shape.members if isinstance(shape, EnumShape) else ()


def limits_of(shape: Shape) -> Iterator[str]:
    """The limits of a value and of what is in it, each in words: "1 to 12", "at most 4 items"."""
    said = limits(shape).removesuffix(".")
    match shape:
        case UnionShape(members=members):
            for member in members:
                yield from limits_of(member)
        case ArrayShape():
            yield from _said(said)
            if shape.unique:
                yield "no two items alike"
            yield from (f"each {one}" for one in limits_of(shape.items))
        case MapShape(values=values):
            yield from (f"each {one}" for one in limits_of(values))
        case StringShape(pattern=str() as pattern):
            yield from _said(said)
            yield f"matches {literal(pattern)}"
        case _:
            yield from _said(said)


def _said(words: str) -> Iterator[str]:
    if words:
        yield words.removeprefix("Range: ").removeprefix("Length: ")


def file_kind(prop: Property, owner: str = "") -> str:
    """What kind of file an input takes: by what the document says of it, else by its name, else by its owner's.

    Args:
        prop: The input.
        owner: The type that it is a field of, where that is not the whole input.
    """
    if prop.media is not None and prop.media.kind:
        return prop.media.kind
    return next(filter(None, (_told_by_name(name) for name in (prop.wire_name, owner))), "file")


@cache
def _told_by_name(name: str) -> str:
    told = media_of_field("", name)
    if told is not None:
        return told.value
    words = {word.lower().removesuffix("s") for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
    if not words.isdisjoint(_ARCHIVES):
        return "file"
    return "image" if "frame" in words else next((kind for kind in _KINDS if kind in words), "")


def _file_limits(prop: Property) -> tuple[str, ...]:
    if prop.media is None:
        return ()
    numbers = in_words(replace(prop.media, said=""))
    return (*(numbers.split(", ") if numbers else ()), *((readable(prop.media.said),) if prop.media.said else ()))

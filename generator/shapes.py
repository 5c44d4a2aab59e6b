"""The type algebra: what a value may be, in one spelling per meaning.

`normalize` makes it from a document, `share` compares it, `annotations` writes it as Python. The union is closed: what
must treat every shape matches all of it and ends in `assert_never`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from .json_text import JsonText  # noqa: TC001  (dataclass fields are looked at by the IR's own tests)
from .media_limits import MediaLimits  # noqa: TC001

# What a member of an enum costs besides its characters: each is a line, and a node of each tree that is made of it.
_MEMBER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyShape:
    """Nothing is known; every JSON value goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullShape:
    """JSON's null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BooleanShape:
    """True or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The numeric limits of JSON Schema; None is no limit."""

    ge: int | float | None = None
    gt: int | float | None = None
    le: int | float | None = None
    lt: int | float | None = None
    multiple_of: int | float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerShape:
    """A whole number."""

    bounds: Bounds = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberShape:
    """Any number; integers are numbers."""

    bounds: Bounds = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class StringShape:
    """Text. The format (`uri`, `binary` …) is documentation: it never changes the type.

    Attributes:
        takes_file: Whether it is the URL of a file that an input takes, and so may be given as the file itself.
        takes_name: Whether such an input also takes another text than a URL: a name, an id.
    """

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    takes_file: bool = False
    takes_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumShape:
    """One of some scalars; `const` is an enum of one. Members keep the document's order."""

    members: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayShape:
    """A list of one kind of item."""

    items: Shape
    min_items: int | None = None
    max_items: int | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShape:
    """An object whose keys are data."""

    values: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionShape:
    """One of several. Members are distinct, none is a union, and null, if there, is last.

    A document's `discriminator` adds nothing: the property it names is an enum in every member, and that tells.
    """

    members: tuple[Shape, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefShape:
    """An object type, by the name of its definition.

    Attributes:
        model: The class in which it comes out of the same endpoint, and may be given to it again.
    """

    name: str
    model: str = ""


Shape = (
    AnyShape
    | NullShape
    | BooleanShape
    | IntegerShape
    | NumberShape
    | StringShape
    | EnumShape
    | ArrayShape
    | MapShape
    | UnionShape
    | RefShape
)


class Media(Enum):
    """What kind of file an output file is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """What people read; it never decides whether two types are one."""

    description: str = ""
    examples: tuple[JsonText, ...] = ()
    deprecated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of an object type.

    Attributes:
        wire_name: The key in JSON.
        default: What the server takes when the property is absent; None where the document gives no default.
        marked: Whether the document marks it as a file though its name does not say so.
        exception: What it takes in its endpoint alone, where that differs (a table of `file_inputs.toml`).
        media: What its files must be like, where it takes some.
        pointer: Where it stands in the document.
    """

    wire_name: str
    shape: Shape
    required: bool
    default: JsonText | None = None
    prose: Prose = Prose()
    pointer: str = ""
    marked: bool = False
    exception: str = ""
    media: MediaLimits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectDef:
    """An object type: one component of a document, or an object schema that stood in the open.

    Attributes:
        wire_name: Its name in the document.
        extra: What further properties may be, where the document says that they are welcome.
        sealed: Whether the document says that they are not. Where it is silent the client refuses unknown inputs, and
            keeps unknown outputs.
    """

    wire_name: str
    properties: tuple[Property, ...]
    extra: Shape | None = None
    sealed: bool = False
    prose: Prose = Prose()
    pointer: str = ""


def union(members: list[Shape]) -> Shape:
    """Join shapes into one: nested unions are opened, repetitions dropped, null put last, one member stays itself."""
    flat: dict[Shape, None] = {}
    for member in members:
        for part in member.members if isinstance(member, UnionShape) else (member,):
            flat[part] = None
    null = NullShape()
    parts = [part for part in flat if part != null] + ([null] if null in flat else [])
    if any(isinstance(part, AnyShape) for part in parts):
        return AnyShape()
    if len(parts) == 1:
        return parts[0]
    return UnionShape(members=tuple(parts))


def extent(shape: Shape) -> int:
    """About how many characters the values take that an annotation of a shape writes out."""
    match shape:
        case EnumShape(members=members):
            return sum(_MEMBER + len(str(member)) for member in members)
        case StringShape(pattern=pattern):
            return len(pattern or "")
        case ArrayShape(items=inner) | MapShape(values=inner):
            return extent(inner)
        case UnionShape(members=members):
            return sum(extent(member) for member in members)
        case _:
            return 0


def references(shape: Shape) -> list[str]:
    """The names of all object types that a shape mentions, in order, with repetitions."""
    match shape:
        case RefShape(name=name):
            return [name]
        case ArrayShape(items=inner) | MapShape(values=inner):
            return references(inner)
        case UnionShape(members=members):
            return [name for member in members for name in references(member)]
        case _:
            return []


def taking_file(shape: Shape, *, or_name: bool = False) -> Shape:
    """The shape with each text that it can be, or be a list of, as the URL of a file, or (`or_name`) as a name, too."""
    match shape:
        case StringShape():
            return replace(shape, takes_file=True, takes_name=or_name)
        case ArrayShape(items=inner):
            return replace(shape, items=taking_file(inner, or_name=or_name))
        case UnionShape(members=members):
            return UnionShape(members=tuple(taking_file(member, or_name=or_name) for member in members))
        case _:
            return shape


def with_models(shape: Shape, models: dict[str, str]) -> Shape:
    """The same shape where each object type in the table may be given as its model, too."""
    match shape:
        case RefShape(name=name) if name in models:
            return RefShape(name=name, model=models[name])
        case ArrayShape(items=inner):
            return replace(shape, items=with_models(inner, models))
        case MapShape(values=inner):
            return MapShape(values=with_models(inner, models))
        case UnionShape(members=members):
            return UnionShape(members=tuple(with_models(member, models) for member in members))
        case _:
            return shape


def rename(shape: Shape, names: dict[str, str]) -> Shape:
    """The shape with the object types' names replaced; names not in the table stay."""
    match shape:
        case RefShape(name=name):
            return replace(shape, name=names.get(name, name))
        case ArrayShape(items=inner):
            return ArrayShape(
                items=rename(inner, names), min_items=shape.min_items, max_items=shape.max_items, unique=shape.unique
            )
        case MapShape(values=inner):
            return MapShape(values=rename(inner, names))
        case UnionShape(members=members):
            return UnionShape(members=tuple(rename(member, names) for member in members))
        case _:
            return shape

"""What the samples give: the document's own examples of what must be given, else a value that will do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from ...ir.classes import names_of_fields, with_files
from ...ir.share import Kind
from ...json_text import value_of
from ...literals import shown
from ...shapes import (
    AnyShape,
    ArrayShape,
    BooleanShape,
    Bounds,
    EnumShape,
    IntegerShape,
    MapShape,
    NullShape,
    NumberShape,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
)
from .fields import file_kind
from .fitting import Fitting, is_step, matches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...json_text import Json
    from ...project.file_inputs import FileTable
    from ...shapes import ObjectDef, Property

_LARGEST = float.fromhex("0x1.fffffffffffffp+1023")  # that a double holds
# Characters of an example that a sample shows (a picture as a data URI has a hundred thousand), and examples tried.
_LONGEST, _EXAMPLES = 2_000, 5
# Characters of all values of an endpoint that are made up, what an object counts for, and those of a text that must be
# long: a document may ask for more than a page has room for.
_MADE, _OBJECT, _LONG = 20_000, 100, 500
_FILES = {"image": "photo.png", "video": "clip.mp4", "audio": "voice.mp3", "file": "file.bin"}
# What a file of no such kind is called, by a word in its name.
_OTHERS = (
    ("data", "data.zip"),
    ("zip", "data.zip"),
    ("lora", "lora.safetensors"),
    ("path", "lora.safetensors"),
    ("model", "model.glb"),
    ("srt", "subtitles.srt"),
)
_HOST = "https://example.com/"
_PROMPT, _TEXT = "a red panda in Kyoto", "text"
# What a text may be that has to match a pattern: one of these, or none that we know.
_MATCHING = (_TEXT, "a", "A", "0", "1", "10", "00:00", "00:00:00", "#ff0000", "2025-01-01", "a1", "en", "en-US", "")


@dataclass(frozen=True, slots=True)
class Given:
    """An input of a sample.

    Attributes:
        name: In Python.
        value: By the names of Python.
        shape: Its type.
        file: The name of a file that may be given for it; empty where it takes none.
    """

    name: str
    value: Json
    shape: Shape
    file: str


class Giver:
    """Gives the inputs of an endpoint.

    Args:
        objects: The object types of its document.
        names: What its module calls them.
        files: What is known of inputs that take files.
    """

    def __init__(self, objects: Mapping[str, ObjectDef], names: dict[str, str], files: FileTable) -> None:
        self._objects = {wire: with_files(objects[wire], Kind.PARAMS, files) for wire in names}
        self._scope = names
        self._fits = Fitting(self._objects)
        self._left = _MADE

    def required(self, wire: str) -> tuple[Given, ...]:
        """What must be given of an object type, in the document's order."""
        definition = self._objects[wire]
        return tuple(self.one(wire, prop) for prop in definition.properties if _must_be_given(prop))

    def file(self, wire: str) -> Given | None:
        """The first input that takes a file, where none must be given."""
        props = self._objects[wire].properties
        found = next((prop for prop in props if takes_file(prop.shape) and not prop.prose.deprecated), None)
        return None if found is None else self.one(wire, found)

    def one(self, wire: str, prop: Property) -> Given:
        """One input."""
        value = self._value(prop, ())
        name = names_of_fields(self._objects[wire], Kind.PARAMS, self._scope)[prop.wire_name]
        file = _file_name(prop, "") if takes_file(prop.shape) else ""
        return Given(name, self._in_python(value, prop.shape), prop.shape, file)

    def _value(self, prop: Property, above: tuple[str, ...]) -> Json:
        """The document's first example that fits and is no book, else a value of the type."""
        for text in prop.prose.examples[:_EXAMPLES]:
            if len(text) <= _LONGEST and self._fits(value := value_of(text), prop.shape):
                return value
        return self._made(prop.shape, prop, above)

    def _made(self, shape: Shape, prop: Property, above: tuple[str, ...]) -> Json:  # noqa: C901  (one case for each shape)
        match shape:
            case AnyShape():
                return _TEXT
            case NullShape():
                return None
            case BooleanShape():
                return True
            case IntegerShape(bounds=bounds) | NumberShape(bounds=bounds):
                return _number(bounds, whole=isinstance(shape, IntegerShape))
            case StringShape():
                return _text(shape, prop, above[-1] if above else "")
            case EnumShape(members=members):
                return members[0]
            case ArrayShape():
                return self._list(shape, prop, above)
            case MapShape(values=values):
                return {"name": self._made(values, prop, above)}
            case UnionShape(members=members):
                # Of a type that leads back to itself, another member; null stands last.
                plain = next((one for one in members if not _leads_to(one, above)), members[-1])
                return self._made(plain, prop, above)
            case RefShape(name=name):
                self._left -= _OBJECT
                if name in above or self._left < 0:
                    return {}
                props = (one for one in self._objects[name].properties if _must_be_given(one))
                return {one.wire_name: self._value(one, (*above, name)) for one in props}
            case _:
                assert_never(shape)

    def _list(self, shape: ArrayShape, prop: Property, above: tuple[str, ...]) -> Json:
        least = shape.min_items or 0
        if (least == 0 and _leads_to(shape.items, above)) or shape.max_items == 0:
            return []
        first = self._made(shape.items, prop, above)
        size = len(shown(first))
        count = max(least, 1) if least * size <= self._left else 1
        self._left -= count * size
        if shape.unique and isinstance(shape.items, EnumShape):
            return list(shape.items.members[:count])
        if shape.unique and isinstance(first, str):
            return [first, *(f"{first} {number}" for number in range(2, count + 1))]
        if shape.unique and isinstance(first, int) and not isinstance(first, bool):
            return [first + number for number in range(count)]
        return [first] * count

    def _in_python(self, value: Json, shape: Shape) -> Json:
        """A value of the wire by the names of Python."""
        match shape:
            case ArrayShape(items=inner) if isinstance(value, list):
                return [self._in_python(item, inner) for item in value]
            case MapShape(values=inner) if isinstance(value, dict):
                return {key: self._in_python(item, inner) for key, item in value.items()}
            case UnionShape(members=members):
                found = next((one for one in members if self._fits(value, one)), NullShape())
                return self._in_python(value, found)
            case RefShape(name=name) if isinstance(value, dict):
                definition = self._objects[name]
                names = names_of_fields(definition, Kind.PARAMS, self._scope)
                shapes = {prop.wire_name: prop.shape for prop in definition.properties}
                given = value.items()
                return {names.get(key, key): self._in_python(item, shapes.get(key, AnyShape())) for key, item in given}
            case _:
                return value


def _must_be_given(prop: Property) -> bool:
    return prop.required and prop.default is None


def takes_file(shape: Shape) -> bool:
    """Whether a value, or an item of it, may be given as a file."""
    match shape:
        case StringShape():
            return shape.takes_file
        case ArrayShape(items=inner):
            return takes_file(inner)
        case UnionShape(members=members):
            return any(takes_file(member) for member in members)
        case _:
            return False


def _leads_to(shape: Shape, above: tuple[str, ...]) -> bool:
    match shape:
        case RefShape(name=name):
            return name in above
        case ArrayShape(items=inner) | MapShape(values=inner):
            return _leads_to(inner, above)
        case _:
            return False


def _text(shape: StringShape, prop: Property, owner: str) -> str:
    if shape.takes_file:
        text = _HOST + _file_name(prop, owner)
    elif shape.pattern is not None:
        text = next((one for one in _MATCHING if matches(shape.pattern, one)), _TEXT)
    else:
        text = _PROMPT if "prompt" in prop.wire_name else _TEXT
    if shape.min_length and shape.pattern is None:
        text += text[-1] * (min(shape.min_length, _LONG) - len(text))
    return text if shape.max_length is None else text[: shape.max_length]


def _file_name(prop: Property, owner: str) -> str:
    """What a file may be called that an input takes."""
    kind, name = file_kind(prop, owner), prop.wire_name.lower()
    return next((file for word, file in _OTHERS if kind == "file" and word in name), _FILES[kind])


def _number(bounds: Bounds, *, whole: bool) -> int | float:
    """A number within bounds: 1 where that is allowed, else the nearest end."""
    step = bounds.multiple_of or 1
    low = bounds.ge if bounds.ge is not None else None if bounds.gt is None else bounds.gt + step
    high = bounds.le if bounds.le is not None else None if bounds.lt is None else bounds.lt - step
    value = step
    if low is not None and value < low:
        value = low if is_step(low, bounds.multiple_of) else (low // step + 1) * step
    if high is not None and value > high:
        between = low is not None and low > high  # more than 0 and less than 1
        value = (low + high) / 2 if between and low is not None else high
        value = value if between or is_step(value, bounds.multiple_of) else high // step * step
    value = value if abs(value) <= _LARGEST else 0  # bounds at the ends of what a double holds
    return int(value) if whole else value

"""Where in an input files stand that must be like fal says, and how that is emitted (a part of stage lower)."""

# design: Where do the limits of media stand?

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ..media_limits import MediaLimits, looser, numbers
from ..parse.file_marks import FileMark, Marks, places_in
from ..parse.media import media_of
from ..parse.output_files import is_file
from ..parse.structure import reached
from ..shapes import ArrayShape, MapShape, RefShape, Shape, StringShape, UnionShape, references
from .classes import with_files
from .share import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..json_text import Json
    from ..parse.normalize import Normalized
    from ..project.file_inputs import FileTable
    from ..shapes import ObjectDef
    from . import nodes

# Fields that are looked at in one input. Types may lead to each other in more ways: then the rest is checked by fal.
_MOST_FIELDS = 2_000


def limited_places(one: Normalized, reached: list[str], files: FileTable) -> tuple[tuple[str, MediaLimits], ...]:
    """The places of limited files: `image_url`, `elements.*.video_url`, where `*` is any item or any key.

    What an object has that stands in itself is not among them: it may be at any depth.

    Args:
        one: The endpoint.
        reached: The object types of its input.
        files: What is known of inputs that take files.
    """
    if not any(prop.media is not None for wire in reached for prop in one.objects[wire].properties):
        return ()
    return tuple((place, limits) for place, limits in file_places(one, reached, files) if numbers(limits))


def file_places(one: Normalized, reached: list[str], files: FileTable) -> tuple[tuple[str, MediaLimits], ...]:
    """The places of all files in an input, with what they must be like; for the arguments see `limited_places`."""
    objects = {wire: with_files(one.objects[wire], Kind.PARAMS, files) for wire in reached}
    found: dict[str, MediaLimits] = {}
    for place, limits in islice(_fields(objects, one.input, "", ()), _MOST_FIELDS):
        if limits is not None:
            found[place] = looser(found[place], limits) if place in found else limits
    return tuple(found.items())


def file_marks(one: Normalized, files: FileTable) -> tuple[Marks, Marks]:
    """What the package's schemas say of files: of those that the input takes, and of those in the output.

    Args:
        one: The endpoint.
        files: What is known of inputs that take files.
    """
    inputs, outputs = Marks(), Marks()
    for wire in reached([one.input], one.objects):
        for prop in with_files(one.objects[wire], Kind.PARAMS, files).properties:
            if places := places_in(prop.shape, _takes_file):
                or_name = bool(places_in(prop.shape, _takes_name))
                inputs[prop.pointer] = FileMark(places=places, or_name=or_name, limits=prop.media)
    held = {name: media_of(it) for name, it in one.objects.items() if is_file(it.properties)}

    def is_held(shape: Shape) -> bool:
        return isinstance(shape, RefShape) and shape.name in held

    for wire in reached(references(one.output), one.objects):
        for prop in one.objects[wire].properties:
            if places := places_in(prop.shape, is_held):
                kinds = [held[name] for name in references(prop.shape) if name in held]
                kind = kinds[0].value if len({*kinds}) == 1 and kinds[0] is not None else ""
                outputs[prop.pointer] = FileMark(places=places, limits=MediaLimits(kind=kind))
    return inputs, outputs


def _takes_file(shape: Shape) -> bool:
    return isinstance(shape, StringShape) and shape.takes_file


def _takes_name(shape: Shape) -> bool:
    return isinstance(shape, StringShape) and shape.takes_name


def media_table(endpoint: nodes.Endpoint) -> Json:
    """The limits as the client has them: by place, then by fal's names for them."""
    return {place: _row(limits) for place, limits in endpoint.media}


def _row(limits: MediaLimits) -> dict[str, Json]:
    kind: dict[str, Json] = {"kind": limits.kind} if limits.kind else {}
    return {**kind, **numbers(limits)}


def _fields(
    objects: dict[str, ObjectDef], wire: str, above: str, within: tuple[str, ...]
) -> Iterator[tuple[str, MediaLimits | None]]:
    """Every place below an object; where a file stands, with its limits, and with empty ones where it has none."""
    for prop in objects[wire].properties:
        for steps, end in _ends(prop.shape):
            place = ".".join([*([above] if above else []), prop.wire_name, *steps])
            yield place, (prop.media or MediaLimits()) if _takes_file(end) else None
            if isinstance(end, RefShape) and end.name not in (*within, wire):
                yield from _fields(objects, end.name, place, (*within, wire))


def _ends(shape: Shape, steps: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Shape]]:
    """The texts and objects in a shape, with the steps that lead there."""
    match shape:
        case StringShape() | RefShape():
            yield steps, shape
        case ArrayShape(items=inner) | MapShape(values=inner):
            yield from _ends(inner, (*steps, "*"))
        case UnionShape(members=members):
            for member in members:
                yield from _ends(member, steps)
        case _:
            pass

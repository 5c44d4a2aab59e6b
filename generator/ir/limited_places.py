"""Where in an input files stand that must be like fal says, and how that is emitted (a part of stage lower)."""

# design: Where do the limits of media stand?

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ..media_limits import MediaLimits, looser, numbers
from ..shapes import ArrayShape, MapShape, RefShape, Shape, StringShape, UnionShape
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
            takes_file = isinstance(end, StringShape) and end.takes_file
            yield place, (prop.media or MediaLimits()) if takes_file else None
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

"""Every place of an output that holds a file: where, how many deep, and what kind of file that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpus.corpus import normalized
from generator.ir.identifiers import field_names
from generator.ir.lower import scopes
from generator.ir.name import endpoint_name
from generator.parse.media import PLAIN, media_of
from generator.parse.output_files import is_file
from generator.parse.structure import mentions
from generator.shapes import Media, NullShape, ObjectDef, Shape, references, union

if TYPE_CHECKING:
    from generator.parse.normalize import Normalized


@dataclass(frozen=True)
class Place:
    """A file in a field of an output.

    Attributes:
        owner: The type that has the field, and `owner_class` what the endpoint's module calls it.
        file_class: What that module calls the file's class.
        told_by: `type`, `field`, or nothing where the kind is not known.
    """

    endpoint_id: str
    owner: str
    owner_class: str
    field: str
    attribute: str
    shape: Shape
    file: ObjectDef
    file_class: str
    media: Media | None
    told_by: str
    description: str

    @property
    def label(self) -> str:
        return f"{self.endpoint_id} {self.owner}.{self.field}"


@cache
def places() -> tuple[Place, ...]:
    """All of them, over all documents."""
    return tuple(place for endpoint_id, one in normalized().items() for place in _places(endpoint_id, one))


def _places(endpoint_id: str, one: Normalized) -> list[Place]:
    _, names = scopes(one, endpoint_name(endpoint_id))
    found: list[Place] = []
    for owner in _reached(one):
        definition = one.objects[owner]
        classes = [names[ref] for ref in mentions(definition)]
        attributes = field_names((p.wire_name for p in definition.properties), model=True, classes=classes)
        for prop in definition.properties:
            files = [one.objects[ref] for ref in references(prop.shape) if is_file(one.objects[ref].properties)]
            found += [
                Place(
                    endpoint_id=endpoint_id,
                    owner=owner,
                    owner_class=names[owner],
                    field=prop.wire_name,
                    attribute=attributes[prop.wire_name],
                    shape=prop.shape if prop.required else union([prop.shape, NullShape()]),
                    file=file,
                    file_class=names[file.wire_name],
                    media=(media := media_of(file)),
                    told_by="" if media is None else "field" if file.wire_name in PLAIN.values() else "type",
                    description=prop.prose.description,
                )
                for file in files
            ]
    return found


def _reached(one: Normalized) -> list[str]:
    seen: dict[str, None] = {}
    waiting = references(one.output)
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen[name] = None
            waiting += mentions(one.objects[name])
    return list(seen)

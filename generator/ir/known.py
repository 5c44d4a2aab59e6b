"""What must be known of one document to decide about all of them together: its types by structure, not what they say.

It is little, so it is remembered from run to run (`remembered.py`), and the rest of a document is read where it is
needed. A part of stage share.
"""

# design: What does one changed document cost?

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ..parse.about import About, about
from ..parse.output_files import own_part
from ..parse.structure import digests, mentions, reached
from ..shapes import ObjectDef, references
from .identifiers import class_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..parse.normalize import Normalized


class Kind(Enum):
    """Inputs and outputs are different kinds of type, even where they look the same."""

    PARAMS = "params"
    MODELS = "models"


class Outline(NamedTuple):
    """One of a document's object types.

    Attributes:
        name: What it would be called.
        digest: Of its structure.
        mentions: The types that it mentions, by their names in the document.
    """

    name: str
    digest: str
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An endpoint, as far as it must be known to decide about all.

    Attributes:
        id: Its id.
        origin: A hash of its document, and of what is said of it elsewhere.
        outlines: By kind, the object types that its roots reach, by their names in the document; not the roots.
        define: What gives the definition of one of them.
        about: What editors say of it.
    """

    id: str
    origin: str
    outlines: Mapping[Kind, Mapping[str, Outline]]
    define: Callable[[Kind, str], ObjectDef]
    about: About


def know(one: Normalized) -> Known:
    """What must be known of a document that was read."""

    def define(kind: Kind, wire: str) -> ObjectDef:
        return objects_of(one, kind)[wire]

    roots = {Kind.PARAMS: [one.input], Kind.MODELS: references(one.output)}
    return Known(
        id=one.id,
        origin="",
        outlines={kind: _outlines(one, kind, roots[kind]) for kind in Kind},
        define=define,
        about=about(one),
    )


def objects_of(one: Normalized, kind: Kind) -> Mapping[str, ObjectDef]:
    """A document's object types as one kind of class has them."""
    if kind is Kind.PARAMS:
        return one.objects
    return {wire: own_part(definition) for wire, definition in one.objects.items()}


def _outlines(one: Normalized, kind: Kind, roots: list[str]) -> dict[str, Outline]:
    objects = objects_of(one, kind)
    below = [wire for wire in reached(roots, objects) if wire not in roots]
    structure = digests(objects, outputs=kind is Kind.MODELS, of=below)
    return {wire: Outline(class_name(wire), structure[wire], tuple(mentions(objects[wire]))) for wire in below}

"""Which output files are pictures, videos or sounds (a part of stage normalize).

A type tells by its name (`ImageFile`), else by its fields. fal types most videos and sounds as a plain `File`: there
the field that holds it tells. So kind belongs to the reference: of a `File` in a field `video` a type of its own is
made, `PlainVideo`, with the same fields; in a field `weights` it stays a `File`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from ..shapes import (
    AnyShape,
    EnumShape,
    IntegerShape,
    Media,
    NullShape,
    NumberShape,
    StringShape,
    UnionShape,
    references,
    rename,
)
from .output_files import is_file
from .structure import reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..shapes import ObjectDef, Property, Shape


# What fal calls a file of which it says no more.
FILE = "File"
# What such a file is called where the field that holds it tells: an edit renames public classes.
PLAIN = {Media.IMAGE: "PlainImage", Media.VIDEO: "PlainVideo", Media.AUDIO: "PlainAudio"}

# The last word of a name tells: a `preview_image` is one, an `image_zip` or a `mask_1_mesh` is none.
_WORDS: dict[str, Media] = {
    **dict.fromkeys(("image", "picture", "photo", "thumbnail", "texture", "mask"), Media.IMAGE),
    **dict.fromkeys(("video",), Media.VIDEO),
    **dict.fromkeys(("audio", "sound", "music", "speech", "song", "vocals", "instrumental", "stem"), Media.AUDIO),
}
# Words behind the one that tells.
_SILENT = frozenset({"file", "files", "output", "item", "url", "urls"})


class Told(NamedTuple):
    """A field of which the name does not tell, or not the truth."""

    media: Media | None
    reason: str


# `Component.field`, with `*` for any part, of the type that has the field.
EXCEPTIONS: dict[str, Told] = {
    "Demucs*.*": Told(Media.AUDIO, "the stems of a song, each by its instrument; one is `other`"),
    "SamAudio*.target": Told(Media.AUDIO, "the sound that was asked for, taken out of the rest"),
    "SamAudio*.residual": Told(Media.AUDIO, "the rest"),
    "Sa2va*VideoOutput.masks": Told(Media.VIDEO, "a mask for each frame"),
    "TextureFiles.*": Told(Media.IMAGE, "the maps of a material, each by what it says of a surface"),
}

# What the bases in templates/runtime/files/remote_file.py promise of each field, if it is there.
_FILE = {"content_type": str, "file_name": str, "file_size": int}
PROMISED: dict[Media, dict[str, type]] = {
    Media.IMAGE: {**_FILE, "width": int, "height": int},
    Media.VIDEO: {**_FILE, "width": int, "height": int, "duration": float, "fps": float},
    Media.AUDIO: {**_FILE, "duration": float, "sample_rate": int, "channels": int},
}


def media_of(definition: ObjectDef) -> Media | None:
    """What the files of a type are, as far as its name or its fields tell."""
    if not is_file(definition.properties):
        return None
    media = _told(definition.wire_name) or _told_by_fields({p.wire_name for p in definition.properties})
    return media if media is not None and _keeps(media, definition.properties) else None


def media_of_field(owner: str, field: str) -> Media | None:
    """What a plain file in a field is; `owner` is the type that has the field."""
    for pattern, exception in EXCEPTIONS.items():
        if fnmatchcase(f"{owner}.{field}", pattern):
            return exception.media
    return _told(field)


def tell_media(
    objects: Mapping[str, ObjectDef],
    roots: Iterable[str],
    taken: Iterable[str],
    spend: Callable[[int, ObjectDef], None],
) -> dict[str, ObjectDef]:
    """The object types of a document, with types of their own for plain files whose field tells what they are.

    Args:
        objects: The object types.
        roots: Those that the output can be.
        taken: Names that the document has.
        spend: Called with the number of types and the new one, for each that is made.
    """
    file = objects.get(FILE)
    if file is None or not is_file(file.properties):
        return dict(objects)
    found = dict(objects)
    names = {media: _free(name, {*taken, *objects}) for media, name in PLAIN.items()}
    for owner in reached(roots, objects):
        properties = tuple(_in_place(owner, prop, file, names) for prop in objects[owner].properties)
        found[owner] = replace(objects[owner], properties=properties)
        for name in {ref: None for prop in properties for ref in references(prop.shape)}:
            if name not in found:
                found[name] = replace(file, wire_name=name)
                spend(len(found), found[name])
    return found


def _in_place(owner: str, prop: Property, file: ObjectDef, names: Mapping[Media, str]) -> Property:
    media = media_of_field(owner, prop.wire_name)
    if media is None or not _keeps(media, file.properties):
        return prop
    return replace(prop, shape=rename(prop.shape, {FILE: names[media]}))


def _free(name: str, taken: Iterable[str]) -> str:
    while name in taken:
        name += "_"
    return name


# --- names ------------------------------------------------------------------------------------------------------------


def _told(name: str) -> Media | None:
    """What the last word of a name tells: `VideoFile`, `input_video`, `images`, `Video-Output`, `mask_2`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    while words and words[-1].lower() in _SILENT:
        words.pop()
    last = words[-1].lower() if words else ""
    return _WORDS.get(last) or _WORDS.get(last.removesuffix("s"))


def _told_by_fields(names: set[str]) -> Media | None:
    if names & {"sample_rate", "channels"} and not names & {"width", "height", "fps"}:
        return Media.AUDIO
    if names & {"fps", "num_frames"}:
        return Media.VIDEO
    return Media.IMAGE if {"width", "height"} <= names else None


# --- fields -----------------------------------------------------------------------------------------------------------


def _keeps(media: Media, properties: Iterable[Property]) -> bool:
    """Whether a type that has these fields can be below a base: what it has is what the base says of it."""
    promised = PROMISED[media]
    return all(_is(p.shape, promised[p.wire_name]) for p in properties if p.wire_name in promised)


def _is(shape: Shape, type_: type) -> bool:
    match shape:
        case AnyShape() | NullShape():
            return True
        case StringShape():
            return type_ is str
        case IntegerShape():
            return type_ is not str  # an int is a float to type checkers
        case NumberShape():
            return type_ is float
        case EnumShape(members=members):
            return all(type(member) is type_ or (type(member) is int and type_ is float) for member in members)
        case UnionShape(members=members):
            return all(_is(member, type_) for member in members)
        case _:
            return False

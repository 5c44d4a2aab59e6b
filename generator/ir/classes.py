"""The classes of a module: their fields with names, types and words (a part of stage lower)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from ..diagnostics import Source
from ..parse.media import FILE, PLAIN, media_of
from ..parse.output_files import is_file, own_part
from ..parse.structure import may_be_none, mentions
from ..project.file_inputs import Takes
from ..shapes import Media, NullShape, ObjectDef, references, rename, taking_file, union, with_models
from . import nodes
from .docstrings import facts, join, shown_values
from .identifiers import field_names
from .share import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..json_text import Json
    from ..project.file_inputs import FileTable
    from ..shapes import Property

# What the runtime takes for a URL (`files/file_input.py`).
_URLS = ("https://", "http://", "data:")
_ARTICLES = {Media.IMAGE: "a picture", Media.VIDEO: "a video", Media.AUDIO: "a sound"}


def names_of_fields(definition: ObjectDef, kind: Kind, scope: dict[str, str]) -> dict[str, str]:
    """Python names for the properties of an object type, in a module that calls what it mentions as in `scope`."""
    classes = {scope[ref] for ref in mentions(definition)}
    return field_names((p.wire_name for p in definition.properties), model=kind is Kind.MODELS, classes=classes)


def with_files(definition: ObjectDef, kind: Kind, files: FileTable) -> ObjectDef:
    """A definition as its class has it: the files of an input told from other texts, an output without `file_data`."""
    if kind is Kind.MODELS:
        return own_part(definition)
    told = tuple(_with_file(prop, definition.wire_name, files) for prop in definition.properties)
    return replace(definition, properties=told)


def _with_file(prop: Property, component: str, files: FileTable) -> Property:
    takes = Takes(prop.exception) if prop.exception else files.takes(component, prop.wire_name, marked=prop.marked)
    if takes is Takes.TEXT:
        return prop
    return replace(prop, shape=taking_file(prop.shape, or_name=takes is Takes.FILE_OR_NAME or _shows_other_text(prop)))


def _shows_other_text(prop: Property) -> bool:
    """Whether a default or an example is a text that is no URL: that cannot be wrong, whatever the name says."""
    shown: list[Json] = [json.loads(text) for text in (*prop.prose.examples, prop.default or "null")]
    return any(
        isinstance(text, str) and not text.lower().startswith(_URLS)
        for value in shown
        for text in (value if isinstance(value, list) else [value])
    )


def taking_models(definition: ObjectDef, models: dict[str, str]) -> ObjectDef:
    """A definition whose object types may be given as their models, too, where they have one in the table."""
    # Behind a field that is called as a class the class's name means the field; a field's name follows from its own.
    fields = {p.wire_name for p in definition.properties}
    seen = {wire: model for wire, model in models.items() if model not in fields}
    return replace(
        definition,
        properties=tuple(replace(p, shape=with_models(p.shape, seen)) for p in definition.properties),
        extra=None if definition.extra is None else with_models(definition.extra, seen),
    )


def lower_class(
    definition: ObjectDef,
    name: str,
    kind: Kind,
    scope: dict[str, str],
    path: str,
    *,
    undefined: set[str],
    note: str = "",
    words: Mapping[str, tuple[str, ...]] | None = None,
) -> nodes.Class:
    """One class, in a module that calls what it mentions as in `scope`.

    Args:
        definition: What it says.
        name: What it is called there.
        kind: What kind of type it is.
        scope: The names of object types in the module, by those that the definition has for them.
        path: Its document.
        undefined: The names of classes that are not defined yet where it stands.
        note: What is said of it besides its own words.
        words: Lines for the docstrings of some fields, by wire name.
    """
    names = names_of_fields(definition, kind, scope)
    return nodes.Class(
        name=name,
        wire_name=definition.wire_name,
        kind=kind,
        is_file=kind is Kind.MODELS and is_file(definition.properties),
        media=media_of(definition) if kind is Kind.MODELS else None,
        extra=None if definition.extra is None else rename(definition.extra, scope),
        fields=tuple(
            _field(prop, names[prop.wire_name], kind, scope, path, undefined, (words or {}).get(prop.wire_name, ()))
            for prop in definition.properties
        ),
        doc=join(definition.prose.description, _plain(definition) if kind is Kind.MODELS else "", note),
        source=Source(path=path, pointer=definition.pointer),
    )


def _plain(definition: ObjectDef) -> str:
    """What is to say of a type that no document has, see `parse/media.py`."""
    media = next((media for media, name in PLAIN.items() if name == definition.wire_name), None)
    return f"A `{FILE}` that is {_ARTICLES[media]}, as the fields say that hold it." if media is not None else ""


def _field(
    prop: Property,
    name: str,
    kind: Kind,
    scope: dict[str, str],
    path: str,
    undefined: set[str],
    words: tuple[str, ...],
) -> nodes.Field:
    shape = rename(prop.shape, scope)
    if kind is Kind.MODELS:
        required = not may_be_none(prop)
        shape = shape if required else union([shape, NullShape()])  # what the server leaves out reads as None
    else:  # A required input with a default is optional to a caller: the server fills it in.
        required = prop.required and prop.default is None
    return nodes.Field(
        name=name,
        wire_name=prop.wire_name,
        shape=shape,
        required=required,
        doc=join(prop.prose.description),
        facts=(*words, *facts(prop, output=kind is Kind.MODELS)),
        shown=shown_values(prop),
        quoted=not undefined.isdisjoint(references(shape)),
        source=Source(path=path, pointer=prop.pointer),
    )

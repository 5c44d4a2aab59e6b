"""The classes of a module: their fields with names, types and words (a part of stage lower)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..diagnostics import Source
from ..parse.structure import mentions
from ..project.file_inputs import Takes
from ..shapes import NullShape, ObjectDef, StringShape, references, rename, taking_file, union
from . import nodes
from .docstrings import facts, join, shown_values
from .identifiers import field_names
from .share import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..project.file_inputs import FileTable
    from ..shapes import Property


def names_of_fields(definition: ObjectDef, kind: Kind, scope: dict[str, str]) -> dict[str, str]:
    """Python names for the properties of an object type, in a module that calls what it mentions as in `scope`."""
    classes = {scope[ref] for ref in mentions(definition)}
    return field_names((p.wire_name for p in definition.properties), model=kind is Kind.MODELS, classes=classes)


def with_files(definition: ObjectDef, kind: Kind, files: FileTable) -> ObjectDef:
    """An input type's definition with the files among its properties told from other texts."""
    if kind is Kind.MODELS:
        return definition
    told = tuple(_with_file(prop, definition.wire_name, files) for prop in definition.properties)
    return replace(definition, properties=told)


def _with_file(prop: Property, component: str, files: FileTable) -> Property:
    takes = Takes(prop.exception) if prop.exception else files.takes(component, prop.wire_name, marked=prop.marked)
    if takes is Takes.TEXT:
        return prop
    return replace(prop, shape=taking_file(prop.shape, or_name=takes is Takes.FILE_OR_NAME))


def lower_class(
    definition: ObjectDef,
    name: str,
    kind: Kind,
    scope: dict[str, str],
    path: str,
    *,
    undefined: set[str],
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
        words: Lines for the docstrings of some fields, by wire name.
    """
    names = names_of_fields(definition, kind, scope)
    return nodes.Class(
        name=name,
        wire_name=definition.wire_name,
        kind=kind,
        is_file=kind is Kind.MODELS and is_file(definition.properties),
        extra=None if definition.extra is None else rename(definition.extra, scope),
        fields=tuple(
            _field(prop, names[prop.wire_name], kind, scope, path, undefined, (words or {}).get(prop.wire_name, ()))
            for prop in definition.properties
        ),
        doc=join(definition.prose.description),
        source=Source(path=path, pointer=definition.pointer),
    )


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
    if kind is Kind.MODELS and not prop.required:
        shape = union([shape, NullShape()])  # what the server leaves out reads as None
    # A required input with a default is optional to a caller: the server fills it in.
    required = prop.required and (kind is Kind.MODELS or prop.default is None)
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


def is_file(properties: Iterable[Property]) -> bool:
    """Whether an output is a file to download: a string `url`, and any of its type, name or size."""
    shapes = {p.wire_name: p for p in properties}
    url = shapes.get("url")
    described = shapes.keys() & {"content_type", "file_name", "file_size"}
    return url is not None and url.required and isinstance(url.shape, StringShape) and bool(described)

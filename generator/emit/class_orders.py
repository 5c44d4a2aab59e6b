"""What datamodel-code-generator is asked for: each class, with all that its template writes (of stage models)."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, TypedDict

from ..ir.share import Kind
from ..literals import docstring, literal
from ..project.cache import key_of
from ..shapes import Media
from .annotations import annotation

if TYPE_CHECKING:
    from pathlib import Path

    from ..ir import nodes

# Under this name the templates are given it.
EXTENSION = "fal_typed"
_BASES = {Media.IMAGE: "AnyImage", Media.VIDEO: "AnyVideo", Media.AUDIO: "AnyAudio"}


class FieldExtension(TypedDict):
    """What a template gets of a field: its lines are written already."""

    name: str
    annotation: str
    value: str
    doc: str


class Extension(TypedDict):
    """What a template gets of a class."""

    name: str
    keywords: str
    doc: str
    fields: list[FieldExtension]


class Order:
    """A class to be made.

    Args:
        cls: The class.
        tools: What `tools_key` gave.

    Attributes:
        kind: Whether it becomes a TypedDict or a model.
        extension: What its template gets: the keywords and docstring of the class, and its fields in their order.
        key: The key of all that.
    """

    def __init__(self, cls: nodes.Class, tools: str) -> None:
        self.kind = cls.kind
        self.extension = _class_extension(cls)
        self.key = key_of(tools, cls.kind.value, json.dumps(self.extension))


def _class_extension(cls: nodes.Class) -> Extension:
    nothing = "" if cls.fields else "pass"
    return {
        "name": cls.name,
        "keywords": _keywords(cls),
        "doc": docstring(cls.doc, indent=4) if cls.doc else nothing,
        "fields": [_field_extension(field, cls.kind) for field in cls.fields],
    }


def _keywords(cls: nodes.Class) -> str:
    if cls.kind is Kind.MODELS:
        bases = [_BASES[cls.media]] if cls.media is not None else ["RemoteFile"] if cls.is_file else []
        bases += ["OpenModel"] if cls.extra is not None else []
        return f"({', '.join(bases or ['FalModel'])}):"
    if cls.extra is None:
        return "(TypedDict, total=False, closed=True):"
    # mypy does not know PEP 728's `extra_items` yet, and would refuse the class.
    return f"(TypedDict, total=False, extra_items={annotation(cls.extra, cls.kind)}):  # type: ignore[call-arg]"


def _field_extension(field: nodes.Field, kind: Kind) -> FieldExtension:
    text = annotation(field.shape, kind, quoted=field.quoted)
    if field.name != field.wire_name:
        text = f"Annotated[{text}, Field(alias={literal(field.wire_name)})]"
    if field.quoted:
        text = literal(text)
    if kind is Kind.PARAMS and field.required:
        text = f"Required[{text}]"
    return {
        "name": field.name,
        "annotation": text,
        "value": " = None" if kind is Kind.MODELS and not field.required else "",
        "doc": docstring(field.doc, *field.facts, indent=4) if field.doc or field.facts else "",
    }


def tools_key(templates: Path) -> str:
    """What shapes a class besides its own content."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((templates / "models").rglob("*.jinja2"))]
    return key_of(version("datamodel-code-generator"), version("jinja2"), texts)

"""Shapes written as Python annotations."""

# design: Who writes the annotations?

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from ..ir.share import Kind
from ..literals import literal
from ..shapes import (
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

if TYPE_CHECKING:
    from ..json_text import Json


def annotation(shape: Shape, kind: Kind, *, quoted: bool = False) -> str:  # noqa: C901  (one case for each shape)
    """The annotation of a value of this shape.

    What goes in is named by what it must offer (any sequence that is no string, any mapping); what comes out by what it
    is (`list`, `dict`). A limit stands on the very type it limits: around a union pydantic would refuse the others.

    Args:
        shape: The shape.
        kind: Whether it goes in or comes out.
        quoted: Whether the annotation will stand in quotes; there are none in quotes.
    """
    match shape:
        case AnyShape():
            return "Any"
        case NullShape():
            return "None"
        case BooleanShape():
            return "bool"
        case IntegerShape(bounds=bounds):
            return _annotated("int", _bounds(bounds))
        case NumberShape(bounds=bounds):
            return _annotated("float", _bounds(bounds))
        case StringShape():
            limits: dict[str, Json] = {
                "min_length": shape.min_length,
                "max_length": shape.max_length,
                "pattern": shape.pattern,
            }
            text = _annotated("str", limits)
            if not shape.takes_file:
                return text
            if text != "str":  # the limits are those of a URL
                check = "NO_PATH" if shape.takes_name else "URL_ONLY"
                return f"{text.removesuffix(']')}, {check}] | LocalFile"
            return "FileOrName" if shape.takes_name else "FileInput"
        case EnumShape(members=members):
            text = f"Literal[{', '.join(literal(member) for member in members)}]"
            lookalikes = kind is Kind.PARAMS and any(isinstance(member, int) for member in members)
            return f"Annotated[{text}, SAME_TYPE]" if lookalikes else text
        case ArrayShape():
            container = "SequenceNotStr" if kind is Kind.PARAMS else "list"
            text = f"{container}[{annotation(shape.items, kind, quoted=quoted)}]"
            limited = _annotated(text, {"min_length": shape.min_items, "max_length": shape.max_items})
            return f"Annotated[{limited}, UNIQUE_ITEMS]" if shape.unique and kind is Kind.PARAMS else limited
        case MapShape(values=values):
            return f"{'Mapping' if kind is Kind.PARAMS else 'dict'}[str, {annotation(values, kind, quoted=quoted)}]"
        case UnionShape(members=members):
            return " | ".join(annotation(member, kind, quoted=quoted) for member in members)
        case RefShape(name=name, model=model):
            if not model or kind is Kind.MODELS:
                return name
            return f"OrModel[{name}, {model if quoted else literal(model)}]"  # models stand behind what goes in
        case _:
            assert_never(shape)


def _bounds(bounds: Bounds) -> dict[str, Json]:
    return {"ge": bounds.ge, "gt": bounds.gt, "le": bounds.le, "lt": bounds.lt, "multiple_of": bounds.multiple_of}


def _annotated(text: str, limits: dict[str, Json]) -> str:
    given = ", ".join(f"{name}={literal(value)}" for name, value in limits.items() if value is not None)
    return f"Annotated[{text}, Field({given})]" if given else text

"""What the pages call a type: as Python writes it, without what stands beside it in a table of its own."""

from __future__ import annotations

from typing import assert_never

from ...shapes import (
    AnyShape,
    ArrayShape,
    BooleanShape,
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


def type_name(shape: Shape) -> str:  # noqa: C901  (one case for each shape)
    """The type of a value of this shape: `int | None`, `list[Image]`, `Literal[…]`.

    Limits and members are left out. An input's `SequenceNotStr[str]` is `list[str]` here: what people write.
    """
    match shape:
        case AnyShape():
            return "Any"
        case NullShape():
            return "None"
        case BooleanShape():
            return "bool"
        case IntegerShape():
            return "int"
        case NumberShape():
            return "float"
        case StringShape():
            if not shape.takes_file:
                return "str"
            return "FileOrName" if shape.takes_name else "FileInput"
        case EnumShape():
            return "Literal[…]"
        case ArrayShape(items=items):
            return f"list[{type_name(items)}]"
        case MapShape(values=values):
            return f"dict[str, {type_name(values)}]"
        case UnionShape(members=members):
            return " | ".join(dict.fromkeys(type_name(member) for member in members))
        case RefShape(name=name):
            return name
        case _:
            assert_never(shape)

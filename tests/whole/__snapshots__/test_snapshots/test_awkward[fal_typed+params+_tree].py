# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`Tree`: what endpoints take."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from .._runtime.emitted import SequenceNotStr

__all__ = ["Tree"]


class Tree(TypedDict, total=False, closed=True):
    children: "SequenceNotStr[Tree]"

    parent: "Tree | None"

    class_: Annotated[str, Field(alias="class")]

# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`Tree`: what endpoints answer with."""

from typing import Annotated

from pydantic import Field

from .._runtime.emitted import FalModel

__all__ = ["Tree"]


class Tree(FalModel):
    children: "list[Tree] | None" = None

    parent: "Tree | None" = None

    class_: Annotated[str | None, Field(alias="class")] = None

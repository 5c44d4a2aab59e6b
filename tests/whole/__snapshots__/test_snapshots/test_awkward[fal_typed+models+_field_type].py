# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`FieldType`: what endpoints answer with and their documents call `Field`."""

from typing import Annotated

from pydantic import Field

from .._runtime.emitted import FalModel

__all__ = ["FieldType"]


class FieldType(FalModel):
    Any_: Annotated[str | None, Field(alias="Any")] = None

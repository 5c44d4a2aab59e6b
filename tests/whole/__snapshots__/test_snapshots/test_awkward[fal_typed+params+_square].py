# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`Square`: what endpoints take."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict

__all__ = ["Square"]


class Square(TypedDict, total=False, closed=True):
    shape_type_xa78ff323: Required[Annotated[Literal["square"], Field(alias="shape-type")]]

    a: float

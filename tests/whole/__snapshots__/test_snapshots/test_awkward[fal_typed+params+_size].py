# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`Size`: what endpoints take."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

__all__ = ["Size"]


class Size(TypedDict, total=False, closed=True):
    height: Annotated[int, Field(gt=0, le=14142)]
    """Default: `512`. Range: above 0, at most 14142."""

    width: Annotated[int, Field(gt=0, le=14142)]
    """Default: `512`. Range: above 0, at most 14142."""

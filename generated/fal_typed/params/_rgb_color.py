# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`RGBColor`: what endpoints take."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

__all__ = ["RGBColor"]


class RGBColor(TypedDict, total=False, closed=True):
    r: Annotated[int, Field(ge=0, le=255)]
    """Red color value

    Default: `0`. Range: 0 to 255.
    """

    g: Annotated[int, Field(ge=0, le=255)]
    """Green color value

    Default: `0`. Range: 0 to 255.
    """

    b: Annotated[int, Field(ge=0, le=255)]
    """Blue color value

    Default: `0`. Range: 0 to 255.
    """

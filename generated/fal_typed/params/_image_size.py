# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`ImageSize`: what endpoints take."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

__all__ = ["ImageSize"]


class ImageSize(TypedDict, total=False, closed=True):
    width: Annotated[int, Field(gt=0, le=14142)]
    """The width of the generated image.

    Default: `512`. Range: above 0, at most 14142.
    """

    height: Annotated[int, Field(gt=0, le=14142)]
    """The height of the generated image.

    Default: `512`. Range: above 0, at most 14142.
    """

# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`LoraWeight`: what endpoints take."""

from typing import Annotated

from pydantic import Field
from typing_extensions import Required, TypedDict

from .._runtime.emitted import FileOrName

__all__ = ["LoraWeight"]


class LoraWeight(TypedDict, total=False, closed=True):
    path: Required[FileOrName]
    """URL or the path to the LoRA weights."""

    scale: Annotated[float, Field(ge=0, le=4)]
    """The scale of the LoRA weight. This is used to scale the LoRA weight before merging it with the
    base model.

    Default: `1`. Range: 0 to 4.
    """

# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`LoraWeightWithName`: what endpoints take and their documents call `LoraWeight`."""

from typing import Annotated

from pydantic import Field
from typing_extensions import Required, TypedDict

from .._runtime.emitted import FileOrName

__all__ = ["LoraWeightWithName"]


class LoraWeightWithName(TypedDict, total=False, closed=True):
    """As `LoraWeight`, but with weight_name."""

    path: Required[FileOrName]
    """URL or the path to the LoRA weights."""

    weight_name: str | None
    """Name of the LoRA weight. Used only if path is a Hugging Face repository, and required only if
    you have more than 1 safetensors file in the repo.
    """

    scale: Annotated[float, Field(ge=0, le=4)]
    """The scale of the LoRA weight. This is used to scale the LoRA weight before merging it with the
    base model.

    Default: `1`. Range: 0 to 4.
    """

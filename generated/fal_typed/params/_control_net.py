# Generated from specs/types.lock by `python -m generator regenerate`; do not edit.
"""`ControlNet`: what endpoints take."""

from typing import Annotated

from pydantic import Field
from typing_extensions import Required, TypedDict

from .._runtime.emitted import FileInput, FileOrName

__all__ = ["ControlNet"]


class ControlNet(TypedDict, total=False, closed=True):
    path: Required[FileOrName]
    """URL or the path to the control net weights."""

    control_image_url: Required[FileInput]
    """URL of the image to be used as the control image."""

    conditioning_scale: Annotated[float, Field(ge=0, le=2)]
    """The scale of the control net weight. This is used to scale the control net weight before merging
    it with the base model.

    Default: `1`. Range: 0 to 2.
    """

    start_percentage: Annotated[float, Field(ge=0, le=1)]
    """The percentage of the image to start applying the controlnet in terms of the total timesteps.

    Default: `0`. Range: 0 to 1.
    """

    end_percentage: Annotated[float, Field(ge=0, le=1)]
    """The percentage of the image to end applying the controlnet in terms of the total timesteps.

    Default: `1`. Range: 0 to 1.
    """

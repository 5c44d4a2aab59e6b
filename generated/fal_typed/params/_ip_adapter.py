# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`IPAdapter`: what endpoints take."""

from typing import Annotated

from pydantic import Field
from typing_extensions import Required, TypedDict

from .._runtime.emitted import FileInput

__all__ = ["IPAdapter"]


class IPAdapter(TypedDict, total=False, closed=True):
    path: Required[str]
    """Hugging Face path to the IP-Adapter"""

    subfolder: str | None
    """Subfolder in which the ip_adapter weights exist"""

    weight_name: str | None
    """Name of the safetensors file containing the ip-adapter weights"""

    image_encoder_path: Required[str]
    """Path to the Image Encoder for the IP-Adapter, for example 'openai/clip-vit-large-patch14'"""

    image_encoder_subfolder: str | None
    """Subfolder in which the image encoder weights exist."""

    image_encoder_weight_name: str | None
    """Name of the image encoder."""

    image_url: Required[FileInput]
    """URL of Image for IP-Adapter conditioning."""

    mask_image_url: FileInput | None
    """URL of the mask for the control image."""

    mask_threshold: Annotated[float, Field(ge=0.01, le=0.99)]
    """Threshold for mask.

    Default: `0.5`. Range: 0.01 to 0.99.
    """

    scale: Required[float]
    """Scale for ip adapter."""

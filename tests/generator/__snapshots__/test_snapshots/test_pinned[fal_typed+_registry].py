# Generated from specs/ by `python -m generator regenerate`; do not edit.
"""Every endpoint by its id: the module it lives in and its class there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = {
    "fal-ai/flux-1/schnell": ("flux_1.schnell", "Flux1Schnell"),
    "fal-ai/imagen4/preview": ("imagen4.preview", "Imagen4Preview"),
    "fal-ai/imagen4/preview/fast": ("imagen4.preview.fast", "Imagen4PreviewFast"),
    "fal-ai/recraft/v2/text-to-image": ("recraft.v2.text_to_image", "RecraftV2TextToImage"),
    "fal-ai/stable-diffusion-v35-large": ("stable_diffusion_v35_large", "StableDiffusionV35Large"),
}

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    from .endpoints.flux_1.schnell import AsyncFlux1Schnell, Flux1Schnell
    from .endpoints.imagen4.preview import AsyncImagen4Preview, Imagen4Preview
    from .endpoints.imagen4.preview.fast import AsyncImagen4PreviewFast, Imagen4PreviewFast
    from .endpoints.recraft.v2.text_to_image import AsyncRecraftV2TextToImage, RecraftV2TextToImage
    from .endpoints.stable_diffusion_v35_large import AsyncStableDiffusionV35Large, StableDiffusionV35Large

    Registry = TypedDict(
        "Registry",
        {
            "fal-ai/flux-1/schnell": Flux1Schnell,
            "fal-ai/imagen4/preview": Imagen4Preview,
            "fal-ai/imagen4/preview/fast": Imagen4PreviewFast,
            "fal-ai/recraft/v2/text-to-image": RecraftV2TextToImage,
            "fal-ai/stable-diffusion-v35-large": StableDiffusionV35Large,
        },
    )

    AsyncRegistry = TypedDict(
        "AsyncRegistry",
        {
            "fal-ai/flux-1/schnell": AsyncFlux1Schnell,
            "fal-ai/imagen4/preview": AsyncImagen4Preview,
            "fal-ai/imagen4/preview/fast": AsyncImagen4PreviewFast,
            "fal-ai/recraft/v2/text-to-image": AsyncRecraftV2TextToImage,
            "fal-ai/stable-diffusion-v35-large": AsyncStableDiffusionV35Large,
        },
    )

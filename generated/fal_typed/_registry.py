# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Every endpoint by its id: the module it lives in and its class there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = {
    "fal-ai/f-lite/standard": ("f_lite.standard", "FLiteStandard"),
    "fal-ai/flux-1/schnell": ("flux_1.schnell", "Flux1Schnell"),
    "fal-ai/hidream-i1-fast": ("hidream_i1_fast", "HidreamI1Fast"),
    "fal-ai/hidream-i1-full": ("hidream_i1_full", "HidreamI1Full"),
    "fal-ai/ideogram/v2": ("ideogram.v2", "IdeogramV2"),
    "fal-ai/illusion-diffusion": ("illusion_diffusion", "IllusionDiffusion"),
    "fal-ai/imagen4/preview": ("imagen4.preview", "Imagen4Preview"),
    "fal-ai/imagen4/preview/fast": ("imagen4.preview.fast", "Imagen4PreviewFast"),
    "fal-ai/nucleus-image": ("nucleus_image", "NucleusImage"),
    "fal-ai/omnigen-v2": ("omnigen_v2", "OmnigenV2"),
    "fal-ai/pixart-sigma": ("pixart_sigma", "PixartSigma"),
    "fal-ai/recraft/v2/text-to-image": ("recraft.v2.text_to_image", "RecraftV2TextToImage"),
    "fal-ai/stable-diffusion-v35-large": ("stable_diffusion_v35_large", "StableDiffusionV35Large"),
}

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    from .endpoints.f_lite.standard import AsyncFLiteStandard, FLiteStandard
    from .endpoints.flux_1.schnell import AsyncFlux1Schnell, Flux1Schnell
    from .endpoints.hidream_i1_fast import AsyncHidreamI1Fast, HidreamI1Fast
    from .endpoints.hidream_i1_full import AsyncHidreamI1Full, HidreamI1Full
    from .endpoints.ideogram.v2 import AsyncIdeogramV2, IdeogramV2
    from .endpoints.illusion_diffusion import AsyncIllusionDiffusion, IllusionDiffusion
    from .endpoints.imagen4.preview import AsyncImagen4Preview, Imagen4Preview
    from .endpoints.imagen4.preview.fast import AsyncImagen4PreviewFast, Imagen4PreviewFast
    from .endpoints.nucleus_image import AsyncNucleusImage, NucleusImage
    from .endpoints.omnigen_v2 import AsyncOmnigenV2, OmnigenV2
    from .endpoints.pixart_sigma import AsyncPixartSigma, PixartSigma
    from .endpoints.recraft.v2.text_to_image import AsyncRecraftV2TextToImage, RecraftV2TextToImage
    from .endpoints.stable_diffusion_v35_large import AsyncStableDiffusionV35Large, StableDiffusionV35Large

    Registry = TypedDict(
        "Registry",
        {
            "fal-ai/f-lite/standard": FLiteStandard,
            "fal-ai/flux-1/schnell": Flux1Schnell,
            "fal-ai/hidream-i1-fast": HidreamI1Fast,
            "fal-ai/hidream-i1-full": HidreamI1Full,
            "fal-ai/ideogram/v2": IdeogramV2,
            "fal-ai/illusion-diffusion": IllusionDiffusion,
            "fal-ai/imagen4/preview": Imagen4Preview,
            "fal-ai/imagen4/preview/fast": Imagen4PreviewFast,
            "fal-ai/nucleus-image": NucleusImage,
            "fal-ai/omnigen-v2": OmnigenV2,
            "fal-ai/pixart-sigma": PixartSigma,
            "fal-ai/recraft/v2/text-to-image": RecraftV2TextToImage,
            "fal-ai/stable-diffusion-v35-large": StableDiffusionV35Large,
        },
    )

    AsyncRegistry = TypedDict(
        "AsyncRegistry",
        {
            "fal-ai/f-lite/standard": AsyncFLiteStandard,
            "fal-ai/flux-1/schnell": AsyncFlux1Schnell,
            "fal-ai/hidream-i1-fast": AsyncHidreamI1Fast,
            "fal-ai/hidream-i1-full": AsyncHidreamI1Full,
            "fal-ai/ideogram/v2": AsyncIdeogramV2,
            "fal-ai/illusion-diffusion": AsyncIllusionDiffusion,
            "fal-ai/imagen4/preview": AsyncImagen4Preview,
            "fal-ai/imagen4/preview/fast": AsyncImagen4PreviewFast,
            "fal-ai/nucleus-image": AsyncNucleusImage,
            "fal-ai/omnigen-v2": AsyncOmnigenV2,
            "fal-ai/pixart-sigma": AsyncPixartSigma,
            "fal-ai/recraft/v2/text-to-image": AsyncRecraftV2TextToImage,
            "fal-ai/stable-diffusion-v35-large": AsyncStableDiffusionV35Large,
        },
    )

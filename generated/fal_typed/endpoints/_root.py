# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints by name."""

from typing import TYPE_CHECKING

from .._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .f_lite import AsyncFLiteNamespace, FLiteNamespace
    from .flux_1 import AsyncFlux1Namespace, Flux1Namespace
    from .hidream_i1_fast import AsyncHidreamI1Fast, HidreamI1Fast
    from .hidream_i1_full import AsyncHidreamI1Full, HidreamI1Full
    from .ideogram import AsyncIdeogramNamespace, IdeogramNamespace
    from .illusion_diffusion import AsyncIllusionDiffusion, IllusionDiffusion
    from .imagen4 import AsyncImagen4Namespace, Imagen4Namespace
    from .nucleus_image import AsyncNucleusImage, NucleusImage
    from .omnigen_v2 import AsyncOmnigenV2, OmnigenV2
    from .pixart_sigma import AsyncPixartSigma, PixartSigma
    from .recraft import AsyncRecraftNamespace, RecraftNamespace
    from .stable_diffusion_v35_large import AsyncStableDiffusionV35Large, StableDiffusionV35Large


__all__ = ["AsyncRoot", "Root"]


class Root(Namespace):
    """Endpoints by name."""

    @property
    def f_lite(self) -> "FLiteNamespace":
        """Endpoints below f_lite."""
        from .f_lite import FLiteNamespace

        return FLiteNamespace(self._session)

    @property
    def flux_1(self) -> "Flux1Namespace":
        """Endpoints below flux_1."""
        from .flux_1 import Flux1Namespace

        return Flux1Namespace(self._session)

    @property
    def hidream_i1_fast(self) -> "HidreamI1Fast":
        """fal-ai/hidream-i1-fast."""
        from .hidream_i1_fast import HidreamI1Fast

        return HidreamI1Fast(self._session)

    @property
    def hidream_i1_full(self) -> "HidreamI1Full":
        """fal-ai/hidream-i1-full."""
        from .hidream_i1_full import HidreamI1Full

        return HidreamI1Full(self._session)

    @property
    def ideogram(self) -> "IdeogramNamespace":
        """Endpoints below ideogram."""
        from .ideogram import IdeogramNamespace

        return IdeogramNamespace(self._session)

    @property
    def illusion_diffusion(self) -> "IllusionDiffusion":
        """fal-ai/illusion-diffusion."""
        from .illusion_diffusion import IllusionDiffusion

        return IllusionDiffusion(self._session)

    @property
    def imagen4(self) -> "Imagen4Namespace":
        """Endpoints below imagen4."""
        from .imagen4 import Imagen4Namespace

        return Imagen4Namespace(self._session)

    @property
    def nucleus_image(self) -> "NucleusImage":
        """fal-ai/nucleus-image."""
        from .nucleus_image import NucleusImage

        return NucleusImage(self._session)

    @property
    def omnigen_v2(self) -> "OmnigenV2":
        """fal-ai/omnigen-v2."""
        from .omnigen_v2 import OmnigenV2

        return OmnigenV2(self._session)

    @property
    def pixart_sigma(self) -> "PixartSigma":
        """fal-ai/pixart-sigma."""
        from .pixart_sigma import PixartSigma

        return PixartSigma(self._session)

    @property
    def recraft(self) -> "RecraftNamespace":
        """Endpoints below recraft."""
        from .recraft import RecraftNamespace

        return RecraftNamespace(self._session)

    @property
    def stable_diffusion_v35_large(self) -> "StableDiffusionV35Large":
        """fal-ai/stable-diffusion-v35-large."""
        from .stable_diffusion_v35_large import StableDiffusionV35Large

        return StableDiffusionV35Large(self._session)


class AsyncRoot(AsyncNamespace):
    """Endpoints by name."""

    @property
    def f_lite(self) -> "AsyncFLiteNamespace":
        """Endpoints below f_lite."""
        from .f_lite import AsyncFLiteNamespace

        return AsyncFLiteNamespace(self._session)

    @property
    def flux_1(self) -> "AsyncFlux1Namespace":
        """Endpoints below flux_1."""
        from .flux_1 import AsyncFlux1Namespace

        return AsyncFlux1Namespace(self._session)

    @property
    def hidream_i1_fast(self) -> "AsyncHidreamI1Fast":
        """fal-ai/hidream-i1-fast."""
        from .hidream_i1_fast import AsyncHidreamI1Fast

        return AsyncHidreamI1Fast(self._session)

    @property
    def hidream_i1_full(self) -> "AsyncHidreamI1Full":
        """fal-ai/hidream-i1-full."""
        from .hidream_i1_full import AsyncHidreamI1Full

        return AsyncHidreamI1Full(self._session)

    @property
    def ideogram(self) -> "AsyncIdeogramNamespace":
        """Endpoints below ideogram."""
        from .ideogram import AsyncIdeogramNamespace

        return AsyncIdeogramNamespace(self._session)

    @property
    def illusion_diffusion(self) -> "AsyncIllusionDiffusion":
        """fal-ai/illusion-diffusion."""
        from .illusion_diffusion import AsyncIllusionDiffusion

        return AsyncIllusionDiffusion(self._session)

    @property
    def imagen4(self) -> "AsyncImagen4Namespace":
        """Endpoints below imagen4."""
        from .imagen4 import AsyncImagen4Namespace

        return AsyncImagen4Namespace(self._session)

    @property
    def nucleus_image(self) -> "AsyncNucleusImage":
        """fal-ai/nucleus-image."""
        from .nucleus_image import AsyncNucleusImage

        return AsyncNucleusImage(self._session)

    @property
    def omnigen_v2(self) -> "AsyncOmnigenV2":
        """fal-ai/omnigen-v2."""
        from .omnigen_v2 import AsyncOmnigenV2

        return AsyncOmnigenV2(self._session)

    @property
    def pixart_sigma(self) -> "AsyncPixartSigma":
        """fal-ai/pixart-sigma."""
        from .pixart_sigma import AsyncPixartSigma

        return AsyncPixartSigma(self._session)

    @property
    def recraft(self) -> "AsyncRecraftNamespace":
        """Endpoints below recraft."""
        from .recraft import AsyncRecraftNamespace

        return AsyncRecraftNamespace(self._session)

    @property
    def stable_diffusion_v35_large(self) -> "AsyncStableDiffusionV35Large":
        """fal-ai/stable-diffusion-v35-large."""
        from .stable_diffusion_v35_large import AsyncStableDiffusionV35Large

        return AsyncStableDiffusionV35Large(self._session)

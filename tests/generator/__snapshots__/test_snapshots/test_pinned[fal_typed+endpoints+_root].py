# Generated from specs/ by `python -m generator regenerate`; do not edit.
"""Endpoints by name."""

from typing import TYPE_CHECKING

from .._runtime.async_endpoint import AsyncNamespace
from .._runtime.endpoint import Namespace

if TYPE_CHECKING:
    from .flux_1 import AsyncFlux1Namespace, Flux1Namespace
    from .imagen4 import AsyncImagen4Namespace, Imagen4Namespace
    from .recraft import AsyncRecraftNamespace, RecraftNamespace
    from .stable_diffusion_v35_large import AsyncStableDiffusionV35Large, StableDiffusionV35Large


__all__ = ["AsyncRoot", "Root"]


class Root(Namespace):
    """Endpoints by name."""

    @property
    def flux_1(self) -> "Flux1Namespace":
        """Endpoints below flux_1."""
        from .flux_1 import Flux1Namespace

        return Flux1Namespace(self._client)

    @property
    def imagen4(self) -> "Imagen4Namespace":
        """Endpoints below imagen4."""
        from .imagen4 import Imagen4Namespace

        return Imagen4Namespace(self._client)

    @property
    def recraft(self) -> "RecraftNamespace":
        """Endpoints below recraft."""
        from .recraft import RecraftNamespace

        return RecraftNamespace(self._client)

    @property
    def stable_diffusion_v35_large(self) -> "StableDiffusionV35Large":
        """fal-ai/stable-diffusion-v35-large."""
        from .stable_diffusion_v35_large import StableDiffusionV35Large

        return StableDiffusionV35Large(self._client)


class AsyncRoot(AsyncNamespace):
    """Endpoints by name."""

    @property
    def flux_1(self) -> "AsyncFlux1Namespace":
        """Endpoints below flux_1."""
        from .flux_1 import AsyncFlux1Namespace

        return AsyncFlux1Namespace(self._client)

    @property
    def imagen4(self) -> "AsyncImagen4Namespace":
        """Endpoints below imagen4."""
        from .imagen4 import AsyncImagen4Namespace

        return AsyncImagen4Namespace(self._client)

    @property
    def recraft(self) -> "AsyncRecraftNamespace":
        """Endpoints below recraft."""
        from .recraft import AsyncRecraftNamespace

        return AsyncRecraftNamespace(self._client)

    @property
    def stable_diffusion_v35_large(self) -> "AsyncStableDiffusionV35Large":
        """fal-ai/stable-diffusion-v35-large."""
        from .stable_diffusion_v35_large import AsyncStableDiffusionV35Large

        return AsyncStableDiffusionV35Large(self._client)

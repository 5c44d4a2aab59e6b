# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints below flux_1."""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .schnell import AsyncFlux1Schnell, Flux1Schnell


__all__ = ["AsyncFlux1Namespace", "Flux1Namespace"]


class Flux1Namespace(Namespace):
    """Endpoints below flux_1."""

    @property
    def schnell(self) -> "Flux1Schnell":
        """fal-ai/flux-1/schnell."""
        from .schnell import Flux1Schnell

        return Flux1Schnell(self._session)


class AsyncFlux1Namespace(AsyncNamespace):
    """Endpoints below flux_1."""

    @property
    def schnell(self) -> "AsyncFlux1Schnell":
        """fal-ai/flux-1/schnell."""
        from .schnell import AsyncFlux1Schnell

        return AsyncFlux1Schnell(self._session)

# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints below imagen4."""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .preview import AsyncImagen4Preview, Imagen4Preview


__all__ = ["AsyncImagen4Namespace", "Imagen4Namespace"]


class Imagen4Namespace(Namespace):
    """Endpoints below imagen4."""

    @property
    def preview(self) -> "Imagen4Preview":
        """fal-ai/imagen4/preview."""
        from .preview import Imagen4Preview

        return Imagen4Preview(self._session)


class AsyncImagen4Namespace(AsyncNamespace):
    """Endpoints below imagen4."""

    @property
    def preview(self) -> "AsyncImagen4Preview":
        """fal-ai/imagen4/preview."""
        from .preview import AsyncImagen4Preview

        return AsyncImagen4Preview(self._session)

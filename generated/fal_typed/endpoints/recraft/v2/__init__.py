# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints below recraft.v2."""

from typing import TYPE_CHECKING

from ...._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .text_to_image import AsyncRecraftV2TextToImage, RecraftV2TextToImage


__all__ = ["AsyncRecraftV2Namespace", "RecraftV2Namespace"]


class RecraftV2Namespace(Namespace):
    """Endpoints below recraft.v2."""

    @property
    def text_to_image(self) -> "RecraftV2TextToImage":
        """fal-ai/recraft/v2/text-to-image."""
        from .text_to_image import RecraftV2TextToImage

        return RecraftV2TextToImage(self._session)


class AsyncRecraftV2Namespace(AsyncNamespace):
    """Endpoints below recraft.v2."""

    @property
    def text_to_image(self) -> "AsyncRecraftV2TextToImage":
        """fal-ai/recraft/v2/text-to-image."""
        from .text_to_image import AsyncRecraftV2TextToImage

        return AsyncRecraftV2TextToImage(self._session)

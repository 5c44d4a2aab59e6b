# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""1 endpoint below recraft.v2.

text-to-image: `text_to_image`.
"""

from typing import TYPE_CHECKING

from ...._runtime.emitted import AsyncNamespace, ChildNode, Namespace

if TYPE_CHECKING:
    from .text_to_image import AsyncRecraftV2TextToImage, RecraftV2TextToImage


__all__ = ["AsyncRecraftV2Namespace", "RecraftV2Namespace"]


class RecraftV2Namespace(Namespace):
    """1 endpoint below recraft.v2.

    text-to-image: `text_to_image`.
    """

    text_to_image: "ChildNode[RecraftV2TextToImage]" = ChildNode("RecraftV2TextToImage")
    """fal-ai/recraft/v2/text-to-image: text-to-image.

    Recraft V2

    Documentation: https://fal.ai/models/fal-ai/recraft/v2/text-to-image/api
    """


class AsyncRecraftV2Namespace(AsyncNamespace):
    """1 endpoint below recraft.v2.

    text-to-image: `text_to_image`.
    """

    text_to_image: "ChildNode[AsyncRecraftV2TextToImage]" = ChildNode("AsyncRecraftV2TextToImage")
    """fal-ai/recraft/v2/text-to-image: text-to-image.

    Recraft V2

    Documentation: https://fal.ai/models/fal-ai/recraft/v2/text-to-image/api
    """

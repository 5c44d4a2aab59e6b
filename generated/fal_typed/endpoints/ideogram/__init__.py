# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""1 endpoint below ideogram.

text-to-image: `v2`.
"""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, ChildNode, Namespace

if TYPE_CHECKING:
    from .v2 import AsyncIdeogramV2, IdeogramV2


__all__ = ["AsyncIdeogramNamespace", "IdeogramNamespace"]


class IdeogramNamespace(Namespace):
    """1 endpoint below ideogram.

    text-to-image: `v2`.
    """

    v2: "ChildNode[IdeogramV2]" = ChildNode("IdeogramV2")
    """fal-ai/ideogram/v2: text-to-image.

    Ideogram's state-of-the-art image generation model.

    Documentation: https://fal.ai/models/fal-ai/ideogram/v2/api
    """


class AsyncIdeogramNamespace(AsyncNamespace):
    """1 endpoint below ideogram.

    text-to-image: `v2`.
    """

    v2: "ChildNode[AsyncIdeogramV2]" = ChildNode("AsyncIdeogramV2")
    """fal-ai/ideogram/v2: text-to-image.

    Ideogram's state-of-the-art image generation model.

    Documentation: https://fal.ai/models/fal-ai/ideogram/v2/api
    """

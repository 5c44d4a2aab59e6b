# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""1 endpoint below f_lite.

text-to-image: `standard`.
"""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, ChildNode, Namespace

if TYPE_CHECKING:
    from .standard import AsyncFLiteStandard, FLiteStandard


__all__ = ["AsyncFLiteNamespace", "FLiteNamespace"]


class FLiteNamespace(Namespace):
    """1 endpoint below f_lite.

    text-to-image: `standard`.
    """

    standard: "ChildNode[FLiteStandard]" = ChildNode("FLiteStandard")
    """fal-ai/f-lite/standard: text-to-image.

    F-Lite

    Documentation: https://fal.ai/models/fal-ai/f-lite/standard/api
    """


class AsyncFLiteNamespace(AsyncNamespace):
    """1 endpoint below f_lite.

    text-to-image: `standard`.
    """

    standard: "ChildNode[AsyncFLiteStandard]" = ChildNode("AsyncFLiteStandard")
    """fal-ai/f-lite/standard: text-to-image.

    F-Lite

    Documentation: https://fal.ai/models/fal-ai/f-lite/standard/api
    """

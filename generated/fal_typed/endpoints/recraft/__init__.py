# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""1 endpoint below recraft.

text-to-image: `v2.text_to_image`.
"""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, ChildNode, Namespace

if TYPE_CHECKING:
    from .v2 import AsyncRecraftV2Namespace, RecraftV2Namespace


__all__ = ["AsyncRecraftNamespace", "RecraftNamespace"]


class RecraftNamespace(Namespace):
    """1 endpoint below recraft.

    text-to-image: `v2.text_to_image`.
    """

    v2: "ChildNode[RecraftV2Namespace]" = ChildNode("RecraftV2Namespace")
    """1 endpoint below recraft.v2.

    text-to-image: `text_to_image`.
    """


class AsyncRecraftNamespace(AsyncNamespace):
    """1 endpoint below recraft.

    text-to-image: `v2.text_to_image`.
    """

    v2: "ChildNode[AsyncRecraftV2Namespace]" = ChildNode("AsyncRecraftV2Namespace")
    """1 endpoint below recraft.v2.

    text-to-image: `text_to_image`.
    """

# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""2 endpoints below imagen4.

text-to-image: `preview`, `preview.fast`.
"""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, ChildNode, Namespace

if TYPE_CHECKING:
    from .preview import AsyncImagen4Preview, Imagen4Preview


__all__ = ["AsyncImagen4Namespace", "Imagen4Namespace"]


class Imagen4Namespace(Namespace):
    """2 endpoints below imagen4.

    text-to-image: `preview`, `preview.fast`.
    """

    preview: "ChildNode[Imagen4Preview]" = ChildNode("Imagen4Preview")
    """fal-ai/imagen4/preview: text-to-image.

    Generate images using Google's Imagen 4 model.

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/api
    """


class AsyncImagen4Namespace(AsyncNamespace):
    """2 endpoints below imagen4.

    text-to-image: `preview`, `preview.fast`.
    """

    preview: "ChildNode[AsyncImagen4Preview]" = ChildNode("AsyncImagen4Preview")
    """fal-ai/imagen4/preview: text-to-image.

    Generate images using Google's Imagen 4 model.

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/api
    """

# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""1 endpoint below flux_1.

text-to-image: `schnell`.
"""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, ChildNode, Namespace

if TYPE_CHECKING:
    from .schnell import AsyncFlux1Schnell, Flux1Schnell


__all__ = ["AsyncFlux1Namespace", "Flux1Namespace"]


class Flux1Namespace(Namespace):
    """1 endpoint below flux_1.

    text-to-image: `schnell`.
    """

    schnell: "ChildNode[Flux1Schnell]" = ChildNode("Flux1Schnell")
    """fal-ai/flux-1/schnell: text-to-image.

    FLUX.1 [schnell], turbo mode for next generation text-to-image model FLUX.

    Documentation: https://fal.ai/models/fal-ai/flux-1/schnell/api
    """


class AsyncFlux1Namespace(AsyncNamespace):
    """1 endpoint below flux_1.

    text-to-image: `schnell`.
    """

    schnell: "ChildNode[AsyncFlux1Schnell]" = ChildNode("AsyncFlux1Schnell")
    """fal-ai/flux-1/schnell: text-to-image.

    FLUX.1 [schnell], turbo mode for next generation text-to-image model FLUX.

    Documentation: https://fal.ai/models/fal-ai/flux-1/schnell/api
    """

# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The client whose calls are awaited, as type checkers know it; at run time it is the tree of endpoints alone."""

from typing import TYPE_CHECKING

from .._runtime.emitted import ChildNode

if TYPE_CHECKING:
    from .._registry import AsyncRegistry
    from .._runtime.emitted import AsyncClientFace
    from .f_lite import AsyncFLiteNamespace
    from .flux_1 import AsyncFlux1Namespace
    from .hidream_i1_fast import AsyncHidreamI1Fast
    from .hidream_i1_full import AsyncHidreamI1Full
    from .ideogram import AsyncIdeogramNamespace
    from .illusion_diffusion import AsyncIllusionDiffusion
    from .imagen4 import AsyncImagen4Namespace
    from .nucleus_image import AsyncNucleusImage
    from .omnigen_v2 import AsyncOmnigenV2
    from .pixart_sigma import AsyncPixartSigma
    from .recraft import AsyncRecraftNamespace
    from .stable_diffusion_v35_large import AsyncStableDiffusionV35Large

    class Client(AsyncClientFace):
        endpoints: AsyncRegistry
        """Every endpoint by its id, e.g. `endpoints["fal-ai/flux-1/schnell"]`."""
else:
    from .._runtime.emitted import AsyncNamespace as Client

__all__ = ["AsyncFal"]


class AsyncFal(Client):
    """A client for fal.ai's models: its calls are awaited. Cheap to make, and safe to share between tasks.

    Its attributes are the endpoints, by their ids: `fal-ai/flux-1/schnell` is `flux_1.schnell`.

    Args:
        credentials: The key; by default that of `FAL_KEY`, of `FAL_KEY_ID` and `FAL_KEY_SECRET` or of a Colab notebook,
            else the login of `fal auth login`, looked for at the first call.
        timeout: Deadline of a whole call in seconds, waiting included; none by default.
        http_timeout: Seconds for one HTTP exchange (`run` may take as long as the model does).
        max_retries: How often a request that starts work is sent again, if it was not accepted. What waits for one
            goes on through an outage anyway: up to `timeout`, or for ten minutes.
        http_client: An `httpx.AsyncClient` or `httpx2.AsyncClient` to use. It is not closed with this client.
        validate_inputs: Whether inputs are checked before they are sent.
        hosts: Another deployment; by default fal's, or that of `FAL_RUN_HOST` and `FAL_QUEUE_RUN_HOST`.
        proxy_url: A proxy of yours that has the key: every request goes there, and no key with it.
        progress: Whether calls and uploads show how far they are (see `with_options`). By default in a notebook only.
        on_event: Called with each step of each call (see the module `events`), maybe from another thread. What it raises
            is logged once, and breaks no call.

    Raises:
        ValueError: An argument is out of its range; a host is neither https nor on this machine.
        TypeError: An argument is of another type.
    """

    f_lite: "ChildNode[AsyncFLiteNamespace]" = ChildNode("AsyncFLiteNamespace")
    """1 endpoint below f_lite.

    text-to-image: `standard`.
    """

    flux_1: "ChildNode[AsyncFlux1Namespace]" = ChildNode("AsyncFlux1Namespace")
    """1 endpoint below flux_1.

    text-to-image: `schnell`.
    """

    hidream_i1_fast: "ChildNode[AsyncHidreamI1Fast]" = ChildNode("AsyncHidreamI1Fast")
    """fal-ai/hidream-i1-fast: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/hidream-i1-fast/api
    """

    hidream_i1_full: "ChildNode[AsyncHidreamI1Full]" = ChildNode("AsyncHidreamI1Full")
    """fal-ai/hidream-i1-full: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/hidream-i1-full/api
    """

    ideogram: "ChildNode[AsyncIdeogramNamespace]" = ChildNode("AsyncIdeogramNamespace")
    """1 endpoint below ideogram.

    text-to-image: `v2`.
    """

    illusion_diffusion: "ChildNode[AsyncIllusionDiffusion]" = ChildNode("AsyncIllusionDiffusion")
    """fal-ai/illusion-diffusion: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/illusion-diffusion/api
    """

    imagen4: "ChildNode[AsyncImagen4Namespace]" = ChildNode("AsyncImagen4Namespace")
    """2 endpoints below imagen4.

    text-to-image: `preview`, `preview.fast`.
    """

    nucleus_image: "ChildNode[AsyncNucleusImage]" = ChildNode("AsyncNucleusImage")
    """fal-ai/nucleus-image: text-to-image.

    Text To Image

    Documentation: https://fal.ai/models/fal-ai/nucleus-image/api
    """

    omnigen_v2: "ChildNode[AsyncOmnigenV2]" = ChildNode("AsyncOmnigenV2")
    """fal-ai/omnigen-v2: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/omnigen-v2/api
    """

    pixart_sigma: "ChildNode[AsyncPixartSigma]" = ChildNode("AsyncPixartSigma")
    """fal-ai/pixart-sigma: text-to-image.

    Generate Image

    Documentation: https://fal.ai/models/fal-ai/pixart-sigma/api
    """

    recraft: "ChildNode[AsyncRecraftNamespace]" = ChildNode("AsyncRecraftNamespace")
    """1 endpoint below recraft.

    text-to-image: `v2.text_to_image`.
    """

    stable_diffusion_v35_large: "ChildNode[AsyncStableDiffusionV35Large]" = ChildNode("AsyncStableDiffusionV35Large")
    """fal-ai/stable-diffusion-v35-large: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/stable-diffusion-v35-large/api
    """

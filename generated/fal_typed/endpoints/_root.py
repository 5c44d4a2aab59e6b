# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The client whose calls block, as type checkers know it; at run time it is the tree of endpoints alone."""

from typing import TYPE_CHECKING

from .._runtime.emitted import ChildNode

if TYPE_CHECKING:
    from .._registry import Registry
    from .._runtime.emitted import ClientFace
    from .f_lite import FLiteNamespace
    from .flux_1 import Flux1Namespace
    from .hidream_i1_fast import HidreamI1Fast
    from .hidream_i1_full import HidreamI1Full
    from .ideogram import IdeogramNamespace
    from .illusion_diffusion import IllusionDiffusion
    from .imagen4 import Imagen4Namespace
    from .nucleus_image import NucleusImage
    from .omnigen_v2 import OmnigenV2
    from .pixart_sigma import PixartSigma
    from .recraft import RecraftNamespace
    from .stable_diffusion_v35_large import StableDiffusionV35Large

    class Client(ClientFace):
        endpoints: Registry
        """Every endpoint by its id, e.g. `endpoints["fal-ai/flux-1/schnell"]`."""
else:
    from .._runtime.emitted import Namespace as Client

__all__ = ["Fal"]


class Fal(Client):
    """A client for fal.ai's models: its calls block. Cheap to make, and safe to share between threads.

    Its attributes are the endpoints, by their ids: `fal-ai/flux-1/schnell` is `flux_1.schnell`.

    Args:
        credentials: The key; by default that of `FAL_KEY`, of `FAL_KEY_ID` and `FAL_KEY_SECRET` or of a Colab notebook,
            else the login of `fal auth login`, looked for at the first call.
        timeout: Deadline of a whole call in seconds, waiting included; none by default.
        http_timeout: Seconds for one HTTP exchange (`run` may take as long as the model does).
        max_retries: How often a request that starts work is sent again, if it was not accepted. What waits for one
            goes on through an outage anyway: up to `timeout`, or for ten minutes.
        http_client: An `httpx.Client` or `httpx2.Client` to use. It is not closed with this client.
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

    f_lite: "ChildNode[FLiteNamespace]" = ChildNode("FLiteNamespace")
    """1 endpoint below f_lite.

    text-to-image: `standard`.
    """

    flux_1: "ChildNode[Flux1Namespace]" = ChildNode("Flux1Namespace")
    """1 endpoint below flux_1.

    text-to-image: `schnell`.
    """

    hidream_i1_fast: "ChildNode[HidreamI1Fast]" = ChildNode("HidreamI1Fast")
    """fal-ai/hidream-i1-fast: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/hidream-i1-fast/api
    """

    hidream_i1_full: "ChildNode[HidreamI1Full]" = ChildNode("HidreamI1Full")
    """fal-ai/hidream-i1-full: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/hidream-i1-full/api
    """

    ideogram: "ChildNode[IdeogramNamespace]" = ChildNode("IdeogramNamespace")
    """1 endpoint below ideogram.

    text-to-image: `v2`.
    """

    illusion_diffusion: "ChildNode[IllusionDiffusion]" = ChildNode("IllusionDiffusion")
    """fal-ai/illusion-diffusion: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/illusion-diffusion/api
    """

    imagen4: "ChildNode[Imagen4Namespace]" = ChildNode("Imagen4Namespace")
    """2 endpoints below imagen4.

    text-to-image: `preview`, `preview.fast`.
    """

    nucleus_image: "ChildNode[NucleusImage]" = ChildNode("NucleusImage")
    """fal-ai/nucleus-image: text-to-image.

    Text To Image

    Documentation: https://fal.ai/models/fal-ai/nucleus-image/api
    """

    omnigen_v2: "ChildNode[OmnigenV2]" = ChildNode("OmnigenV2")
    """fal-ai/omnigen-v2: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/omnigen-v2/api
    """

    pixart_sigma: "ChildNode[PixartSigma]" = ChildNode("PixartSigma")
    """fal-ai/pixart-sigma: text-to-image.

    Generate Image

    Documentation: https://fal.ai/models/fal-ai/pixart-sigma/api
    """

    recraft: "ChildNode[RecraftNamespace]" = ChildNode("RecraftNamespace")
    """1 endpoint below recraft.

    text-to-image: `v2.text_to_image`.
    """

    stable_diffusion_v35_large: "ChildNode[StableDiffusionV35Large]" = ChildNode("StableDiffusionV35Large")
    """fal-ai/stable-diffusion-v35-large: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/stable-diffusion-v35-large/api
    """

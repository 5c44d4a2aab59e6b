# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The client whose calls are awaited, as type checkers know it; at run time it is the tree of endpoints alone."""

from typing import TYPE_CHECKING

from .._runtime.emitted import ChildNode

if TYPE_CHECKING:
    from .._registry import AsyncRegistry
    from .._runtime.emitted import AsyncClientFace
    from .awkward import AsyncAwkward

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

    awkward: "ChildNode[AsyncAwkward]" = ChildNode("AsyncAwkward")
    """fal-ai/awkward: json.

    Everything that is awkward, in one document: \"quotes\", a \\ and \"\"\"three\"\"\".

    Documentation: https://fal.ai/models/fal-ai/awkward/api
    """

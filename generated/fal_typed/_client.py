# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The client whose calls block."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # jedi comes here from a class or a client that a notebook has, and so to what type checkers know
    from .endpoints._root import Fal as Client
else:
    from ._runtime.emitted import FalClient as Client


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

    _user_agent = "fal-typed/0.1.0"

    def _load_root(self) -> object:
        from ._runtime.emitted import tree_of
        from .endpoints._root import Fal as Root

        return tree_of(self, Root)

    def _load_table(self) -> tuple[str, Mapping[str, tuple[str, str]]]:
        from ._registry import ENDPOINTS

        return f"{__package__}.endpoints", ENDPOINTS

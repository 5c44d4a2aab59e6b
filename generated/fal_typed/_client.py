# Generated from specs/ by `python -m generator regenerate`; do not edit.
"""The two clients: `Fal` and, awaitable, `AsyncFal`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ._runtime.emitted import AsyncFalClient, FalClient

if TYPE_CHECKING:
    from ._registry import AsyncRegistry, Registry
    from ._runtime.emitted import AsyncNamespace, Namespace
    from .endpoints._root import AsyncRoot, Root
else:
    # At run time the tree of endpoints is loaded when the first attribute of it is asked for.
    AsyncRoot = Root = object

_USER_AGENT = "fal-typed/0.1.0"


class Fal(FalClient, Root):
    """A client for fal.ai's models: the calling thread waits.

    Its attributes are the endpoints, by their ids: `fal-ai/flux-1/schnell` is `flux_1.schnell`. See the base class for
    what the constructor takes.
    """

    _user_agent = _USER_AGENT

    if TYPE_CHECKING:

        @property
        def endpoints(self) -> Registry:
            """Every endpoint by its id, e.g. `endpoints["fal-ai/flux-1/schnell"]`."""
            ...

    def _load_root(self) -> "Namespace":
        from .endpoints._root import Root

        return Root(self._session)

    def _load_table(self) -> tuple[str, Mapping[str, tuple[str, str]]]:
        from ._registry import ENDPOINTS

        return f"{__package__}.endpoints", ENDPOINTS


class AsyncFal(AsyncFalClient, AsyncRoot):
    """A client for fal.ai's models: every call is awaited.

    Its attributes are the endpoints, by their ids: `fal-ai/flux-1/schnell` is `flux_1.schnell`. See the base class for
    what the constructor takes.
    """

    _user_agent = _USER_AGENT

    if TYPE_CHECKING:

        @property
        def endpoints(self) -> AsyncRegistry:
            """Every endpoint by its id, e.g. `endpoints["fal-ai/flux-1/schnell"]`."""
            ...

    def _load_root(self) -> "AsyncNamespace":
        from .endpoints._root import AsyncRoot

        return AsyncRoot(self._session)

    def _load_table(self) -> tuple[str, Mapping[str, tuple[str, str]]]:
        from ._registry import ENDPOINTS

        return f"{__package__}.endpoints", ENDPOINTS

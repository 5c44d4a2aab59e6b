# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints below ideogram."""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .v2 import AsyncIdeogramV2, IdeogramV2


__all__ = ["AsyncIdeogramNamespace", "IdeogramNamespace"]


class IdeogramNamespace(Namespace):
    """Endpoints below ideogram."""

    @property
    def v2(self) -> "IdeogramV2":
        """fal-ai/ideogram/v2."""
        from .v2 import IdeogramV2

        return IdeogramV2(self._session)


class AsyncIdeogramNamespace(AsyncNamespace):
    """Endpoints below ideogram."""

    @property
    def v2(self) -> "AsyncIdeogramV2":
        """fal-ai/ideogram/v2."""
        from .v2 import AsyncIdeogramV2

        return AsyncIdeogramV2(self._session)

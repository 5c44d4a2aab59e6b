# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints below recraft."""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .v2 import AsyncRecraftV2Namespace, RecraftV2Namespace


__all__ = ["AsyncRecraftNamespace", "RecraftNamespace"]


class RecraftNamespace(Namespace):
    """Endpoints below recraft."""

    @property
    def v2(self) -> "RecraftV2Namespace":
        """Endpoints below recraft.v2."""
        from .v2 import RecraftV2Namespace

        return RecraftV2Namespace(self._session)


class AsyncRecraftNamespace(AsyncNamespace):
    """Endpoints below recraft."""

    @property
    def v2(self) -> "AsyncRecraftV2Namespace":
        """Endpoints below recraft.v2."""
        from .v2 import AsyncRecraftV2Namespace

        return AsyncRecraftV2Namespace(self._session)

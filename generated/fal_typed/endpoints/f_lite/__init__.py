# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints below f_lite."""

from typing import TYPE_CHECKING

from ..._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .standard import AsyncFLiteStandard, FLiteStandard


__all__ = ["AsyncFLiteNamespace", "FLiteNamespace"]


class FLiteNamespace(Namespace):
    """Endpoints below f_lite."""

    @property
    def standard(self) -> "FLiteStandard":
        """fal-ai/f-lite/standard."""
        from .standard import FLiteStandard

        return FLiteStandard(self._session)


class AsyncFLiteNamespace(AsyncNamespace):
    """Endpoints below f_lite."""

    @property
    def standard(self) -> "AsyncFLiteStandard":
        """fal-ai/f-lite/standard."""
        from .standard import AsyncFLiteStandard

        return AsyncFLiteStandard(self._session)

# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Endpoints by name."""

from typing import TYPE_CHECKING

from .._runtime.emitted import AsyncNamespace, Namespace

if TYPE_CHECKING:
    from .awkward import AsyncAwkward, Awkward


__all__ = ["AsyncRoot", "Root"]


class Root(Namespace):
    """Endpoints by name."""

    @property
    def awkward(self) -> "Awkward":
        """fal-ai/awkward."""
        from .awkward import Awkward

        return Awkward(self._session)


class AsyncRoot(AsyncNamespace):
    """Endpoints by name."""

    @property
    def awkward(self) -> "AsyncAwkward":
        """fal-ai/awkward."""
        from .awkward import AsyncAwkward

        return AsyncAwkward(self._session)

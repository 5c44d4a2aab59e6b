"""What a route of Starlette or FastAPI returns to have the proxy answer. Imported when a route does that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response  # type: ignore[import-not-found,unused-ignore] # pyright: ignore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .asgi_body import Receive, Scope, Send


class PassedOn(Response):
    """A response that an application gives.

    Args:
        application: Which.
    """

    def __init__(self, application: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        super().__init__()
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await self._application(scope, receive, send)
        if self.background is not None:
            await self.background()

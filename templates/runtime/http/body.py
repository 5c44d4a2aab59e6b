"""The body of an answer that is read as it comes, without saying which library reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator


class OpenBody:
    """Read it to its end or not, and close it.

    Args:
        response: The library's.
        errors: What reading raises when the connection fails.
        put_away: Closes what an interruption left open.
    """

    def __init__(
        self,
        response: Any,
        errors: tuple[type[Exception], ...],
        put_away: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.errors = errors
        self.response = response
        self._put_away = put_away

    def iter_bytes(self) -> Iterator[bytes]:
        """Its pieces, decompressed."""
        pieces: Iterator[bytes] = self.response.iter_bytes()
        return pieces

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """The same, awaited."""
        pieces: AsyncIterator[bytes] = self.response.aiter_bytes()
        return pieces

    def limit_silence(self, seconds: float) -> None:
        """For the head of the answer the model takes its time; between two pieces of the body it must not.

        httpcore looks the limit up again when the body begins.
        """
        limits: Any = self.response.request.extensions.get("timeout")
        if isinstance(limits, dict):
            limits["read"] = seconds

    def close(self) -> None:
        """Close the connection, unless all was read."""
        self.response.close()

    async def aclose(self) -> None:
        """The same, awaited."""
        try:
            await self.response.aclose()
        finally:
            if self._put_away is not None:
                await self._put_away()

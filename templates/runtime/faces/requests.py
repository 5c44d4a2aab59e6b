"""What fal has had."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from ..platform.found import FoundRequest
    from ..session import AsyncSession, Session
    from .endpoints import AsyncEndpoint, Endpoint
    from .handles import AsyncRequestHandle, RequestHandle

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


class Requests:
    """Which requests fal has had, by its own history."""

    def __init__(self, session: Session) -> None:
        raise NotImplementedError

    # mypy makes no TypedDict of what is written on the spot: the second is for it.
    @overload
    def find(
        self,
        endpoint: Endpoint[I, T],
        input: I,
        *,
        since: datetime | timedelta,
        until: datetime | timedelta | None = None,
    ) -> list[FoundRequest[RequestHandle[T]]]: ...
    @overload
    def find(
        self,
        endpoint: Endpoint[Any, T],
        input: Mapping[str, Any],
        *,
        since: datetime | timedelta,
        until: datetime | timedelta | None = None,
    ) -> list[FoundRequest[RequestHandle[T]]]: ...
    def find(
        self,
        endpoint: Endpoint[Any, T],
        input: Any,
        *,
        since: datetime | timedelta,
        until: datetime | timedelta | None = None,
    ) -> list[FoundRequest[RequestHandle[T]]]:
        """The requests with this very input that were sent in a time, the newest first: also those of other programs.

        It costs nothing. fal lists a request some time after it has taken it: one that is not found may come yet. It
        does not have the inputs of those with `store_io=False`, nor of those whose payloads were removed.

        Args:
            endpoint: Of this client. What its options put into the input is compared as well.
            input: As it was sent: numbers by value, files by their URLs.
            since: From when on: a time with a time zone, or so long ago.
            until: Up to when; by default up to now.

        Raises:
            InvalidInputError: The input does not match the document, or there is a file in it.
            PermissionDeniedError: The key may not read the history; it takes one of scope API.
            MissingCredentialsError: There is none, or this client has a proxy, which passes on calls alone.
        """
        raise NotImplementedError


class AsyncRequests:
    """Which requests fal has had, by its own history."""

    def __init__(self, session: AsyncSession) -> None:
        raise NotImplementedError

    # mypy makes no TypedDict of what is written on the spot: the second is for it.
    @overload
    async def find(
        self,
        endpoint: AsyncEndpoint[I, T],
        input: I,
        *,
        since: datetime | timedelta,
        until: datetime | timedelta | None = None,
    ) -> list[FoundRequest[AsyncRequestHandle[T]]]: ...
    @overload
    async def find(
        self,
        endpoint: AsyncEndpoint[Any, T],
        input: Mapping[str, Any],
        *,
        since: datetime | timedelta,
        until: datetime | timedelta | None = None,
    ) -> list[FoundRequest[AsyncRequestHandle[T]]]: ...
    async def find(
        self,
        endpoint: AsyncEndpoint[Any, T],
        input: Any,
        *,
        since: datetime | timedelta,
        until: datetime | timedelta | None = None,
    ) -> list[FoundRequest[AsyncRequestHandle[T]]]:
        """As `Requests.find`."""
        raise NotImplementedError

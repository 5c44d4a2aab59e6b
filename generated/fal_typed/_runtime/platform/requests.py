"""`fal.requests`: which requests fal has had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ..calls.async_endpoint import AsyncEndpoint
from ..calls.endpoint import Endpoint
from ..hinting import hinting
from ..session import AsyncSession, BaseSession, Session
from .found import FoundRequest
from .search import found, moment, sent_input, span_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from ..calls.async_handle import AsyncRequestHandle
    from ..calls.handle import RequestHandle
    from ..http.exchange import Limits, Steps
    from .history import HistoryItem

I = TypeVar("I")  # noqa: E741  # input, beside T
S = TypeVar("S", bound=BaseSession)
T = TypeVar("T")


class RequestsBase(Generic[S]):
    """What both share."""

    def __init__(self, session: S) -> None:
        self._session = session

    def _finding(
        self,
        endpoint: Any,
        kind: type[Any],
        input: object,
        since: datetime | timedelta,
        until: datetime | timedelta | None,
    ) -> tuple[Steps[list[Any]], Limits]:
        """What is to be done, and in which limits."""
        if not isinstance(endpoint, kind):
            raise TypeError(
                f"find takes an endpoint of this client, as fal.endpoints['owner/name'], not {type(endpoint).__name__}"
            )
        of_it: Any = endpoint
        if of_it._session is not self._session:
            raise ValueError(f"{endpoint!r} is another client's, whose key may be another: ask by that one")
        call, span = of_it._call(), span_of(since, until)

        def make(item: HistoryItem) -> FoundRequest[Any]:
            ended, handle = moment(item.ended_at), of_it.request(item.request_id)
            return FoundRequest(item.request_id, moment(item.sent_at), ended, item.status_code, handle)

        return found(call, sent_input(call, input), span, make), call.limits(waits=False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Requests(RequestsBase[Session]):
    """Which requests fal has had, by its own history."""

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
        wanted, limits = self._finding(endpoint, Endpoint, input, since, until)
        requests: list[FoundRequest[RequestHandle[T]]] = self._session.transport.run(wanted, limits)
        return requests

    if not TYPE_CHECKING:
        find = hinting(find)


class AsyncRequests(RequestsBase[AsyncSession]):
    """Which requests fal has had, by its own history."""

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
        wanted, limits = self._finding(endpoint, AsyncEndpoint, input, since, until)
        requests: list[FoundRequest[AsyncRequestHandle[T]]] = await self._session.transport.run(wanted, limits)
        return requests

    if not TYPE_CHECKING:
        find = hinting(find)

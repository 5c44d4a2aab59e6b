"""The platform API's lists, page by page. No I/O."""

# design: How is fal's history read?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from ..checks import is_array, is_object
from ..errors import AuthenticationError, MissingCredentialsError, PermissionDeniedError
from ..http.error_answers import status_error, unreadable
from ..http.exchange import Exchange, Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..calls.steps import Call
    from ..http.exchange import Answer, Steps

# A list that has more is not read to its end, nor is one that has none.
MOST_PAGES = 2_000
_KEYS = "https://fal.ai/dashboard/keys"


class Listing(NamedTuple):
    """A list of the platform API.

    Attributes:
        subject: What it is of, in words that messages use.
        path: Where it is, below the base URL.
        field: Under which name a page has its items.
        query: The filters, which are the same for each page.
    """

    subject: str
    path: str
    field: str
    query: tuple[tuple[str, str], ...]

    def page(self, call: Call, cursor: str | None) -> Exchange:
        """The request for a page; None asks for the first one."""
        query = [*self.query, *([] if cursor is None else [("cursor", cursor)])]
        url = f"{call.settings.hosts.api}/{self.path}?{urlencode(query)}"
        headers = {"accept": "application/json", "user-agent": call.user_agent, **(call.options.headers or {})}
        return Exchange(Purpose.PLATFORM, "GET", url, headers, self.subject)


class Page(NamedTuple):
    """A page of a list, and the exchange that it came by: for errors about what is in it."""

    items: list[dict[str, Any]]
    exchange: Exchange
    answer: Answer


def pages(call: Call, listing: Listing, take: Callable[[Page], object]) -> Steps[int]:
    """Read all pages of a list, and return how many those are.

    Args:
        call: By which client.
        listing: Which list.
        take: Called with each page as it comes.

    Raises:
        MissingCredentialsError: There is a proxy, which has the key and passes on calls alone.
        AuthenticationError: The key is unknown.
        PermissionDeniedError: It may not read this.
        APIStatusError: Any other answer that is no page.
        InvalidResponseError: A page cannot be read, or they have no end.
    """
    check_key(call, listing.subject)
    count = 0
    cursor: str | None = None
    asked: set[str] = set()
    while True:
        exchange = listing.page(call, cursor)
        answer: Answer = yield exchange
        take(_read(listing, exchange, answer))
        count += 1
        cursor = _next(exchange, answer)
        if cursor is None:
            return count
        if cursor in asked or count >= MOST_PAGES:
            raise unreadable(answer, exchange, f"the pages have no end (page {count}); ask for a shorter time")
        asked.add(cursor)


def check_key(call: Call, subject: str) -> None:
    """Raise MissingCredentialsError where a client has no key, since its proxy has it."""
    if call.settings.proxy_url is not None:
        raise MissingCredentialsError(
            f"{subject} cannot be asked for by way of a proxy, which passes on calls and uploads alone: "
            "use a client that has the key, without proxy_url"
        )


def _next(exchange: Exchange, answer: Answer) -> str | None:
    """What asks for the next page, which means nothing to us; None on the last one."""
    body = answer.json_object()
    cursor = body.get("next_cursor")
    if isinstance(cursor, str) and cursor:
        return cursor
    if body.get("has_more"):
        raise unreadable(answer, exchange, "there is more of the list, and nothing to ask for it by")
    return None


def _read(listing: Listing, exchange: Exchange, answer: Answer) -> Page:
    if not answer.is_success:
        error = status_error(answer, exchange)
        if isinstance(error, AuthenticationError | PermissionDeniedError):
            error.add(f"it takes a key of scope API or ADMIN ({_KEYS})")
        raise error
    items = answer.json_object().get(listing.field)
    if not is_array(items):
        raise unreadable(answer, exchange, f"the answer has no list of {listing.field}")
    return Page(list(_objects(items, exchange, answer)), exchange, answer)


def _objects(items: list[Any], exchange: Exchange, answer: Answer) -> Iterator[dict[str, Any]]:
    for item in items:
        if not is_object(item):
            raise unreadable(answer, exchange, "an item of the list is no object")
        yield item

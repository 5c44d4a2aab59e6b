"""Posting to whatever takes a webhook call: an ASGI or WSGI application, a client of one, or a URL."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias
from urllib.parse import urlsplit

import httpx

from ...checks import shortened
from ...http.hosts import is_loopback
from ..scripting.mistakes import ScriptError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# An application as its server calls it, a client of httpx that leads to one (Starlette's TestClient is one), or a URL;
# None for the URL that was submitted.
Target: TypeAlias = "Callable[..., Any] | httpx.Client | httpx.AsyncClient | str | None"
Kind: TypeAlias = Literal["asgi", "wsgi", "client", "async client", "url"]


class Post(NamedTuple):
    """What is to be posted."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def kind_of(to: object) -> Kind:
    """What a target is.

    Raises:
        ScriptError: None that is known.
    """
    if to is None or isinstance(to, str):
        return "url"
    if isinstance(to, httpx.Client):
        return "client"
    if isinstance(to, httpx.AsyncClient):
        return "async client"
    if callable(to):
        called = to if inspect.isroutine(to) else getattr(to, "__call__", to)  # noqa: B004
        if inspect.iscoroutinefunction(called):
            return "asgi"
        try:
            count = len(inspect.signature(to).parameters)
        except (TypeError, ValueError):
            count = 0
        if count in (2, 3):
            return "wsgi" if count == 2 else "asgi"
    raise ScriptError(f"deliver_webhooks() takes an ASGI or WSGI application, or a URL, not {shortened(to)}")


def post_all(to: Target, posts: Sequence[Post], allowed: Callable[[str], bool]) -> list[httpx.Response]:
    """The answers of a target to calls, one after the other.

    Args:
        to: Where they go.
        posts: They.
        allowed: Whether a host that is not this machine may be reached.

    Raises:
        ScriptError: It takes an event loop, and there is one running; or a URL leads to a host that is not allowed.
    """
    kind = kind_of(to)
    if kind in ("asgi", "async client"):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(apost_all(to, posts, allowed))
        raise ScriptError("in an event loop an ASGI application is called by `await fake.adeliver_webhooks(app)`")
    if isinstance(to, httpx.Client):
        return [to.post(post.url, headers=post.headers, content=post.body) for post in posts]
    posts = _addressed(to, posts, allowed)
    app: Any = to
    transport = httpx.WSGITransport(app) if kind == "wsgi" else httpx.HTTPTransport()
    with httpx.Client(transport=transport) as client:
        return [client.post(post.url, headers=post.headers, content=post.body) for post in posts]


async def apost_all(to: Target, posts: Sequence[Post], allowed: Callable[[str], bool]) -> list[httpx.Response]:
    """The same in an event loop; a WSGI application is called in a thread."""
    kind = kind_of(to)
    if kind in ("wsgi", "client"):
        return await asyncio.to_thread(post_all, to, posts, allowed)
    if isinstance(to, httpx.AsyncClient):
        return [await to.post(post.url, headers=post.headers, content=post.body) for post in posts]
    posts = _addressed(to, posts, allowed)
    app: Any = to
    transport = httpx.ASGITransport(app) if kind == "asgi" else httpx.AsyncHTTPTransport()
    async with httpx.AsyncClient(transport=transport) as client:
        return [await client.post(post.url, headers=post.headers, content=post.body) for post in posts]


def _addressed(to: Target, posts: Sequence[Post], allowed: Callable[[str], bool]) -> Sequence[Post]:
    """With the URLs that they go to; an application gets those that were submitted."""
    if callable(to) or isinstance(to, httpx.Client | httpx.AsyncClient):
        return posts
    posts = [post if to is None else post._replace(url=to) for post in posts]
    for post in posts:
        host = urlsplit(post.url).hostname or ""
        if not is_loopback(host) and not allowed(host):
            raise ScriptError(
                f"a webhook call to {host} would leave this machine: give deliver_webhooks() your application, a URL "
                "of this machine, or allow that host"
            )
    return posts

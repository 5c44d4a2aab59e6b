"""The proxy as people mount it: each way is a function that serves it, and gives its URL."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2
from fal_server.asgi import running
from fal_typed.proxy import FalProxy, ProxyRequest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from fal_typed import Hosts

KEY = "key-id:very-secret"
ALLOWED = ["fal-ai/js/*", "workflows/me/*"]
LARGEST = 100_000
SITE = "https://my.app"
PLACE = "/api/fal/proxy"


@dataclass(frozen=True)
class Shell:
    """One way.

    Attributes:
        serve: Serves a proxy to a fal.
        sees_leaving: Whether it sees that a caller left who waits for an answer.
    """

    serve: Callable[[Hosts], AbstractContextManager[str]]
    sees_leaving: bool = True


def is_signed_in(request: ProxyRequest) -> bool:
    return request.headers.get("cookie") == "session=good"


def proxy(hosts: Hosts, **more: Any) -> FalProxy:
    return FalProxy(ALLOWED, authorize=is_signed_in, hosts=hosts, credentials=KEY, max_body_bytes=LARGEST, **more)


@contextlib.contextmanager
def plain(hosts: Hosts) -> Iterator[str]:
    with running(proxy(hosts), lifespan="on") as url:
        yield url + PLACE


@contextlib.contextmanager
def on_httpx2(hosts: Hosts) -> Iterator[str]:
    """With connections of its owner's."""
    client = httpx2.AsyncClient()
    with in_starlette(proxy(hosts, http_client=client), client) as url:
        yield url


@contextlib.contextmanager
def behind_middleware(hosts: Hosts) -> Iterator[str]:
    """With what an application has in front of all of its routes."""

    async def passed_on(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    cors = Middleware(CORSMiddleware, allow_origins=[SITE], allow_methods=["*"], allow_headers=["*"])
    others = [Middleware(BaseHTTPMiddleware, dispatch=passed_on), Middleware(GZipMiddleware, minimum_size=1)]
    with in_starlette(proxy(hosts), middleware=[cors, *others]) as url:
        yield url


@contextlib.contextmanager
def in_starlette(mounted: FalProxy, *opened: Any, **more: Any) -> Iterator[str]:
    """In an application, and closed with it, as what else was opened for it."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        async with contextlib.AsyncExitStack() as stack:
            for each in (*opened, mounted):
                await stack.enter_async_context(each)
            yield

    with running(Starlette(routes=[Route(PLACE, mounted)], lifespan=lifespan, **more), lifespan="on") as url:
        yield url + PLACE


SHELLS = {"asgi": Shell(plain), "asgi-on-httpx2": Shell(on_httpx2), "starlette-middleware": Shell(behind_middleware)}
# What `make test` has; the others are slow.
QUICK = {"asgi"}

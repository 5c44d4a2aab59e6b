"""The proxy in applications of ASGI, on uvicorn."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated, Any

import httpx2
from fal_server.asgi import running
from fal_typed.proxy import FalProxy
from fastapi import Depends, FastAPI, Request
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from .allowed import METHODS, PLACE, SITE, settings, user_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fal_typed import Hosts


def authorize(request: Any) -> str | None:
    return user_of(request.headers)


@contextlib.contextmanager
def alone(hosts: Hosts) -> Iterator[str]:
    """An application of its own."""
    with running(FalProxy(**settings(hosts, authorize=authorize)), lifespan="on") as url:
        yield url + PLACE


@contextlib.contextmanager
def with_owners(hosts: Hosts) -> Iterator[str]:
    """With every hook there is."""

    async def check_input(request: Any) -> bool:
        return request.input is None or isinstance(request.input, dict)

    more = {"authorize": authorize, "owner": lambda request: request.user, "check_input": check_input}
    with running(FalProxy(**settings(hosts, **more)), lifespan="on") as url:
        yield url + PLACE


@contextlib.contextmanager
def on_httpx2(hosts: Hosts) -> Iterator[str]:
    """With connections of its owner's."""
    client = httpx2.AsyncClient()
    with in_starlette(FalProxy(**settings(hosts, authorize=authorize, http_client=client)), client) as url:
        yield url


@contextlib.contextmanager
def behind_middleware(hosts: Hosts) -> Iterator[str]:
    """With what an application has in front of all of its routes."""

    async def passed_on(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    cors = Middleware(
        CORSMiddleware,
        allow_origins=[SITE],
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=True,
        expose_headers=["x-fal-request-id"],
    )
    others = [Middleware(BaseHTTPMiddleware, dispatch=passed_on), Middleware(GZipMiddleware, minimum_size=1)]
    proxy = FalProxy(**settings(hosts, authorize=authorize, cors=[]))
    with in_starlette(proxy, middleware=[cors, *others]) as url:
        yield url


@contextlib.contextmanager
def in_starlette(mounted: FalProxy, *opened: Any, **more: Any) -> Iterator[str]:
    """In an application, and closed with it, as what else was opened for it."""
    app = Starlette(routes=[Route(PLACE, mounted)], lifespan=closing(mounted, *opened), **more)
    with running(app, lifespan="on") as url:
        yield url + PLACE


async def current_user(request: Request) -> str | None:
    return user_of(request.headers)


@contextlib.contextmanager
def in_fastapi(hosts: Hosts) -> Iterator[str]:
    """In a route, behind a dependency that knows who asks."""
    proxy = FalProxy(**settings(hosts))
    app = FastAPI(lifespan=closing(proxy))

    @app.api_route(PLACE, methods=METHODS, response_model=None)
    async def to_fal(user: Annotated[str | None, Depends(current_user)]) -> Any:
        return proxy.answer(user)

    with running(app, lifespan="on") as url:
        yield url + PLACE


def closing(*opened: Any) -> Any:
    """A lifespan that closes these in the end."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for each in opened:
                await stack.enter_async_context(each)
            yield

    return lifespan

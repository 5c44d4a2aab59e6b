"""Both proxies before the fake fal, each in a server of its kind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
from fal_server.asgi import running
from fal_server.wsgi import running_wsgi
from runtime.http.hosts import Hosts
from runtime.proxy.shells.asgi import FalProxy
from runtime.proxy.shells.wsgi import WsgiFalProxy
from runtime_twin import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer


class Proxies:
    """One of the two.

    Args:
        server: The fake fal.
        is_async: Whether it is that of ASGI.
    """

    def __init__(self, server: FalServer, *, is_async: bool) -> None:
        self.is_async = is_async
        self.kind: Any = FalProxy if is_async else WsgiFalProxy
        self._hosts = Hosts(run=server.run_url, queue=server.queue_url, rest=f"{server.url}/rest")

    def make(self, **options: Any) -> Any:
        """A proxy to the fake fal that lets everybody in."""
        given = {"allowed_endpoints": ["fal-ai/flux-1/*"], "authorize": lambda _: True, "credentials": KEY}
        return self.kind(**{**given, "hosts": self._hosts, **options})

    @contextmanager
    def serve(self, **options: Any) -> Iterator[str]:
        """One that is served; its URL."""
        proxy = self.make(**options)
        try:
            with running(proxy, lifespan="on") if self.is_async else running_wsgi(proxy) as url:
                yield f"{url}/api/fal/proxy"
        finally:
            if not self.is_async:
                proxy.close()


def ask(url: str, target: str, method: str = "POST", **options: Any) -> httpx.Response:
    """What a client of a proxy sends."""
    headers = {"x-fal-target-url": target, **options.pop("headers", {})}
    return httpx.request(method, url, headers=headers, **options)

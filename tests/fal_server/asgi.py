"""An ASGI application on a loopback socket, and the storage that fal's JavaScript client uploads to."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request


@contextmanager
def running(app: Any, lifespan: str = "off") -> Iterator[str]:
    """Serve an application; its URL."""
    config = uvicorn.Config(app, port=0, ws="none", lifespan=lifespan, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


class JsStorage:
    """Storage in two steps: where to put a file is asked with the key, the file is put without it.

    Attributes:
        asked: The headers and body of each first step.
        files: What was put, by path.
        put_headers: With which headers.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], Any]] = []
        self.files: dict[str, bytes] = {}
        self.put_headers: list[dict[str, str]] = []
        self.app = Starlette(
            routes=[
                Route("/storage/upload/initiate", self._initiate, methods=["POST"]),
                Route("/presigned/{name}", self._put, methods=["PUT"]),
            ]
        )

    async def _initiate(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        self.asked.append((dict(request.headers), asked))
        name = asked["file_name"]
        upload = f"{request.base_url}presigned/{name}"
        return JSONResponse({"upload_url": upload, "file_url": f"https://v3.fal.media/files/{name}"})

    async def _put(self, request: Request) -> Response:
        self.files[request.path_params["name"]] = await request.body()
        self.put_headers.append(dict(request.headers))
        return Response()

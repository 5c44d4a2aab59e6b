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
        parts: What was put in parts, by path and number.
        put_headers: With which headers.
        signed: A place to name instead of a good one.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], Any]] = []
        self.files: dict[str, bytes] = {}
        self.parts: dict[tuple[str, int], bytes] = {}
        self.put_headers: list[dict[str, str]] = []
        self.signed = ""
        self.app = Starlette(
            routes=[
                Route("/storage/upload/initiate", self._initiate, methods=["POST"]),
                Route("/storage/upload/initiate-multipart", self._initiate, methods=["POST"]),
                Route("/presigned/{name}", self._put, methods=["PUT"]),
                Route("/presigned/{name}/complete", self._complete, methods=["POST"]),
                Route("/presigned/{name}/{number:int}", self._put_part, methods=["PUT"]),
            ]
        )

    async def _initiate(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        self.asked.append((dict(request.headers), asked))
        name = asked["file_name"]
        upload = self.signed or f"{request.base_url}presigned/{name}?signature=s"
        return JSONResponse({"upload_url": upload, "file_url": f"https://v3.fal.media/files/{name}"})

    async def _put(self, request: Request) -> Response:
        self.files[request.path_params["name"]] = await request.body()
        self.put_headers.append(dict(request.headers))
        return Response()

    async def _put_part(self, request: Request) -> Response:
        name, number = request.path_params["name"], request.path_params["number"]
        assert request.query_params["signature"] == "s"
        self.parts[name, number] = await request.body()
        self.put_headers.append(dict(request.headers))
        etag = f"etag-{number}"
        return JSONResponse({"partNumber": number, "etag": etag}, headers={"etag": etag})

    async def _complete(self, request: Request) -> Response:
        name = request.path_params["name"]
        listed = json.loads(await request.body())["parts"]
        assert [part["etag"] for part in listed] == [f"etag-{part['partNumber']}" for part in listed]
        self.files[name] = b"".join(self.parts[name, part["partNumber"]] for part in listed)
        self.put_headers.append(dict(request.headers))
        return Response()

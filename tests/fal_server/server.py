"""The server: starlette on uvicorn, in a thread, on a free loopback port."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from .plan import Plan, Reply, Seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

NAMESPACES = ("workflows", "comfy")


class _Protocol(H11Protocol):
    """Remembers connections, so that a handler can cut its own."""

    transports: dict[tuple[str, int], Any] = {}  # noqa: RUF012 - shared on purpose; ports are unique

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.transports[transport.get_extra_info("peername")] = transport


class FalServer:
    """A fal.ai under test. `plans` holds how endpoints behave; `seen` what arrived."""

    def __init__(self) -> None:
        self.plans: dict[str, Plan] = {}
        self.seen: list[Seen] = []
        self._polls: dict[str, int] = {}
        self._plan_of_request: dict[str, Plan] = {}
        self._counter = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        # asyncio does this only for sockets of proto TCP, which create_server's are not: each answer would wait 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.run_url, self.queue_url = f"{self.url}/run", f"{self.url}/queue"
        config = uvicorn.Config(
            self._app(), http=_Protocol, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)

    def __enter__(self) -> FalServer:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(5)

    def plan(self, endpoint: str, /, **fields: Any) -> Plan:
        """Set how an endpoint behaves."""
        self.plans[endpoint] = plan = Plan(**fields)
        return plan

    def reset(self) -> None:
        """Forget everything."""
        self.plans.clear()
        self.seen.clear()

    def requests(self, method: str, ending: str = "") -> list[Seen]:
        """The requests of a method whose path ends so."""
        return [each for each in self.seen if each.method == method and each.path.endswith(ending)]

    def known_request(self, request_id: str, plan: Plan) -> None:
        """Make up a request that was submitted earlier."""
        self._plan_of_request[request_id] = plan

    def _app(self) -> Starlette:
        below = "/queue/{app:path}/requests/{request_id}"
        return Starlette(
            routes=[
                Route("/run/{endpoint:path}", self._run, methods=["POST"]),
                Route(f"{below}/status", self._status, methods=["GET"]),
                Route(f"{below}/cancel", self._cancel, methods=["PUT"]),
                Route(below, self._result, methods=["GET"]),
                Route("/queue/{endpoint:path}", self._submit, methods=["POST"]),
                Route("/{rest:path}", self._anything, methods=["GET", "POST", "PUT"]),
            ]
        )

    async def _run(self, request: Request) -> Response:
        plan = self.plans.setdefault(request.path_params["endpoint"], Plan())
        own = Reply(body=plan.output, headers={"x-fal-request-id": "run-1", **plan.result_headers})
        return await self._reply(request, plan.scripted("run") or own)

    async def _submit(self, request: Request) -> Response:
        endpoint = request.path_params["endpoint"]
        plan = self.plans.setdefault(endpoint, Plan())
        self._counter += 1
        request_id = f"req-{self._counter}"
        self._plan_of_request[request_id] = plan
        segments = endpoint.split("/")
        app = "/".join(segments[: 3 if segments[0] in NAMESPACES else 2])
        base = f"{self.queue_url}/{app}/requests/{request_id}"
        urls = {"status_url": f"{base}/status", "response_url": base, "cancel_url": f"{base}/cancel"}
        body = {"request_id": request_id, "status": "IN_QUEUE", "queue_position": 0, **urls, **plan.submitted}
        own = Reply(body={name: value for name, value in body.items() if value is not None})
        return await self._reply(request, plan.scripted("submit") or own)

    async def _status(self, request: Request) -> Response:
        request_id = request.path_params["request_id"]
        plan = self._plan_of_request.get(request_id)
        if plan is None:
            return await self._reply(request, Reply(404, {"status": "NOT_FOUND"}))
        if scripted := plan.scripted("status"):
            return await self._reply(request, scripted)
        poll = self._polls.get(request_id, 0)
        self._polls[request_id] = poll + 1
        state = plan.states[min(poll, len(plan.states) - 1)]
        if request.query_params.get("logs") != "1":
            state = {**state, "logs": None}
        done = state.get("status") == "COMPLETED"
        return await self._reply(request, Reply(200 if done else 202, {"request_id": request_id, **state}))

    async def _result(self, request: Request) -> Response:
        request_id = request.path_params["request_id"]
        plan = self._plan_of_request.get(request_id)
        if plan is None:
            return await self._reply(request, Reply(404, {"status": "NOT_FOUND"}))
        own = Reply(body=plan.output, headers={"x-fal-request-id": request_id, **plan.result_headers})
        return await self._reply(request, plan.scripted("result") or own)

    async def _cancel(self, request: Request) -> Response:
        plan = self._plan_of_request.get(request.path_params["request_id"])
        if plan is None:
            return await self._reply(request, Reply(404, {"status": "NOT_FOUND"}))
        return await self._reply(request, plan.scripted("cancel") or Reply(202, {"status": "CANCELLATION_REQUESTED"}))

    async def _anything(self, request: Request) -> Response:
        return await self._reply(request, Reply(404, {"detail": "no such route"}))

    async def _reply(self, request: Request, reply: Reply) -> Response:
        path = request.scope["raw_path"].decode()
        seen = Seen(request.method, path, dict(request.query_params), dict(request.headers), await request.body())
        self.seen.append(seen)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        client = request.client
        assert client is not None
        transport = _Protocol.transports[(client.host, client.port)]
        if reply.drop:
            transport.abort()
            return Response()
        content = reply.content()
        headers = {"content-type": "application/json", **reply.headers}
        if not (reply.cut or reply.drip):
            return Response(content, reply.status, headers)
        pieces = _pieces(content, reply, transport)
        return StreamingResponse(pieces, reply.status, {**headers, "content-length": str(len(content))})


async def _pieces(content: bytes, reply: Reply, transport: Any) -> AsyncIterator[bytes]:
    if reply.cut:
        yield content[: len(content) // 2]
        await asyncio.sleep(0.02)
        transport.abort()
        return
    for index in range(len(content)):
        yield content[index : index + 1]
        await asyncio.sleep(reply.drip)

"""The server: starlette on uvicorn, in a thread, on a free loopback port."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from .answer import answer, body_of
from .plan import Gate, Plan, Reply, Seen, completed, in_progress
from .storage import FakeStorage
from .stream import EventPlan, Step
from .told import EVENTS, StatusTold
from .waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

NAMESPACES = ("workflows", "comfy")


class _Protocol(H11Protocol):
    """Remembers connections, so that a handler can cut its own."""

    transports: dict[tuple[str, int], Any] = {}  # noqa: RUF012 - shared on purpose; ports are unique

    made = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        _Protocol.made += 1
        self._peer = transport.get_extra_info("peername")
        self.transports[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.transports.pop(self._peer, None)


@dataclass
class Submission:
    """A run or a queued request that the server accepted: billed, at fal.

    Attributes:
        endpoint: Its id.
        input: The decoded body.
        at: When, on the clock of `time.time`.
        delivered: When its output went out whole to a client that was there, if it did.
    """

    endpoint: str
    input: Any
    at: float
    delivered: float | None = None


class FalServer:
    """A fal.ai under test.

    `plans` holds how endpoints behave, `streams` what paths below `run` stream; `seen` what arrived; `accepted` what
    fal would bill; `left` the paths of requests whose clients were gone before they were answered. `platform` is what
    the platform API answers: a function of the path and the query.

    Args:
        certificate: The paths of a certificate chain and of its key, to speak https.
        port: Where it listens, if not at any free one.
        window: How many bytes wait for it on a connection while it does not read, if not as many as the system likes.
    """

    def __init__(self, certificate: tuple[str, str] | None = None, window: int | None = None, port: int = 0) -> None:
        self.plans: dict[str, Plan] = {}
        self.streams: dict[str, EventPlan] = {}
        self.seen: list[Seen] = []
        self.accepted: list[Submission] = []
        self.left: list[str] = []
        self.platform: Callable[[str, dict[str, list[str]]], Reply] = _no_platform
        self._submissions: dict[str, Submission] = {}
        self._polls: dict[str, int] = {}
        self._plan_of_request: dict[str, Plan] = {}
        self._counter = 0
        self._reading_again = Gate()
        self._socket = socket.create_server(("127.0.0.1", port))
        # asyncio does this only for sockets of proto TCP, which create_server's are not: each answer would wait 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if window is not None:  # connections have it from the listener
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        chain, key = certificate or (None, None)
        self.run_url, self.queue_url = f"{self.url}/run", f"{self.url}/queue"
        self.api_url = f"{self.url}/api/v1"
        self.storage = FakeStorage(self.url, self._answer)
        config = uvicorn.Config(
            self._app(),
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,  # as nginx: a machine that is busy for five seconds loses no connection
            backlog=1024,
            ssl_certfile=chain,
            ssl_keyfile=key,
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

    def begin(self) -> None:
        """Forget everything, for another test: a late request of the last one would take what is planned for it."""
        self.wait_until_left()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.plans.clear()
        self.streams.clear()
        self.seen.clear()
        self.accepted.clear()
        self.left.clear()
        self.platform = _no_platform
        self._submissions.clear()
        self._polls.clear()
        self.storage.reset()
        self.read_again()

    def read_again(self) -> None:
        """Go on with the connections on which reading stopped, to see that their clients have gone."""
        self._reading_again.open()
        self._reading_again = Gate()

    @property
    def open_connections(self) -> int:
        """How many clients have a connection."""
        port = self._socket.getsockname()[1] if self._socket.fileno() >= 0 else None
        names = [each.get_extra_info("sockname") for each in list(_Protocol.transports.values())]
        return sum(name is not None and name[1] == port for name in names)

    def close_connections(self) -> None:
        """Hang up on clients that wait for nothing, as servers do with idle ones."""
        for transport in list(_Protocol.transports.values()):
            transport.get_protocol().loop.call_soon_threadsafe(transport.close)

    @property
    def connections(self) -> int:
        """How many there ever were, to this server or another."""
        return _Protocol.made

    def wait_until_left(self) -> None:
        """Wait until no client has a connection any more."""
        self.read_again()
        until(lambda: self.open_connections == 0, "a client has left a connection open")

    def stream(self, path: str, *steps: Step, **headers: str) -> EventPlan:
        """Set what a path below `run` streams."""
        self.streams[path] = plan = EventPlan(list(steps), headers)
        return plan

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
                *self.storage.routes(),
                Route("/api/v1/{path:path}", self._platform, methods=["GET"]),
                Route("/run/{endpoint:path}", self._run, methods=["GET", "POST"]),
                Route(f"{below}/status", self._status, methods=["GET"]),
                Route(f"{below}/status/stream", self._status_stream, methods=["GET"]),
                Route(f"{below}/cancel", self._cancel, methods=["PUT"]),
                Route(below, self._result, methods=["GET"]),
                Route("/queue/{endpoint:path}", self._submit, methods=["POST"]),
                Route("/{rest:path}", self._anything, methods=["GET", "POST", "PUT"]),
            ]
        )

    async def _run(self, request: Request) -> Response:
        endpoint = request.path_params["endpoint"]
        plan = self.plans.setdefault(endpoint, Plan())
        scripted = plan.scripted("run")
        body = await body_of(request, scripted)
        given = _decoded(body) if request.method == "POST" else dict(request.query_params)
        own = Reply(body=_output(plan, given), headers={"x-fal-request-id": "run-1", **plan.result_headers})
        reply = own if scripted is None else scripted.over(own)
        submission = self._accept(endpoint, given) if reply.accepts else None
        response = await self._reply(request, reply, body)
        stream = self.streams.get(endpoint)
        if reply is own and stream is not None:
            return stream.response(lambda: _transport(request))
        _note_delivery(submission, request, reply, own.body)
        return response

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
        fields = {"request_id": request_id, "status": "IN_QUEUE", "queue_position": 0, **urls, **plan.submitted}
        own = Reply(body={name: value for name, value in fields.items() if value is not None})
        scripted = plan.scripted("submit")
        reply = own if scripted is None else scripted.over(own)
        body = await body_of(request, reply)
        if reply.accepts:
            self._submissions[request_id] = self._accept(endpoint, _decoded(body))
        return await self._reply(request, reply, body)

    def _accept(self, endpoint: str, given: Any) -> Submission:
        self.accepted.append(submission := Submission(endpoint, given, time.time()))
        return submission

    async def _status(self, request: Request) -> Response:
        request_id = request.path_params["request_id"]
        plan = self._plan_of_request.get(request_id)
        if plan is None:
            return await self._reply(request, Reply(404, {"status": "NOT_FOUND"}))
        state = self._state(request_id, plan)
        shown = (state.get("logs") or [])[-(plan.window or 0) :]
        state = {**state, "logs": shown if request.query_params.get("logs") in ("1", "true") else None}  # fal-client's
        done = state.get("status") == "COMPLETED"
        own = Reply(200 if done else 202, {"request_id": request_id, **state})
        scripted = _scripted(plan, "status", own)
        if scripted is own:
            self._next_state(request_id, plan)
        return await self._reply(request, scripted)

    async def _status_stream(self, request: Request) -> Response:
        request_id = request.path_params["request_id"]
        plan = self._plan_of_request.get(request_id)
        if plan is None:
            return await self._reply(request, Reply(404, {"status": "NOT_FOUND"}))
        own = Reply(405, {"detail": "Method Not Allowed"}) if plan.is_polled else Reply(headers=EVENTS)
        reply = _scripted(plan, "stream", own)
        response = await self._reply(request, reply)
        if reply is not own or plan.is_polled:
            return response
        told = StatusTold(
            request_id,
            plan,
            next_state=lambda: self._next_state(request_id, plan),
            done_at=self._done_at(request_id, plan),
            logs=request.query_params.get("logs") == "1",
            transport=lambda: _transport(request),
        )
        return StreamingResponse(told.pieces(), headers=EVENTS)

    def _next_state(self, request_id: str, plan: Plan) -> dict[str, Any]:
        """The state that the next to ask is told."""
        state = self._state(request_id, plan)
        self._polls[request_id] = self._polls.get(request_id, 0) + 1
        return state

    def _state(self, request_id: str, plan: Plan) -> dict[str, Any]:
        done_at = self._done_at(request_id, plan)
        if done_at is not None:
            return completed() if time.time() >= done_at else in_progress()
        return plan.states[min(self._polls.get(request_id, 0), len(plan.states) - 1)]

    def _done_at(self, request_id: str, plan: Plan) -> float | None:
        if plan.seconds is None:
            return None
        submission = self._submissions[request_id]
        return submission.at + plan.seconds(submission.input)

    async def _result(self, request: Request) -> Response:
        request_id = request.path_params["request_id"]
        plan = self._plan_of_request.get(request_id)
        if plan is None:
            return await self._reply(request, Reply(404, {"status": "NOT_FOUND"}))
        submission = self._submissions.get(request_id)
        output = _output(plan, submission and submission.input)
        own = Reply(body=output, headers={"x-fal-request-id": request_id, **plan.result_headers})
        reply = _scripted(plan, "result", own)
        response = await self._reply(request, reply)
        _note_delivery(submission, request, reply, output)
        return response

    async def _cancel(self, request: Request) -> Response:
        plan = self._plan_of_request.get(request.path_params["request_id"])
        if plan is None:
            return await self._reply(request, Reply(404, {"status": "NOT_FOUND"}))
        return await self._reply(request, _scripted(plan, "cancel", Reply(202, {"status": "CANCELLATION_REQUESTED"})))

    async def _platform(self, request: Request) -> Response:
        query = {name: request.query_params.getlist(name) for name in request.query_params}
        return await self._reply(request, self.platform(request.path_params["path"], query))

    async def _anything(self, request: Request) -> Response:
        return await self._reply(request, Reply(404, {"detail": "no such route"}))

    async def _reply(self, request: Request, reply: Reply, body: bytes | None = None) -> Response:
        if body is None:
            body = await request.body()
        path = request.scope["raw_path"].decode()
        self.seen.append(Seen(request.method, path, dict(request.query_params), dict(request.headers), body))
        response = await self._answer(request, reply)
        if _transport(request) is None:
            self.left.append(path)
        return response

    async def _answer(self, request: Request, reply: Reply) -> Response:
        return await answer(request, reply, _transport, self._reading_again)


def _no_platform(path: str, query: dict[str, list[str]]) -> Reply:
    del path, query
    return Reply(404, {"error": {"type": "not_found", "message": "no such thing"}})


def _transport(request: Request) -> Any:
    """The connection a request came on, while it lasts."""
    assert request.client is not None
    return _Protocol.transports.get((request.client.host, request.client.port))


def _note_delivery(submission: Submission | None, request: Request, reply: Reply, output: Any) -> None:
    is_whole = reply.status == 200 and reply.body == output and not (reply.drop or reply.cut)
    if submission and is_whole and _transport(request) is not None:
        submission.delivered = time.time()


def _scripted(plan: Plan, purpose: str, own: Reply) -> Reply:
    scripted = plan.scripted(purpose)
    return own if scripted is None else scripted.over(own)


def _output(plan: Plan, given: Any) -> Any:
    return plan.answers(given) if plan.answers else plan.output


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None

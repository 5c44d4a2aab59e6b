"""What type checkers know of clients and endpoints is what there is at run time, as far as it is public."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from runtime.async_client import AsyncFalClient
from runtime.calls import async_endpoint, async_handle, async_stream, endpoint, handle, stream
from runtime.client import FalClient
from runtime.faces import clients, dynamic, endpoints, handles, streams, verbs
from runtime.faces import requests as face_requests
from runtime.platform import requests
from runtime_twin import SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from fal_server import FalServer

# What emitted code says of each itself: its endpoints, and by their ids.
TOLD_BESIDE = {"endpoints"}
PAIRS = [
    (clients.ClientFace, FalClient),
    (clients.AsyncClientFace, AsyncFalClient),
    (endpoints.Namespace, endpoint.Namespace),
    (endpoints.AsyncNamespace, async_endpoint.AsyncNamespace),
    (endpoints.Endpoint, endpoint.Endpoint),
    (endpoints.AsyncEndpoint, async_endpoint.AsyncEndpoint),
    (dynamic.DynamicEndpoint, endpoint.DynamicEndpoint),
    (dynamic.AsyncDynamicEndpoint, async_endpoint.AsyncDynamicEndpoint),
    (face_requests.Requests, requests.Requests),
    (face_requests.AsyncRequests, requests.AsyncRequests),
    (handles.RequestHandle, handle.RequestHandle),
    (handles.AsyncRequestHandle, async_handle.AsyncRequestHandle),
    (streams.Stream, stream.Stream),
    (streams.AsyncStream, async_stream.AsyncStream),
]
each_pair = pytest.mark.parametrize(("face", "real"), PAIRS, ids=lambda one: one.__name__)


def public(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")} - TOLD_BESIDE


def members(cls: type) -> dict[str, Any]:
    """What is public, and what `with` and `for` call."""
    called = ("init", "enter", "exit", "iter", "next", "aenter", "aexit", "aiter", "anext")
    managing = {f"__{name}__" for name in called} & {name for base in cls.__mro__[:-1] for name in vars(base)}
    return {name: inspect.getattr_static(cls, name) for name in public(cls) | managing}


@each_pair
def test_a_face_has_every_public_name(face: type, real: type) -> None:
    assert public(face) == public(real)
    private = {name for base in face.__mro__ for name in vars(base) if name[0] == "_" and name[:2] != "__"}
    assert private - {"_is_protocol"} == set()


@each_pair
def test_a_face_takes_what_the_class_takes(face: type, real: type) -> None:
    for name, member in members(face).items():
        other = members(real)[name]
        if callable(member):
            assert parameters(member) == parameters(other), name
        assert inspect.iscoroutinefunction(member) == inspect.iscoroutinefunction(other), name


@each_pair
def test_a_face_says_what_the_class_says(face: type, real: type) -> None:
    for name in public(face):
        assert inspect.getdoc(getattr(face, name)) == inspect.getdoc(getattr(real, name)), name


def parameters(function: Callable[..., object]) -> list[tuple[str, Any, Any]]:
    """Names, kinds and defaults; the type of `http_client` differs, which is generic in what both clients share."""
    return [(one.name, one.kind, one.default) for one in inspect.signature(function).parameters.values()]


def test_the_verbs_call_the_endpoint(server: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        schnell, given = fal.flux_1.schnell, {"prompt": "x"}
        assert (yield verbs.run(schnell, given)).seed == 7
        assert (yield verbs.subscribe(schnell, given, logs=True)).seed == 7
        handle = yield verbs.submit(schnell, given, webhook_url="https://a.example/hook")
        assert handle.request_id
        assert isinstance(verbs.stream(schnell, given), async_stream.AsyncStream if twin.is_async else stream.Stream)

    twin.do(steps)
    sent = server.requests("POST", SCHNELL)
    assert [each.json for each in sent] == [{"prompt": "x"}] * 3
    assert sent[2].query == {"fal_webhook": "https://a.example/hook"}

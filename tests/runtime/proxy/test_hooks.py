"""Whom both proxies ask about a request: who it is of, whether its input is welcome, and whose requests it is about."""

from __future__ import annotations

import asyncio
import inspect
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import Reply, faults
from runtime import errors
from runtime.proxy.owners import MemoryOwners
from runtime.proxy.request import ProxyRefusedError, ProxyRequest
from runtime.proxy.shells.wsgi import WsgiFalProxy
from runtime.proxy.steps import run_steps
from runtime_proxies import ask
from runtime_sample import AsyncFal, Fal
from runtime_twin import KEY, OUTPUT, SCHNELL
from starlette.authentication import UnauthenticatedUser as AnonymousUser

if TYPE_CHECKING:
    from collections.abc import Callable

    from fal_server import FalServer
    from runtime_proxies import Proxies

RUN, QUEUE = f"https://fal.run/{SCHNELL}", f"https://queue.fal.run/{SCHNELL}"
UPLOAD = "https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3"


def session(request: ProxyRequest) -> str | None:
    """Who asks."""
    return request.headers.get("cookie")


def either(proxies: Proxies, hook: Callable[..., Any]) -> Any:
    """A hook that has to be awaited, where that is possible."""

    async def awaited(*given: Any) -> Any:
        await asyncio.sleep(0)
        return hook(*given)

    return awaited if proxies.is_async else hook


# --- who asks --------------------------------------------------------------------------------------------------------


def test_strangers_do_not_learn_what_is_allowed(server: FalServer, proxies: Proxies) -> None:
    asked: list[str | None] = []

    def nobody(request: ProxyRequest) -> None:
        asked.append(request.endpoint)

    places = [RUN, "https://fal.run/fal-ai/secret", f"{QUEUE}?fal_webhook=https://a/b", UPLOAD]
    with proxies.serve(authorize=either(proxies, nobody)) as url:
        answers = [ask(url, place, json={}) for place in places]
    assert {(each.status_code, each.text) for each in answers} == {(401, '{"detail": "Unauthorized"}')}
    assert asked == [SCHNELL, "fal-ai/secret", SCHNELL, None]
    assert not server.seen


def test_authorize_may_say_why(proxies: Proxies) -> None:
    def refused(request: ProxyRequest) -> None:
        raise ProxyRefusedError(402, "pay first")

    with proxies.serve(authorize=refused) as url:
        answer = ask(url, RUN, json={})
    assert (answer.status_code, answer.json()) == (402, {"detail": "pay first"})


def test_a_hook_that_fails_lets_nobody_through(server: FalServer, proxies: Proxies) -> None:
    def broken(*given: object) -> bool:
        raise RuntimeError("no database")

    for options in ({"authorize": broken}, {"check_input": broken}, {"owner": broken}):
        with proxies.serve(**options) as url:
            assert ask(url, QUEUE, json={}).status_code == 500
    assert not server.seen


# --- the input -------------------------------------------------------------------------------------------------------


def test_a_hook_sees_the_input(server: FalServer, proxies: Proxies) -> None:
    seen: list[Any] = []

    def few(request: ProxyRequest) -> bool:
        seen.append((request.user, request.endpoint, request.input, request.request_id))
        if request.input.get("num_images") == 3:
            raise ProxyRefusedError(429, "two a day")
        return request.input.get("num_images") != 4

    body = b'{ "num_images": 1,  "prompt": "\xc3\xa4" }'
    with proxies.serve(authorize=either(proxies, session), check_input=either(proxies, few)) as url:
        me = {"cookie": "me"}
        assert ask(url, RUN, content=body, headers=me).json() == OUTPUT
        assert server.seen[-1].body == body, "it goes on as it came"
        assert ask(url, QUEUE, content=iter([body[:5], body[5:]]), headers=me).status_code == 200
        assert server.seen[-1].body == body
        three, four = (ask(url, RUN, json={"num_images": count}, headers=me) for count in (3, 4))
        assert (three.status_code, three.json()) == (429, {"detail": "two a day"})
        assert (four.status_code, four.json()) == (403, {"detail": "Forbidden"})
        assert ask(url, RUN, content=b'{"num_images": 1, "num_images": 9}', headers=me).status_code == 400
        by_get = ask(url, f"{RUN}?num_images=7&prompt=a+cat", method="GET", headers=me)
        assert by_get.status_code != 400
    given = {"num_images": 1, "prompt": "ä"}
    counts = [("me", SCHNELL, {"num_images": count}, None) for count in (3, 4)]
    of_get = ("me", SCHNELL, {"num_images": "7", "prompt": "a cat"}, None)
    assert seen == [*[("me", SCHNELL, given, None)] * 2, *counts, of_get]


def test_a_hook_is_asked_about_what_is_paid_for_alone(proxies: Proxies) -> None:
    def none(request: ProxyRequest) -> bool:
        return False

    with proxies.serve(check_input=none) as url:
        assert ask(url, f"{QUEUE}/requests/1/status", method="GET").status_code == 404
        assert ask(url, UPLOAD, json={}).status_code != 403
        assert ask(url, f"{RUN}/stream", json={}).status_code == 403
        assert ask(url, f"{QUEUE}?a=1", method="GET").status_code == 403


def test_what_a_hook_would_see_is_bounded(server: FalServer, proxies: Proxies) -> None:
    with proxies.serve(check_input=lambda _: True, max_body_bytes=5000) as url:
        assert ask(url, RUN, content=iter([b"x" * 1000] * 100)).status_code == 413
    assert not server.seen


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_who_submitted_a_request_may_ask_about_it(server: FalServer, proxies: Proxies) -> None:
    kinds = [("", "GET"), ("/status", "GET"), ("/status/stream", "GET"), ("/response", "GET"), ("/cancel", "PUT")]
    me, you = {"cookie": "me"}, {"cookie": "you"}
    with proxies.serve(authorize=session, owner=either(proxies, lambda request: request.user)) as url:
        submitted = ask(url, QUEUE, json={"prompt": "x"}, headers=me)
        body = submitted.json()
        assert submitted.headers["content-length"] == str(len(submitted.content))
        assert body["status_url"].endswith(f"/{body['request_id']}/status"), "it is passed on as it is"
        count = len(server.seen)
        for place, method in kinds:
            target = f"https://queue.fal.run/fal-ai/flux-1/requests/{body['request_id']}{place}"
            refused = ask(url, target, method, headers=you)
            unknown = ask(url, target.replace(body["request_id"], "req-999"), method, headers=you)
            assert (refused.status_code, refused.json()) == (404, {"detail": "Request not found"})
            assert (unknown.status_code, unknown.content) == (404, refused.content), "it tells nothing"
        assert len(server.seen) == count
        for place, method in kinds:
            target = f"https://queue.fal.run/fal-ai/flux-1/requests/{body['request_id']}{place}"
            assert ask(url, target, method, headers=me).status_code in (200, 202, 404), place
        assert len(server.seen) == count + len(kinds)


def test_our_clients_are_owners(server: FalServer, proxies: Proxies) -> None:
    async def asynchronously(url: str) -> Any:
        async with (
            httpx.AsyncClient(headers={"cookie": "me"}) as client,
            AsyncFal(proxy_url=url, http_client=client) as fal,
        ):
            return await fal.flux_1.schnell.subscribe(prompt="x")

    with proxies.serve(authorize=session, owner=session) as url:
        assert asyncio.run(asynchronously(url)).seed == 7
        with httpx.Client(headers={"cookie": "me"}) as client, Fal(proxy_url=url, http_client=client) as fal:
            handle = fal.flux_1.schnell.submit(prompt="x")
            assert handle.result().seed == 7
        with httpx.Client(headers={"cookie": "you"}) as client, Fal(proxy_url=url, http_client=client) as fal:
            with pytest.raises(errors.NotFoundError) as refused:
                fal.flux_1.schnell.request(handle.request_id).status()
            assert "Request not found" in str(refused.value)


def test_who_has_no_id_submits_nothing(server: FalServer, proxies: Proxies) -> None:
    with proxies.serve(owner=lambda _: None) as url:
        assert ask(url, QUEUE, json={}).status_code == 403
        assert ask(url, f"{QUEUE}/requests/None", "GET").status_code == 404
        assert ask(url, RUN, json={}).status_code == 200
        assert ask(url, UPLOAD, json={}).status_code != 403
    assert len(server.accepted) == 1


@pytest.mark.parametrize("no_id", [True, object(), 1.5])
def test_what_is_no_id(server: FalServer, proxies: Proxies, no_id: object) -> None:
    """All callers would have the same, or one another at each request."""
    with proxies.serve(owner=lambda _: no_id) as url:
        assert ask(url, QUEUE, json={}).status_code == 500
    assert not server.seen


@pytest.mark.parametrize("owner", [7, uuid.UUID(int=7), "seven"])
def test_a_store_of_ones_own(server: FalServer, proxies: Proxies, owner: Any) -> None:
    kept: dict[str, str] = {}

    class Store:
        remember = staticmethod(either(proxies, kept.__setitem__))
        owner_of = staticmethod(either(proxies, kept.get))

    with proxies.serve(owner=lambda _: owner, owner_store=Store()) as url:
        request_id = ask(url, QUEUE, json={}).json()["request_id"]
        assert kept == {request_id: str(owner)}
        assert ask(url, f"{QUEUE}/requests/{request_id}/status", "GET").status_code in (200, 202)
        kept.clear()
        assert ask(url, f"{QUEUE}/requests/{request_id}/status", "GET").status_code == 404


def test_a_store_that_fails_costs_no_request(
    server: FalServer, proxies: Proxies, caplog: pytest.LogCaptureFixture
) -> None:
    class Store(MemoryOwners):
        def remember(self, request_id: str, owner: str, /) -> None:
            raise OSError("no disk")

    with proxies.serve(owner=lambda _: "me", owner_store=Store()) as url:
        assert ask(url, QUEUE, json={}).json()["request_id"]
    assert "could not be remembered" in caplog.text


@pytest.mark.parametrize(
    "reply", [Reply(200, b"<html>"), Reply(200, []), Reply(200, {"id": 1}), faults.model_error(422), Reply(500, {})]
)
def test_a_submit_without_an_id_is_passed_on(server: FalServer, proxies: Proxies, reply: Reply) -> None:
    server.plan(SCHNELL, always={"submit": reply})
    with proxies.serve(owner=lambda _: "me") as url:
        answer = ask(url, QUEUE, json={})
    assert (answer.status_code, answer.content) == (reply.status, reply.content())


@pytest.mark.parametrize(("fault", "status"), [(faults.CUT, 500), (faults.DROPPED, 500)])
def test_a_submit_that_breaks_off(server: FalServer, proxies: Proxies, fault: Reply, status: int) -> None:
    server.plan(SCHNELL, always={"submit": fault})
    with proxies.serve(owner=lambda _: "me") as url:
        answer = ask(url, QUEUE, json={})
    assert (answer.status_code, answer.headers["x-fal-needs-retry"]) == (status, "0")


def test_a_store_that_gives_something_else_is_told_of(server: FalServer, proxies: Proxies) -> None:
    class OfBytes(dict[str, bytes]):
        def remember(self, request_id: str, owner: str) -> None:
            self[request_id] = owner.encode()

        def owner_of(self, request_id: str) -> Any:
            return self.get(request_id)

    proxy = proxies.make(owner=lambda _: "me", owner_store=OfBytes({"r": b"me"}))
    asked = proxy._owner_of(_plan_of(proxy), ProxyRequest(**_ABOUT))
    with pytest.raises(TypeError, match="must give the str that it was told, not bytes"):
        run_steps(asked)


_ABOUT: dict[str, Any] = {
    "method": "GET",
    "endpoint": SCHNELL,
    "headers": {},
    "scope": {},
    "request_id": "r",
    "user": 1,
}


def _plan_of(proxy: Any) -> Any:
    return proxy._rules.admit("GET", [(b"x-fal-target-url", f"{QUEUE}/requests/r/status".encode())])


class Nobody:
    """What frameworks have for a user who did not sign in."""

    is_authenticated = False


def test_the_user_that_is_nobody(server: FalServer, proxies: Proxies) -> None:
    with proxies.serve(authorize=lambda _: Nobody()) as url:
        assert ask(url, RUN, json={}).status_code == 401
    with proxies.serve(authorize=lambda _: AnonymousUser()) as url:
        assert ask(url, RUN, json={}).status_code == 401
    assert server.seen == []


def test_cookies_of_fals_are_nobodys(server: FalServer, proxies: Proxies) -> None:
    server.plan(SCHNELL, always={"run": Reply(200, OUTPUT, {"set-cookie": "sess=ada; Path=/"})})
    with proxies.serve() as url:
        for _ in range(2):
            assert ask(url, RUN, json={}).status_code == 200
    assert [each.headers.get("cookie") for each in server.seen] == [None, None]


@pytest.mark.parametrize(("largest", "status"), [(10, 500), (21, 500), (22, 200)])
def test_a_submit_that_never_ends(
    server: FalServer, proxies: Proxies, monkeypatch: pytest.MonkeyPatch, largest: int, status: int
) -> None:
    server.plan(SCHNELL, always={"submit": Reply(200, b'{"request_id": "abcd"}')})
    shell = "asgi" if proxies.is_async else "wsgi"
    monkeypatch.setattr(f"runtime.proxy.shells.{shell}.LARGEST_SUBMIT", largest)
    with proxies.serve(owner=lambda _: "me") as url:
        assert ask(url, QUEUE, json={}).status_code == status


def test_memory_has_an_end() -> None:
    owners = MemoryOwners(3)
    for number in (1, 2, 3, 1, 4):
        owners.remember(f"r-{number}", "me")
    assert [owners.owner_of(f"r-{number}") for number in (1, 2, 3, 4)] == ["me", None, "me", "me"]
    with pytest.raises(ValueError, match="size"):
        MemoryOwners(-1)


def test_wsgi_awaits_nothing() -> None:
    async def hook(*given: object) -> bool:
        return True

    for name in ("authorize", "check_input", "owner"):
        with pytest.raises(TypeError, match=f"{name} must be a plain function"):
            WsgiFalProxy(["a/b"], **{name: hook})  # type: ignore[arg-type]

    class Store(MemoryOwners):
        remember = hook  # type: ignore[assignment]

    with pytest.raises(TypeError, match="owner_store"):
        WsgiFalProxy(["a/b"], owner_store=Store())

    def late(request: ProxyRequest) -> Any:
        return hook()

    environ = {"REQUEST_METHOD": "POST", "HTTP_X_FAL_TARGET_URL": RUN, "wsgi.input": None}
    with WsgiFalProxy([SCHNELL], authorize=late, credentials=KEY) as proxy, pytest.raises(TypeError, match="awaited"):
        proxy(environ, lambda *given: print)  # type: ignore[arg-type, return-value]
    assert inspect.iscoroutinefunction(hook)


@pytest.mark.parametrize("status", [200, 399, 600])
def test_a_refusal_is_an_error(status: int) -> None:
    assert [ProxyRefusedError(known, "x").status for known in (400, 599)] == [400, 599]
    with pytest.raises(ValueError, match=f"from 400 to 599, not {status}"):
        ProxyRefusedError(status, "fine")

"""Which other sites may call the proxies from a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from runtime.proxy.cors import Cors
from runtime_proxies import ask
from runtime_twin import SCHNELL

if TYPE_CHECKING:
    from fal_server import FalServer
    from runtime_proxies import Proxies

RUN = f"https://fal.run/{SCHNELL}"
SITE = "https://app.example"


def preflight(url: str, origin: str, asked: str = "content-type,x-fal-target-url") -> httpx.Response:
    headers = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": asked}
    return httpx.options(url, headers=headers)


def about(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


def test_nobody_may_by_default(proxies: Proxies) -> None:
    with proxies.serve() as url:
        asked = preflight(url, SITE)
        assert (asked.status_code, about(asked)) == (400, {})
        answer = ask(url, RUN, json={}, headers={"origin": SITE})
        assert (answer.status_code, about(answer), answer.headers.get("vary")) == (200, {}, None)


def test_a_site_may(server: FalServer, proxies: Proxies) -> None:
    with proxies.serve(cors=[SITE, "http://localhost:3000"]) as url:
        asked = preflight(
            url, SITE, "content-type, X-Fal-Target-Url,x-fal-object-lifecycle,x-evil,x-app-fal-disable-fallback"
        )
        assert (asked.status_code, asked.content, asked.headers["vary"]) == (204, b"", "origin")
        assert about(asked) == {
            "access-control-allow-origin": SITE,
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": "GET, POST, PUT",
            "access-control-allow-headers": "accept, authorization, content-type, x-fal-target-url, "
            "x-fal-runner-hint, x-fal-queue-priority, x-fal-object-lifecycle, x-app-fal-disable-fallback",
            "access-control-max-age": "600",
        }
        assert not server.seen
        answer = ask(url, RUN, json={}, headers={"origin": SITE})
        assert about(answer) == {
            "access-control-allow-origin": SITE,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "x-fal-request-id",
        }
        refused = ask(url, "https://fal.run/a/b", json={}, headers={"origin": SITE})
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (400, SITE)


@pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.evil.example", "null", ""])
def test_another_may_not(proxies: Proxies, origin: str) -> None:
    with proxies.serve(cors=[SITE]) as url:
        asked = preflight(url, origin)
        assert (asked.status_code, about(asked)) == (400, {})
        answer = ask(url, RUN, json={}, headers={"origin": origin})
        assert (about(answer), answer.headers["vary"]) == ({}, "origin")


def test_every_site_gets_no_cookies(proxies: Proxies) -> None:
    with proxies.serve(cors=["*"]) as url:
        for answer in (
            preflight(url, "https://any.example"),
            ask(url, RUN, json={}, headers={"origin": "https://a.b"}),
        ):
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers


WRONG: list[Any] = [["https://app.example/"], ["app.example"], ["https://App.example"], ["*", SITE], ["https://*.a.b"]]


@pytest.mark.parametrize("origins", WRONG)
def test_an_origin_that_is_none(origins: list[str]) -> None:
    with pytest.raises(ValueError, match="cors"):
        Cors(origins)


def test_origins_are_a_list() -> None:
    with pytest.raises(TypeError, match="cors"):
        Cors(SITE)

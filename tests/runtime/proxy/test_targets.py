"""Which targets a proxy sends requests to, as a table; and which never."""

from __future__ import annotations

from typing import Any

import pytest
from runtime.http.hosts import Hosts
from runtime.proxy.headers import request_headers, response_headers
from runtime.proxy.targets import Target, Targets

PATTERNS = ["fal-ai/flux-1/*", "fal-ai/veo3", "bria/**", "me/app-*/run", "workflows/me/*", "fal-ai/flux-lora/stream"]
TARGETS = Targets(PATTERNS, Hosts())
RUN, QUEUE, REST = "https://fal.run", "https://queue.fal.run", "https://rest.fal.ai"
UPLOAD = f"{REST}/storage/upload/initiate?storage_type=fal-cdn-v3"


def allowed(targets: Targets, method: str, url: str) -> Target | None:
    """The place, if it is one that the patterns allow."""
    target = targets.find(method, url)
    return target if target and target.is_allowed else None


ALLOWED = [
    ("POST", f"{RUN}/fal-ai/flux-1/schnell", "fal-ai/flux-1/schnell"),
    ("GET", f"{RUN}/fal-ai/flux-1/schnell?prompt=a+cat", "fal-ai/flux-1/schnell"),
    ("POST", f"{RUN}/fal-ai/flux-1/schnell/stream", "fal-ai/flux-1/schnell"),
    ("POST", f"{RUN}/fal-ai/flux-lora/stream", "fal-ai/flux-lora/stream"),
    ("POST", f"{RUN}/fal-ai/veo3", "fal-ai/veo3"),
    ("POST", f"{RUN}/fal-ai/veo3/stream", "fal-ai/veo3"),
    ("POST", f"{RUN}/bria/a/b/c/3.2", "bria/a/b/c/3.2"),
    ("POST", f"{RUN}/me/app-1/run", "me/app-1/run"),
    ("POST", f"{QUEUE}/fal-ai/flux-1/schnell", "fal-ai/flux-1/schnell"),
    ("POST", f"{QUEUE}/fal-ai/flux-1/schnell?fal_webhook=https%3A%2F%2Fapp.example%2Fhook", "fal-ai/flux-1/schnell"),
    ("POST", f"{QUEUE}/workflows/me/app", "workflows/me/app"),
    ("GET", f"{QUEUE}/fal-ai/flux-1/requests/764cabcf-b745", "fal-ai/flux-1"),
    ("GET", f"{QUEUE}/fal-ai/flux-1/requests/764cabcf-b745/status?logs=1", "fal-ai/flux-1"),
    ("GET", f"{QUEUE}/fal-ai/flux-1/requests/764cabcf-b745/status/stream?logs=1", "fal-ai/flux-1"),
    ("GET", f"{QUEUE}/fal-ai/flux-1/requests/764cabcf-b745/response", "fal-ai/flux-1"),
    ("PUT", f"{QUEUE}/fal-ai/flux-1/requests/764cabcf-b745/cancel", "fal-ai/flux-1"),
    ("GET", f"{QUEUE}/fal-ai/flux-1/schnell/requests/764cabcf-b745", "fal-ai/flux-1/schnell"),
    ("GET", f"{QUEUE}/workflows/me/app/requests/7", "workflows/me/app"),
    ("GET", f"{QUEUE}/bria/x/requests/7", "bria/x"),
    ("POST", UPLOAD, None),
    ("POST", UPLOAD.replace("initiate", "initiate-multipart"), None),
    ("POST", UPLOAD.replace("initiate", "complete-multipart"), None),
]


@pytest.mark.parametrize(("method", "url", "endpoint"), ALLOWED)
def test_what_is_allowed(method: str, url: str, endpoint: str | None) -> None:
    target = allowed(TARGETS, method, url)
    assert target is not None
    assert (target.url, target.endpoint) == (url, endpoint)


@pytest.mark.parametrize(("method", "url", "endpoint"), ALLOWED)
def test_nothing_is_allowed_by_default(method: str, url: str, endpoint: str | None) -> None:
    assert allowed(Targets([], Hosts()), method, url) is None


REFUSED = [
    # not allowed endpoints
    ("POST", f"{RUN}/fal-ai/flux-2/schnell"),
    ("POST", f"{RUN}/fal-ai/flux-1"),
    ("POST", f"{RUN}/fal-ai/flux-1/schnell/redux"),
    ("POST", f"{RUN}/fal-ai/flux-1/schnell/redux/stream"),
    ("POST", f"{RUN}/fal-ai/flux-1-other/schnell"),
    ("POST", f"{RUN}/fal-ai/veo3/fast"),
    ("POST", f"{RUN}/fal-ai/flux-lora"),
    ("POST", f"{RUN}/FAL-AI/flux-1/schnell"),
    ("POST", f"{RUN}/me/app/run"),
    ("POST", f"{QUEUE}/fal-ai/veo3/stream"),
    ("POST", f"{RUN}/bria"),
    ("POST", f"{RUN}/stream"),
    ("GET", f"{QUEUE}/fal-ai/flux-2/requests/1"),
    ("GET", f"{QUEUE}/me/app/requests/1"),
    ("GET", f"{QUEUE}/fal-ai/requests/1"),
    # not allowed methods
    ("DELETE", f"{RUN}/fal-ai/veo3"),
    ("PUT", f"{RUN}/fal-ai/veo3"),
    ("OPTIONS", f"{RUN}/fal-ai/veo3"),
    ("DELETE", f"{QUEUE}/fal-ai/veo3/requests/1"),
    ("GET", f"{QUEUE}/fal-ai/veo3/requests/1/cancel"),
    ("PUT", f"{QUEUE}/fal-ai/veo3/requests/1"),
    ("GET", UPLOAD),
    # not allowed places of hosts that are
    ("GET", f"{QUEUE}/fal-ai/veo3/requests"),
    ("GET", f"{QUEUE}/fal-ai/veo3/requests/1/other"),
    ("POST", f"{REST}/tokens/"),
    ("POST", f"{REST}/storage/auth/token?storage_type=fal-cdn-v3"),
    ("POST", f"{REST}/storage/upload/initiate"),
    ("POST", f"{REST}/storage/upload/initiate?storage_type=gcs"),
    ("POST", f"{UPLOAD}&x=1"),
    ("POST", f"{REST}/storage/upload/../../tokens/?storage_type=fal-cdn-v3"),
    ("POST", f"{REST}/fal-ai/veo3"),
    # foreign hosts
    ("POST", "https://evil.example/fal-ai/veo3"),
    ("POST", "https://fal.run.evil.example/fal-ai/veo3"),
    ("POST", "https://evilfal.run/fal-ai/veo3"),
    ("POST", "https://evil.example/https://fal.run/fal-ai/veo3"),
    ("POST", "https://evil.example?https://fal.run/fal-ai/veo3"),
    ("POST", "https://evil.example#https://fal.run/fal-ai/veo3"),
    ("POST", "https://evil.fal.run/fal-ai/veo3"),
    ("POST", "https://api.fal.ai/v1/models"),
    ("POST", "https://v3.fal.media/files/upload"),
    ("POST", "https://rest.falrun.com/storage/upload/initiate?storage_type=fal-cdn-v3"),
    ("POST", "https://falrun.com.evil.example/fal-ai/veo3"),
    # tricks with the authority
    ("POST", "https://fal.run@evil.example/fal-ai/veo3"),
    ("POST", "https://evil.example@fal.run/fal-ai/veo3"),
    ("POST", "https://user:password@fal.run/fal-ai/veo3"),
    ("POST", "https://fal.run:443/fal-ai/veo3"),
    ("POST", "https://fal.run:8443/fal-ai/veo3"),
    ("POST", "https://FAL.run/fal-ai/veo3"),
    ("POST", "HTTPS://fal.run/fal-ai/veo3"),
    ("POST", "http://fal.run/fal-ai/veo3"),
    ("POST", "//fal.run/fal-ai/veo3"),
    ("POST", "fal.run/fal-ai/veo3"),
    ("POST", "https:/fal.run/fal-ai/veo3"),
    ("POST", "https:\\\\fal.run\\fal-ai\\veo3"),
    ("POST", "https://fal.run\\@evil.example/fal-ai/veo3"),
    ("POST", "https://fal.run./fal-ai/veo3"),
    ("POST", " https://fal.run/fal-ai/veo3"),
    ("POST", "https://fal.run%2eevil.example/fal-ai/veo3"),
    ("POST", "https://[::1]/fal-ai/veo3"),
    ("POST", "https://fаl.run/fal-ai/veo3"),
    # tricks with the path
    ("POST", f"{RUN}/fal-ai/flux-1/../flux-2"),
    ("POST", f"{RUN}/bria/../fal-ai/secret"),
    ("POST", f"{RUN}/bria/./x"),
    ("POST", f"{RUN}/bria/%2e%2e/fal-ai/secret"),
    ("POST", f"{RUN}/bria/..%2ffal-ai%2fsecret"),
    ("POST", f"{RUN}/bria%2f..%2fx/y"),
    ("POST", f"{RUN}/bria/a%00b"),
    ("POST", f"{RUN}//bria/x"),
    ("POST", f"{RUN}/bria//x"),
    ("POST", f"{RUN}/bria/x/"),
    ("POST", f"{RUN}/bria/x;y"),
    ("POST", f"{RUN}/bria/x\\y"),
    ("POST", f"{RUN}/bria/x#y"),
    ("POST", f"{RUN}/bria/x?y#z"),
    ("POST", f"{RUN}/bria/x?y z"),
    ("POST", f"{RUN}/bria/x?y\r\nx-evil: 1"),
    ("POST", f"{RUN}/bria/x\r\nx-evil: 1"),
    ("POST", f"{RUN}/bria/ä"),
    ("POST", f"{RUN}/bria/x y"),
    ("POST", f"{RUN}/bria/{'x' * 9000}"),
    ("GET", f"{QUEUE}/fal-ai/veo3/requests/../../secret/x/requests/1"),
    ("GET", f"{QUEUE}/fal-ai/veo3/requests/%2e%2e"),
    ("GET", f"{QUEUE}/fal-ai/veo3/requests/.."),
    ("GET", f"{QUEUE}/fal-ai/secret/requests/1/requests/1"),
    ("POST", RUN),
    ("POST", f"{RUN}/"),
    ("POST", ""),
]


@pytest.mark.parametrize(("method", "url"), REFUSED)
def test_what_is_refused(method: str, url: str) -> None:
    assert allowed(TARGETS, method, url) is None


@pytest.mark.parametrize(
    ("form", "most"),
    [(f"{RUN}/bria/{{}}", 512 - len("/bria/")), (f"{RUN}/bria/x?{{}}", 8192 - len(f"{RUN}/bria/x?"))],
    ids=["a path", "a URL"],
)
def test_how_long_it_may_be(form: str, most: int) -> None:
    assert allowed(TARGETS, "POST", form.format("x" * most))
    assert not allowed(TARGETS, "POST", form.format("x" * (most + 1)))


def test_targets_say_whether_there_are_any() -> None:
    assert [bool(Targets(patterns, Hosts())) for patterns in ([], ["a/b"])] == [False, True]


def test_of_two_names_that_fit_the_longer_one_counts() -> None:
    targets = Targets(["**"], Hosts(run="https://elsewhere.example/run", queue="https://fal.run/queue"))
    found = targets.find("POST", f"{RUN}/queue/a/b?c=d?e")
    assert found is not None
    assert (found.is_queue, found.endpoint, found.url) == (True, "a/b", f"{RUN}/queue/a/b?c=d?e")
    assert (found.query, found.starts_work) == ("c=d?e", True)
    other = targets.find("POST", f"{RUN}/a/b")
    assert other is not None
    assert (other.is_queue, other.url, other.query) == (False, "https://elsewhere.example/run/a/b", "")


def test_how_many_segments_it_may_have() -> None:
    assert allowed(Targets(["**"], Hosts()), "POST", RUN + "/a" * 16)
    assert not allowed(Targets(["**"], Hosts()), "POST", RUN + "/a" * 17)


def test_even_who_allows_everything_allows_only_fal() -> None:
    targets = Targets(["**"], Hosts())
    assert allowed(targets, "POST", f"{RUN}/any/thing/at/all") is not None
    foreign = [(method, url) for method, url in REFUSED if not url.startswith((RUN + "/", QUEUE + "/"))]
    assert len(foreign) > 30
    assert not [each for each in foreign if allowed(targets, *each)]


def test_fals_names_lead_to_the_deployment() -> None:
    hosts = Hosts(run="http://127.0.0.1:1/run", queue="http://127.0.0.1:1/run/queue", rest="http://127.0.0.1:1/rest")
    targets = Targets(["a/b"], hosts)

    def found(method: str, url: str) -> Any:
        target = allowed(targets, method, url)
        return target and target.url

    assert found("POST", f"{RUN}/a/b") == "http://127.0.0.1:1/run/a/b"
    assert found("GET", f"{QUEUE}/a/b/requests/1") == "http://127.0.0.1:1/run/queue/a/b/requests/1"
    assert found("POST", UPLOAD) == "http://127.0.0.1:1/rest/storage/upload/initiate?storage_type=fal-cdn-v3"
    assert found("POST", "http://127.0.0.1:1/run/a/b") == "http://127.0.0.1:1/run/a/b"
    assert found("GET", "http://127.0.0.1:1/run/queue/a/b/requests/1") == "http://127.0.0.1:1/run/queue/a/b/requests/1"
    assert found("POST", "http://127.0.0.1:12/run/a/b") is None


@pytest.mark.parametrize(
    "pattern",
    ["fal-ai", "*", "", "fal-ai/", "/fal-ai/x", "fal-ai//x", "fal-ai/x**", "fal-ai/..", "fal-ai/[ab]", "a/b c"],
)
def test_a_pattern_that_is_none(pattern: str) -> None:
    with pytest.raises(ValueError, match="allowed_endpoints"):
        Targets([pattern], Hosts())


def test_patterns_are_a_list() -> None:
    with pytest.raises(TypeError, match="not a str"):
        Targets("fal-ai/x", Hosts())
    wrong: Any = [3]
    with pytest.raises(TypeError, match="must hold str"):
        Targets(wrong, Hosts())


def test_what_goes_to_fal() -> None:
    given = [
        (b"Authorization", b"Bearer mine"),
        (b"cookie", b"session=1"),
        (b"X-Fal-Target-Url", b"https://fal.run/a/b"),
        (b"X-Fal-Queue-Priority", b"low"),
        (b"x-fal-client-proxy", b"mine"),
        (b"x-forwarded-for", b"1.2.3.4"),
        (b"accept", b"*/*"),
        (b"content-type", b"text/plain"),
        (b"content-length", b"3"),
        (b"user-agent", b"agent/1"),
        (b"host", b"app.example"),
    ]
    assert dict(request_headers(given, "asgi") or []) == {
        b"x-fal-queue-priority": b"low",
        b"x-fal-client-proxy": b"runtime/asgi",
        b"accept": b"application/json",
        b"accept-encoding": b"identity",
        b"user-agent": b"agent/1",
    }
    streaming = dict(request_headers([(b"accept", b"text/event-stream")], "wsgi") or [])
    assert (streaming[b"accept"], streaming[b"x-fal-client-proxy"]) == (b"text/event-stream", b"runtime/wsgi")


def test_what_comes_back() -> None:
    kept = [(b"content-type", b"application/json"), (b"x-fal-request-id", b"1"), (b"content-length", b"2")]
    left = ["Set-Cookie", "Connection", "transfer-encoding", "Access-Control-Allow-Origin", "strict-transport-security"]
    assert response_headers([*kept, *((name.encode(), b"x") for name in left)]) == kept

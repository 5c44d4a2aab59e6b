"""Constructing clients, finding endpoints, options, credentials, hosts, pickling, threads and event loops."""

from __future__ import annotations

import asyncio
import copy
import pickle
import shutil
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from runtime.async_client import AsyncFalClient
from runtime.client import FalClient
from runtime.errors import MissingCredentialsError
from runtime.http.hosts import Hosts, check_proxy_url, is_loopback
from runtime.options import Options
from runtime_sample import AsyncFal, AsyncSchnell, Fal, Schnell
from runtime_twin import KEY, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer

TEMPLATES = Path(sys.modules["runtime"].__path__[0]).parent


# Finding endpoints.


def test_attributes_reach_endpoints(twin: Twin) -> None:
    fal = twin.client()
    assert type(fal.flux_1.schnell) is (AsyncSchnell if twin.is_async else Schnell)
    assert fal.flux_1.schnell == fal.flux_1.schnell == fal.endpoints[SCHNELL]
    assert hash(fal.flux_1.schnell) == hash(fal.endpoints[SCHNELL])
    assert fal.flux_1 == fal.flux_1
    assert fal.flux_1.schnell != fal.flux_1.schnell.with_options(logs=True)
    assert fal.flux_1.schnell != twin.client().flux_1.schnell
    assert {"flux_1", "alias", "endpoint", "endpoints"} <= set(dir(fal))
    assert repr(fal.flux_1.schnell).endswith(f"Schnell {SCHNELL}>")


@pytest.mark.parametrize(
    ("path", "hint"), [("flux1", "flux_1"), ("flux_1.schnel", "schnell"), ("flux_1.schnell.subscrib", "subscribe")]
)
def test_an_unknown_name_suggests_the_nearest(twin: Twin, path: str, hint: str) -> None:
    node = twin.client()
    *parents, last = path.split(".")
    for name in parents:
        node = getattr(node, name)
    with pytest.raises(AttributeError, match=f"did you mean '{hint}'"):
        getattr(node, last)


COME = {"map", "input_schema", "output_schema"}  # to endpoints


@pytest.mark.parametrize("name", [*sorted(COME), "requests", "once"])
def test_a_name_that_is_kept_free_is_said_to_be_missing(twin: Twin, name: str) -> None:
    fal = twin.client()
    for node in (fal, fal.flux_1, fal.flux_1.schnell, fal.endpoint("any/where")):
        if (name == "requests" and node is fal) or (name in COME and hasattr(node, "subscribe")):
            continue  # they have come
        with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
            getattr(node, name)


def test_private_names_are_not_delegated(twin: Twin) -> None:
    fal = twin.client()
    for name in ("_nothing", "__nothing__", "__deepcopy_"):
        assert not hasattr(fal, name)
        assert not hasattr(fal.flux_1, name)


def test_endpoints_is_a_mapping(twin: Twin) -> None:
    endpoints = twin.client().endpoints
    assert SCHNELL in endpoints
    assert "no/such" not in endpoints
    assert 3 not in endpoints
    assert list(endpoints) == [SCHNELL, "workflows/me/alias"]
    assert len(endpoints) == 2
    assert endpoints.get("no/such") is None
    with pytest.raises(KeyError) as caught:
        endpoints["fal-ai/flux-1/schnel"]
    assert f"did you mean '{SCHNELL}'?" in str(caught.value)
    assert ".endpoint('fal-ai/flux-1/schnel')" in str(caught.value)


@pytest.mark.parametrize("bad", ["", "one", "a/", "/a", "a//b", "a/..", "a/b?c", "a/b c", "a/ü", "http://a/b", "a/b\n"])
def test_a_bad_id_is_refused(twin: Twin, bad: str) -> None:
    with pytest.raises(ValueError, match="is not an endpoint id"):
        twin.client().endpoint(bad)


def test_an_id_that_is_no_text_is_refused(twin: Twin) -> None:
    with pytest.raises(TypeError, match="must be a str"):
        twin.client().endpoint(3)


# The constructor.


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"timeout": -1}, ValueError),
        ({"timeout": 0}, ValueError),
        ({"timeout": float("nan")}, ValueError),
        ({"timeout": float("inf")}, ValueError),
        ({"timeout": 1.1e9}, ValueError),
        ({"timeout": sys.maxsize}, ValueError),
        ({"http_timeout": 10**400}, ValueError),
        ({"timeout": True}, TypeError),
        ({"timeout": "3"}, TypeError),
        ({"http_timeout": 0}, ValueError),
        ({"http_timeout": None}, TypeError),
        ({"max_retries": -1}, ValueError),
        ({"max_retries": 1.5}, TypeError),
        ({"max_retries": True}, TypeError),
        ({"validate_inputs": 1}, TypeError),
        ({"http_client": object()}, TypeError),
        ({"hosts": "https://a.b"}, TypeError),
        ({"credentials": "a\nb"}, ValueError),
        ({"credentials": "ü:secret"}, ValueError),
        ({"credentials": 3}, TypeError),
    ],
)
def test_a_bad_argument_is_named(twin: Twin, arguments: dict[str, Any], kind: type[Exception]) -> None:
    (name,) = arguments
    with pytest.raises(kind, match=name) as caught:
        twin.client(**arguments)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["timeout", "http_timeout"])
def test_the_longest_time_is_one_that_sockets_take(twin: Twin, name: str) -> None:
    """A limit that only the system refuses is refused when the request is on its way."""
    for verb in ("run", "subscribe"):
        out = twin.do(lambda fal, verb=verb: getattr(fal.flux_1.schnell, verb)(prompt="x"), **{name: 1e9})
        assert out.seed == 7


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"timeout": -1}, ValueError),
        ({"timeout": 1_000_000_001}, ValueError),
        ({"journal": " "}, ValueError),
        ({"journal": 3}, TypeError),
        ({"http_timeout": True}, TypeError),
        ({"start_timeout": 0.1}, ValueError),
        ({"priority": "high"}, ValueError),
        ({"hint": "a\r\nX: y"}, ValueError),
        ({"headers": {"authorization": "x"}}, ValueError),
        ({"headers": {"Host": "x"}}, ValueError),
        ({"headers": {"CONTENT-LENGTH": "1"}}, ValueError),
        ({"headers": {"Transfer-Encoding": "chunked"}}, ValueError),
        ({"headers": {"a b": "x"}}, ValueError),
        ({"headers": {"a": "x\ny"}}, ValueError),
        ({"headers": {"a": 3}}, TypeError),
        ({"headers": [("a", "b")]}, TypeError),
        ({"max_retries": -1}, ValueError),
        ({"poll_interval": 0}, ValueError),
        ({"logs": "yes"}, TypeError),
        ({"on_queue_update": 3}, TypeError),
        ({"webhook_url": "ftp://a"}, ValueError),
        ({"extra_input": {3: 4}}, TypeError),
        ({"store_io": 0}, TypeError),
        ({"no_retry": "1"}, TypeError),
        ({"allow_fallback": 1}, TypeError),
        ({"max_queue_length": -1}, ValueError),
        ({"max_queue_length": True}, TypeError),
        ({"keep_output": "never"}, ValueError),
        ({"keep_output": "2d"}, ValueError),
        ({"keep_output": 0}, ValueError),
        ({"keep_output": True}, TypeError),
        ({"keep_output": 1.5}, TypeError),
        ({"keep_output": timedelta(0)}, ValueError),
        ({"keep_output": timedelta(milliseconds=1)}, ValueError),
    ],
)
def test_a_bad_option_is_named(twin: Twin, options: dict[str, Any], kind: type[Exception]) -> None:
    (name,) = options
    with pytest.raises(kind, match=name):
        twin.client().flux_1.schnell.with_options(**options)


def test_options_merge() -> None:
    first = Options(headers={"A": "1", "B": "2"}, extra_input={"x": 1}, timeout=3, logs=True)
    merged = first.merged(Options(headers={"b": "3"}, extra_input={"y": 2}, logs=False))
    assert merged == Options(headers={"a": "1", "b": "3"}, extra_input={"x": 1, "y": 2}, timeout=3, logs=False)
    assert first.headers == {"a": "1", "b": "2"}
    with pytest.raises(AttributeError):
        first.timeout = 4


def test_options_become_headers_of_the_post_alone(server: FalServer, twin: Twin) -> None:
    options = {"start_timeout": 20, "priority": "low", "hint": "h", "webhook_url": "https://a.b"}

    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.with_options(**options).with_options(headers={"X-Mine": "1"}).subscribe(prompt="x")

    twin.do(steps)
    post, *gets = server.seen
    expected = {
        "x-fal-request-start-timeout": "20",
        "x-fal-request-timeout": "20",
        "x-fal-queue-priority": "low",
        "x-fal-runner-hint": "h",
    }
    assert expected.items() <= post.headers.items()
    assert post.query == {"fal_webhook": "https://a.b"}
    assert gets
    for get in gets:
        assert get.headers["x-mine"] == "1"
        assert not any(name.startswith("x-fal") for name in get.headers)


NAMED = {
    "tags": {"Team": "a b", "cost.center_1-x": "=7"},
    "store_io": False,
    "no_retry": True,
    "allow_fallback": False,
    "keep_output": "7d",
    "max_queue_length": 0,
}
HEADERS = {
    "x-fal-tags": "team=a b,cost.center_1-x==7",
    "x-fal-store-io": "0",
    "x-fal-no-retry": "1",
    "x-app-fal-disable-fallback": "1",
    "x-fal-object-lifecycle-preference": '{"expiration_duration_seconds": 604800}',
}


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_what_is_said_by_name_goes_with_what_starts_work(server: FalServer, twin: Twin, verb: str) -> None:
    def steps(fal: Any) -> Steps:
        for endpoint in (fal.flux_1.schnell, fal.endpoint(SCHNELL)):
            server.seen.clear()
            yield getattr(endpoint.with_options(**NAMED, webhook_url="https://a.b"), verb)(prompt="x")
            post, *gets = server.seen
            assert HEADERS.items() <= post.headers.items()
            queued = {"fal_webhook": "https://a.b", "fal_max_queue_length": "0"}
            assert post.query == ({} if verb == "run" else queued)
            assert not any(name.startswith(("x-fal", "x-app")) for get in gets for name in get.headers)

    twin.do(steps)


def test_no_is_told_apart_from_nothing_said(server: FalServer, twin: Twin) -> None:
    opposite = {"store_io": True, "no_retry": False, "allow_fallback": True, "keep_output": timedelta(hours=1)}

    def steps(fal: Any) -> Steps:
        said = fal.flux_1.schnell.with_options(**NAMED)
        yield said.with_options(timeout=20).run(prompt="x")
        yield said.with_options(**opposite).run(prompt="x")
        yield fal.flux_1.schnell.with_options(**opposite).with_options(**NAMED).run(prompt="x")
        yield fal.flux_1.schnell.with_options(tags={}).run(prompt="x")

    twin.do(steps)
    sent = [
        {k: v for k, v in each.headers.items() if k.startswith(("x-fal", "x-app")) and k != "x-fal-tags"}
        for each in server.seen
    ]
    said = {name: value for name, value in HEADERS.items() if name != "x-fal-tags"}
    other = {"x-fal-store-io": "1", "x-fal-object-lifecycle-preference": '{"expiration_duration_seconds": 3600}'}
    assert sent == [said, other, said, {}]
    assert "x-fal-tags" not in server.seen[-1].headers


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("immediate", 60), ("1h", 3600), ("1d", 86400), ("7d", 604800), ("30d", 2592000), ("1y", 31536000), (5, 5)],
)
def test_how_long_files_are_kept(given: Any, seconds: int) -> None:
    assert Options(keep_output=given).keep_output == seconds


@pytest.mark.parametrize(
    ("tags", "rule"),
    [
        ({"": "x"}, r"tags\[''\]: a key must be 1 to 64 letters"),
        ({"k" * 65: "x"}, "a key must be 1 to 64 letters"),
        ({"a b": "x"}, r"tags\['a b'\]: a key must be"),
        ({"ü": "x"}, "a key must be"),
        ({"Fal.x": "x"}, r"tags\['Fal.x'\]: keys that begin with 'fal.'"),
        ({"Team": "x", "team": "x"}, r"tags\['Team'\]: the key is there twice"),
        ({"a": "x,y"}, r"tags\['a'\]: a value must be at most 256 printable ASCII"),
        ({"a": "ü"}, "a value must be"),
        ({"a": "x\ny"}, "a value must be"),
        ({"a": " x"}, "a value must be"),
        ({"a": "x" * 257}, "a value must be"),
        ({f"k{n}": "x" for n in range(11)}, "tags: fal takes at most 10, not 11"),
        ({f"k{n}": "x" * 253 for n in range(4)}, "tags: fal takes at most 1024 characters in all .*, not 1027"),
    ],
)
def test_a_tag_that_fal_would_drop_is_refused(tags: dict[str, str], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        Options(tags=tags)


@pytest.mark.parametrize("tags", [{"a": 3}, {"a": None}, {3: "a"}, ["a"]])
def test_a_tag_that_is_no_text_is_refused(tags: Any) -> None:
    with pytest.raises(TypeError, match="tags"):
        Options(tags=tags)


def test_the_longest_tags_are_taken() -> None:
    longest = {f"{n}" * 64: "x" * 190 for n in range(4)}
    assert Options(tags=longest).tags == longest
    ten = {f"k{n}": "~" for n in range(10)}
    assert Options(tags={"a": "x" * 256}).merged(Options(tags={"A": ""})).tags == {"a": ""}
    with pytest.raises(ValueError, match="at most 10, not 11"):
        Options(tags=ten).merged(Options(tags={"one-more": "x"}))
    assert Options(tags=ten).merged(Options(tags={"K9": "y"})).tags == {**ten, "k9": "y"}


# Credentials.


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({"FAL_KEY": "k"}, "Key k"),
        ({"FAL_KEY": "k", "FAL_KEY_ID": "i", "FAL_KEY_SECRET": "s"}, "Key k"),
        ({"FAL_KEY": "", "FAL_KEY_ID": "i", "FAL_KEY_SECRET": "s"}, "Key i:s"),
    ],
)
def test_credentials_of_the_environment(
    server: FalServer, twin: Twin, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], sent: str
) -> None:
    def steps(fal: Any) -> Steps:
        for name, value in environment.items():  # after the client was made
            monkeypatch.setenv(name, value)
        yield fal.flux_1.schnell.run(prompt="x")

    twin.do(steps, credentials=None)
    assert server.seen[0].headers["authorization"] == sent


@pytest.mark.parametrize("environment", [{}, {"FAL_KEY": ""}, {"FAL_KEY_ID": "i"}, {"FAL_KEY": "sec\nret"}])
def test_no_usable_credentials(
    server: FalServer, twin: Twin, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def steps(fal: Any) -> Steps:
        with pytest.raises(MissingCredentialsError, match="FAL_KEY") as caught:
            yield fal.flux_1.schnell.run(prompt="x")
        assert "sec" not in str(caught.value).lower().replace("fal_key_secret", "")

    twin.do(steps, credentials=None)
    assert server.seen == []


# Hosts.


@pytest.mark.parametrize(
    "url",
    ["https://a.b", "https://a.b:8443/base/", "http://localhost:1", "http://127.9.9.9", "http://[::1]:80"],
)
def test_hosts_that_are_accepted(url: str) -> None:
    hosts = Hosts(queue=url)
    assert hosts.queue == url.rstrip("/")
    assert hosts.run == "https://fal.run"
    assert hosts == Hosts(queue=url) == pickle.loads(pickle.dumps(hosts)) == copy.deepcopy(hosts)
    assert hash(hosts) == hash(Hosts(queue=url))


@pytest.mark.parametrize(
    "url",
    [
        "http://a.b",
        "http://localhost.evil.example",
        "http://128.0.0.1",
        "ftp://localhost",
        "a.b",
        "https://",
        "https://u:secret@a.b",
        "https://a.b?x=1",
        "https://a.b/#f",
        "https://a b",
        "https://a.b\n",
        "https://a.b:99999",
        "https://[::1",
        "",
    ],
)
def test_hosts_that_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="queue") as caught:
        Hosts(queue=url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "run", "queue"),
    [
        ({}, "https://fal.run", "https://queue.fal.run"),
        ({"FAL_RUN_HOST": "a.b"}, "https://a.b", "https://queue.a.b"),
        ({"FAL_RUN_HOST": "https://a.b/"}, "https://a.b", "https://queue.a.b"),
        ({"FAL_QUEUE_RUN_HOST": "q.b"}, "https://fal.run", "https://q.b"),
        ({"FAL_RUN_HOST": "a.b", "FAL_QUEUE_RUN_HOST": "http://localhost:1"}, "https://a.b", "http://localhost:1"),
        ({"FAL_RUN_HOST": ""}, "https://fal.run", "https://queue.fal.run"),
    ],
)
def test_hosts_of_the_environment(
    server: FalServer, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], run: str, queue: str
) -> None:
    del server  # it clears the variables
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert f"hosts=Hosts(run={run!r}, queue={queue!r}" in repr(Fal())
    assert Hosts().run == "https://fal.run"


@pytest.mark.parametrize(
    "url",
    ["http://a.b", "a.b", "https://", "https://a.b#c", "https://a.b?c d", "https://a.b/?c#d", "https://a.b?é"],
)
def test_a_proxys_url_is_one_to_send_to(url: str) -> None:
    with pytest.raises(ValueError, match="proxy_url"):
        check_proxy_url(url)
    assert check_proxy_url("https://a.b/c/?d=1") == "https://a.b/c/?d=1"


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("localhost", True), ("LocalHost", True), ("127.0.0.9", True), ("::1", True), ("10.0.0.1", False), ("a.b", False)],
)
def test_what_can_only_be_this_machine(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local


def test_a_host_is_a_text() -> None:
    url: Any = 7
    with pytest.raises(TypeError, match=r"^queue must be a str, not int$"):
        Hosts(queue=url)


def test_a_bad_host_of_the_environment_is_named(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    del server
    monkeypatch.setenv("FAL_RUN_HOST", "http://a.b")
    with pytest.raises(ValueError, match="FAL_RUN_HOST"):
        Fal()


# Pickling, copying, closing.


def test_a_pickled_client_keeps_settings_and_no_credentials(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    fal = twin.client(timeout=3, max_retries=1)
    data = pickle.dumps(fal)
    assert b"very-secret" not in data
    clone = pickle.loads(data)
    assert type(clone) is type(fal)
    assert repr(clone) == repr(fal)
    assert copy.copy(fal) is copy.deepcopy(fal) is fal
    endpoint = pickle.loads(pickle.dumps(fal.flux_1.schnell.with_options(timeout=20)))
    monkeypatch.setenv("FAL_KEY", "worker")

    async def call() -> Any:
        try:
            return await endpoint.run(prompt="x")
        finally:
            await endpoint._session.transport.aclose()

    assert (asyncio.run(call()) if twin.is_async else endpoint.run(prompt="x")).seed == 7
    if not twin.is_async:
        endpoint._session.transport.close()


def test_a_pickled_handle_goes_on(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with Fal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url)) as fal:
        data = pickle.dumps(fal.flux_1.schnell.submit(prompt="x"))
    assert b"very-secret" not in data
    monkeypatch.setenv("FAL_KEY", "worker")
    handle = pickle.loads(data)
    assert handle.result().seed == 7
    handle._session.transport.close()


def test_a_handle_of_the_callers_own_client_is_pickled_without_it(
    server: FalServer, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    own: Any = httpx.AsyncClient() if twin.is_async else httpx.Client()

    def pickled(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.with_options(tags={"team": "a"}).submit(prompt="x")
        yield own.aclose() if twin.is_async else own.close()
        return pickle.dumps(handle)

    data = twin.do(pickled, http_client=own)
    assert b"very-secret" not in data
    monkeypatch.setenv("FAL_KEY", "worker")
    handle = pickle.loads(data)

    async def result() -> Any:
        try:
            return await handle.result()
        finally:
            await handle._session.transport.aclose()

    assert (asyncio.run(result()) if twin.is_async else handle.result()).seed == 7
    if not twin.is_async:
        handle._session.transport.close()
    assert server.seen[-1].headers["authorization"] == "Key worker"
    assert handle._request.call.options.tags == {"team": "a"}


def test_the_key_is_in_no_repr(twin: Twin) -> None:
    fal = twin.client()
    for value in (fal, fal.flux_1, fal.flux_1.schnell, fal.endpoints, fal.endpoint("a/b"), fal._session.secret()):
        assert "secret:" not in repr(value).lower()
        assert "very-secret" not in repr(value)
    with pytest.raises(TypeError):
        pickle.dumps(fal._session.secret())


def test_a_closed_client_makes_no_calls(twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.run(prompt="x")
        yield fal.aclose() if twin.is_async else fal.close()
        with pytest.raises(RuntimeError, match="closed"):
            yield fal.flux_1.schnell.run(prompt="x")

    twin.do(steps)


def test_an_injected_client_is_used_and_left_open(server: FalServer, twin: Twin) -> None:
    async def use_async() -> None:
        async with httpx.AsyncClient(headers={"X-Injected": "1"}, auth=("u", "p"), follow_redirects=True) as injected:
            async with AsyncFal(KEY, hosts=twin.hosts, http_client=injected) as fal:
                await fal.flux_1.schnell.run(prompt="x")
            assert not injected.is_closed

    if twin.is_async:
        asyncio.run(use_async())
    else:
        with httpx.Client(headers={"X-Injected": "1"}, auth=("u", "p"), follow_redirects=True) as injected:
            with Fal(KEY, hosts=twin.hosts, http_client=injected) as fal:
                fal.flux_1.schnell.run(prompt="x")
            assert not injected.is_closed
    assert server.seen[0].headers["x-injected"] == "1"
    assert server.seen[0].headers["authorization"] == f"Key {KEY}"


def test_the_wrong_kind_of_http_client() -> None:
    with httpx.Client() as wrong, pytest.raises(TypeError, match=r"httpx\.AsyncClient"):
        AsyncFal(http_client=wrong)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


# Threads and event loops.


def test_threads_share_a_client(server: FalServer) -> None:
    results: list[int] = []
    with Fal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url)) as fal:
        work = [
            threading.Thread(target=lambda: results.append(fal.flux_1.schnell.run(prompt="x").seed)) for _ in range(16)
        ]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
    assert results == [7] * 16


def test_one_async_client_serves_loop_after_loop(server: FalServer) -> None:
    fal = AsyncFal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url))

    async def main() -> int:
        seeds = await asyncio.gather(*(fal.flux_1.schnell.run(prompt="x") for _ in range(3)))
        (own,) = vars(fal._session.transport)["_own"].values()
        await own.aclose()  # only so that no socket outlives its loop in this test
        return len(seeds)

    assert [asyncio.run(main()) for _ in range(3)] == [3, 3, 3]
    assert len(vars(fal._session.transport)["_own"]) == 1  # those of closed loops are dropped


# Cost.

HEAVY = ("httpx", "pydantic", "typing_extensions", "asyncio", "dataclasses", "inspect", "logging", "json", "urllib")


def test_naming_a_client_imports_nothing_heavy() -> None:
    """But for the asynchronous one, which imports all that its calls need: tests/pinned/test_import.py."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from runtime.client import FalClient as Client\n"
        "Client('key')\n"
        f"loaded = set(sys.modules) - before; print(sorted(loaded & set({HEAVY!r})))"
    )
    environment = {"PYTHONPATH": str(TEMPLATES), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_works_inside_any_package_and_logs_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "__init__.py").touch()
    shutil.copytree(TEMPLATES / "runtime", tmp_path / "shipped" / "_runtime")
    names = sorted(path.stem for path in (TEMPLATES / "runtime").glob("[a-z]*.py"))
    code = "".join(f"import shipped._runtime.{name}\n" for name in names)
    code += "import sys\nprint(shipped._runtime.log.logger.name, 'runtime' in sys.modules)"
    command = [sys.executable, "-c", code]
    environment = {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["shipped", "False"]


def test_both_clients_take_the_same_arguments() -> None:
    import inspect

    names = [list(inspect.signature(kind).parameters) for kind in (FalClient, AsyncFalClient)]
    assert names[0] == names[1]

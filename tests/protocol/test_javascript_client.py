"""fal's own JavaScript client, `@fal-ai/client` of npm on Node, calls through our proxy without a key in its process.

Skipped only where Node or the npm registry is not there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import FalServer
from fal_server.asgi import JsStorage, running
from fal_server.stream import event
from fal_typed import Hosts
from fal_typed.proxy import FalProxy, ProxyRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = "@fal-ai/client@1.10.1"
INSTALLED = Path(tempfile.gettempdir()) / "fal-typed-tests" / CLIENT.replace("/", "_")
PROGRAM = Path(__file__).with_name("through_proxy.mjs")
ENDPOINT = "fal-ai/flux-1/schnell"
KEY = "key-id:very-secret"


@pytest.fixture(scope="module")
def installed() -> Path:
    """Where the client is; installed once for all runs."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is not here: fal's JavaScript client cannot run")
    if not (INSTALLED / "done").is_file():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=30000"]
        command = ["npm", "install", "--prefix", str(INSTALLED), *options, CLIENT]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip(f"npm cannot install {CLIENT}: {done.stderr.strip()[-300:]}")
        (INSTALLED / "done").touch()
    return INSTALLED


@pytest.fixture
def server() -> Iterator[FalServer]:
    with FalServer() as running_server:
        running_server.plan(ENDPOINT, output={"images": [], "seed": 7})
        running_server.stream(f"{ENDPOINT}/stream", event({"step": 1}), 0.05, event({"step": 2}))
        yield running_server


def call(installed: Path, server: FalServer, storage: JsStorage, session: str) -> dict[str, Any]:
    """All calls of the program, through a proxy that knows one session."""

    def is_signed_in(request: ProxyRequest) -> bool:
        return request.headers.get("cookie") == "session=good"

    with running(storage.app) as storage_url:
        hosts = Hosts(run=server.run_url, queue=server.queue_url, rest=storage_url)
        app = FalProxy(["fal-ai/flux-1/*"], authorize=is_signed_in, hosts=hosts, credentials=KEY)
        with running(app, lifespan="on") as url:
            environment = {name: text for name, text in os.environ.items() if not name.startswith("FAL_")}
            done = subprocess.run(
                ["node", str(PROGRAM), str(installed), f"{url}/api/fal/proxy", ENDPOINT],
                env={**environment, "SESSION": session},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads(done.stdout)
    return results


def test_it_runs_subscribes_streams_and_uploads(installed: Path, server: FalServer) -> None:
    storage = JsStorage()
    results = call(installed, server, storage, "session=good")
    assert results["key"] == []
    assert results["run"] == {"images": [], "seed": 7}
    assert results["subscribe"]["data"] == {"images": [], "seed": 7}
    assert results["subscribe"]["states"] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    assert results["stream"] == {"events": [{"step": 1}, {"step": 2}], "last": {"step": 2}}
    assert results["upload"] == "https://v3.fal.media/files/hello.txt"
    assert storage.files == {"hello.txt": b"hello"}
    assert results["other"] == {"error": 400, "body": {"detail": "Invalid request"}}
    # The key was added on the way, and only where it belongs.
    assert {each.headers["authorization"] for each in server.seen} == {f"Key {KEY}"}
    assert [headers["authorization"] for headers, _ in storage.asked] == [f"Key {KEY}"]
    assert [headers.get("authorization") for headers in storage.put_headers] == [None]
    assert {each.path.split("/")[1] for each in server.seen} == {"run", "queue"}
    assert not [each for each in server.seen if "not-allowed" in each.path or "cookie" in each.headers]


def test_without_a_session_nothing_leaves(installed: Path, server: FalServer) -> None:
    storage = JsStorage()
    results = call(installed, server, storage, "session=bad")
    for verb in ("run", "subscribe", "stream", "upload"):
        assert results[verb] == {"error": 401, "body": {"detail": "Unauthorized"}}, verb
    assert results["other"] == {"error": 400, "body": {"detail": "Invalid request"}}
    assert (server.seen, storage.asked, storage.files) == ([], [], {})

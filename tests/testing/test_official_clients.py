"""Clients of every kind against the fake's server, as their users set them up: by variables and documented settings."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme
from fal_typed import AsyncFal, Fal, Hosts
from javascript.node import environment, installed, missing, needed_node

from .command import commanded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_typed.models import AnyImage

HERE = Path(__file__).parent
HELLO = [200, "text/plain", sha256(b"hello").hexdigest()]
NAMES = ("127.0.0.1", "localhost", "fal.run", "*.fal.run", "rest.fal.ai", "api.fal.ai", "v3.fal.media")
ENDPOINT = "fal-ai/flux-1/schnell"
INPUT = {"prompt": "a cat", "image_size": "square", "num_images": 2}


@dataclass(frozen=True)
class Fake:
    """A server that runs.

    Attributes:
        url: Where it is.
        certificate: Whom to trust.
    """

    url: str
    certificate: Path

    @property
    def variables(self) -> dict[str, str]:
        """What points any client at it that has fal's hosts built in."""
        return {"FAL_KEY": "any", "HTTPS_PROXY": self.url, "SSL_CERT_FILE": str(self.certificate)}

    @property
    def hosts(self) -> Hosts:
        """What points ours at it."""
        return Hosts(
            **{kind: f"{self.url}/{kind}" for kind in ("run", "queue", "rest", "cdn")}, api=f"{self.url}/api/v1"
        )

    def asked(self) -> list[dict[str, Any]]:
        """What it says that it was asked, the newest first."""
        return httpx.get(f"{self.url}/_fake/requests.json").json()["requests"]


def certified(folder: Path) -> tuple[Path, Path, Path]:
    """Whom to trust, and a certificate with its key."""
    authority, chain, key = folder / "ca.pem", folder / "chain.pem", folder / "key.pem"
    ca = trustme.CA()
    issued = ca.issue_cert(*NAMES)
    ca.cert_pem.write_to_path(str(authority))
    issued.private_key_pem.write_to_path(str(key))
    issued.cert_chain_pems[0].write_to_path(str(chain))
    return authority, chain, key


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fake]:
    """One for all: nobody is disturbed by what another one asked."""
    authority, chain, key = certified(tmp_path_factory.mktemp("certificates"))
    with commanded("--tls", str(chain), str(key)) as (url, _):
        yield Fake(url, authority)


def called(kind: str, fake: Fake) -> dict[str, Any]:
    """What fal-client's calls gave."""
    return json.loads(ran([sys.executable, str(HERE / "fal_client_calls.py"), kind], fake.variables))


def ran(command: list[str], variables: dict[str, str]) -> str:
    """What a program prints that knows fal by these variables alone."""
    usual = {name: text for name, text in os.environ.items() if not name.upper().endswith("_PROXY")}
    kept = {name: text for name, text in usual.items() if not name.startswith("FAL_")} | variables
    done = subprocess.run(command, env=kept, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# fal-client


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_fal_client_does_everything(fake: Fake, kind: str) -> None:
    told = called(kind, fake)
    output = told["run"]
    assert [(each["width"], each["height"]) for each in output["images"]] == [(512, 512)] * 2
    assert told["subscribe"] == told["get"] == told["result"] == told["stream"][-1] == output
    assert told["updates"][-1] == told["events"][-1] == told["status"] == "Completed"
    assert told["upload"] == HELLO
    assert told["picture"][:2] == [200, "image/png"]
    newest = fake.asked()[:8]
    assert {"run", "submit", "stream", "upload"} <= {row["verb"] for row in newest}
    assert all(row["input"] == INPUT for row in newest if row["verb"] == "stream")


def test_fal_client_is_told_what_goes_wrong(fake: Fake) -> None:
    told = called("sync", fake)
    assert [told[name][0] for name in ("late cancel", "unknown request", "unknown endpoint", "invalid input")] == [
        400,
        404,
        404,
        422,
    ]
    assert "fal-ai/no/such" in told["unknown endpoint"][1]
    assert told["invalid input"][1][0]["loc"] == ["body", "prompt"]


@pytest.mark.slow
def test_fal_client_sends_a_large_file_in_parts(fake: Fake) -> None:
    told = called("large", fake)
    assert told["sync"] == told["async"] == [200, "video/mp4", told["sent"]]


@pytest.mark.slow
def test_fal_client_sees_the_states_of_a_call_that_takes_its_time(tmp_path: Path) -> None:
    authority, chain, key = certified(tmp_path)
    with commanded("--tls", str(chain), str(key), "--endpoint-seconds", "3") as (url, _):
        told = called("sync", Fake(url, authority))
    for states in (told["updates"], told["events"]):
        assert [state for at, state in enumerate(states) if states[at - 1 : at] != [state]] == [
            "Queued",
            "InProgress",
            "Completed",
        ]


@pytest.mark.slow
def test_a_certificate_as_the_page_says(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        missing("openssl is not here")
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:fal.run,DNS:*.fal.run,DNS:rest.fal.ai,DNS:v3.fal.media"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=fake -keyout key.pem -out fake.pem -addext"
    subprocess.run([*command.split(), names], cwd=tmp_path, capture_output=True, check=True)
    with commanded("--tls", str(tmp_path / "fake.pem"), str(tmp_path / "key.pem")) as (url, _):
        assert called("async", Fake(url, tmp_path / "fake.pem"))["upload"] == HELLO


# @fal-ai/client


def test_fals_javascript_client_does_everything(fake: Fake) -> None:
    command = [needed_node().program, str(HERE / "fal_js_calls.mjs"), str(installed()), f"{fake.url}/api/fal/proxy"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    output = told["run"]["data"]
    assert len(output["images"]) == 2
    results = [told[name]["data"] for name in ("polled", "streamed", "result")]
    assert [*results, told["stream"]["last"]] == [output] * 4
    assert told["polled"]["states"][-1] == told["streamed"]["states"][-1] == told["status"]["status"] == "COMPLETED"
    assert told["states"]["last"]["status"] == "COMPLETED"
    assert told["submitted"]["status"] == "IN_QUEUE"
    assert told["lateCancel"] == [400, {"status": "ALREADY_COMPLETED"}]
    assert told["unknownEndpoint"][0] == 404
    assert told["invalidInput"][1]["detail"][0]["loc"] == ["body", "prompt"]
    assert told["upload"] == HELLO
    parts = "".join(f"part {number};" for number in range(1, 11)).encode()
    assert told["parts"] == [200, "video/mp4", sha256(parts).hexdigest()]
    assert told["picture"][:2] == [200, "image/png"]
    assert [row["endpoint"] for row in fake.asked()[:2]] == ["long.mp4", "hello.txt"]


# curl


def curl(*arguments: str) -> str:
    if shutil.which("curl") is None:
        missing("curl is not here")
    return ran(["curl", "--silent", "--show-error", *arguments], {})


def test_curl_as_the_page_says(fake: Fake) -> None:
    sent = ["-H", "Content-Type: application/json", "-d", '{"prompt": "a cat"}']
    output = json.loads(curl(f"{fake.url}/run/{ENDPOINT}", *sent))
    submitted = json.loads(curl(f"{fake.url}/queue/{ENDPOINT}", *sent))
    place = f"{fake.url}/queue/fal-ai/flux-1/requests/{submitted['request_id']}"
    assert submitted["response_url"] == place
    assert json.loads(curl(f"{place}/status?logs=1"))["status"] == "COMPLETED"
    assert curl("-N", f"{place}/status/stream").startswith('data: {"status": "COMPLETED"')
    assert json.loads(curl(place)) == output
    picture = output["images"][0]["url"]
    assert "image/png" in curl("--head", picture)
    assert len(curl("--range", "1-3", picture)) == 3


def test_curl_by_names_and_by_proxy(fake: Fake) -> None:
    sent = ["-H", "Content-Type: application/json", "-d", '{"prompt": "a cat"}']
    port = fake.url.rpartition(":")[2]
    by_name = curl(f"http://queue.localhost:{port}/{ENDPOINT}", *sent)
    assert json.loads(by_name)["status"] == "IN_QUEUE"
    trusting = ["--proxy", fake.url, "--cacert", str(fake.certificate)]
    by_proxy = json.loads(curl(*trusting, f"https://queue.fal.run/{ENDPOINT}", *sent))
    assert by_proxy["response_url"].startswith("https://queue.fal.run/fal-ai/flux-1/requests/")
    assert json.loads(curl(*trusting, by_proxy["status_url"]))["status"] == "COMPLETED"


def test_a_large_body_of_curl(fake: Fake, tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    large.write_text(json.dumps({"prompt": "x" * 3_000_000}))
    sent = ["-H", "Content-Type: application/json", "--data-binary", f"@{large}"]
    assert "images" in json.loads(curl(f"{fake.url}/run/{ENDPOINT}", *sent))
    assert len(json.dumps(fake.asked()[0]["input"])) < 1000


# fal_typed


def ours(fal: Fal) -> AnyImage:
    endpoint = fal.flux_1.schnell
    output = endpoint.run(prompt="a cat", num_images=2)
    assert len(output.images) == 2
    handle = endpoint.submit(prompt="a cat", num_images=2)
    assert handle.result() == output == endpoint.subscribe(prompt="a cat", num_images=2)
    found = fal.requests.find(endpoint, {"prompt": "a cat", "num_images": 2}, since=timedelta(minutes=5))
    assert handle.request_id in [one.request_id for one in found]
    url = fal.storage.upload(b"hello", content_type="text/plain")
    assert httpx.get(url).content == b"hello"
    return output.images[0]


async def ours_async(fal: AsyncFal) -> AnyImage:
    endpoint = fal.flux_1.schnell
    output = await endpoint.run(prompt="a cat", num_images=2)
    handle = await endpoint.submit(prompt="a cat", num_images=2)
    assert await handle.result() == output == await endpoint.subscribe(prompt="a cat", num_images=2)
    found = await fal.requests.find(endpoint, {"prompt": "a cat", "num_images": 2}, since=timedelta(minutes=5))
    assert handle.request_id in [one.request_id for one in found]
    url = await fal.storage.upload(b"hello", content_type="text/plain")
    assert httpx.get(url).content == b"hello"
    return output.images[0]


def test_ours_by_its_hosts(fake: Fake, tmp_path: Path) -> None:
    with Fal(credentials="any", hosts=fake.hosts) as fal:
        picture = ours(fal)
        assert picture.download(tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")

    async def use() -> None:
        async with AsyncFal(credentials="any", hosts=fake.hosts) as fal:
            picture = await ours_async(fal)
            await picture.adownload(tmp_path / "two.png")

    asyncio.run(use())
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_ours_by_the_same_variables_as_fal_client(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in fake.variables.items():
        monkeypatch.setenv(name, text)
    with Fal() as fal:
        ours(fal)

    async def use() -> None:
        async with AsyncFal() as fal:
            await ours_async(fal)

    asyncio.run(use())


def test_ours_by_its_own_variables(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAL_KEY", "any")
    monkeypatch.setenv("FAL_RUN_HOST", f"{fake.url}/run")
    monkeypatch.setenv("FAL_QUEUE_RUN_HOST", f"{fake.url}/queue")
    with Fal() as fal:
        assert fal.flux_1.schnell.run(prompt="a cat") == fal.flux_1.schnell.subscribe(prompt="a cat")

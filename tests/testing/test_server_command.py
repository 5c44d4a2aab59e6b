"""`python -m fal_typed.testing`: how it begins, what it says, and how it ends."""

from __future__ import annotations

import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme
from fal_server.waiting import until
from fal_typed._runtime.testing.server.command import main

from .command import commanded

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_somebody_ends_it(how: signal.Signals) -> None:
    with commanded() as (url, process):
        assert httpx.get(url).status_code == 200
        process.send_signal(how)
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_it_ends_with_a_call_under_way() -> None:
    with commanded("--endpoint-seconds", "3600") as (url, process):
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{url}/run/fal-ai/flux-1/schnell", json={"prompt": "a"}, timeout=httpx.Timeout(20, read=1))
        rows = list[dict[str, Any]]()
        until(lambda: rows.extend(httpx.get(f"{url}/_fake/requests.json").json()["requests"]) or rows, "nothing came")
        assert rows[0]["state"] == "IN_PROGRESS"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"127.0.0.1 port {port} is in use: ")
    assert "--port" in said.err
    assert (said.err.count("\n"), said.out) == (1, "")


def test_a_host_that_is_not_here_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", "--host", "203.0.113.7"]) == 1
    assert capsys.readouterr().err.startswith("cannot listen at 203.0.113.7 port 0: ")


def test_certificates_that_are_none_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, other, encrypted = tmp_path / "text.pem", tmp_path / "other.pem", tmp_path / "encrypted.pem"
    text.write_text("no certificate")
    issued = trustme.CA().issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(str(other))
    encrypted.write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END ENCRYPTED PRIVATE KEY-----\n")
    certificate = tmp_path / "certificate.pem"
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    for pair in ((tmp_path / "none.pem", other), (text, text), (certificate, text), (certificate, encrypted)):
        assert main(["--port", "0", "--tls", *map(str, pair)]) == 1
        said = capsys.readouterr().err
        assert said.startswith("--tls: ")
        assert str(pair[0]) in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--port", "70000"], "from 0 to 65535, not '70000'"),
        (["--port", "²"], "from 0 to 65535"),
        (["--host", ""], "this one is empty"),
        (["--endpoint-seconds", "-1"], "0 or more, not '-1'"),
        (["--endpoint-seconds", "nan"], "0 or more, not 'nan'"),
        (["--tls", "certificate.pem"], "2 arguments"),
        (["--por", "0"], "--por"),
        (["8400"], "8400"),
    ],
)
def test_wrong_arguments_are_told(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert says in capsys.readouterr().err


def test_its_help_says_how_clients_find_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: python -m fal_typed.testing ")
    for word in ("--port", "--host", "--tls", "--endpoint-seconds", "proxyUrl", "HTTPS_PROXY", "curl"):
        assert word in said


@pytest.mark.skipif(sys.platform == "win32", reason="has no such addresses")
def test_it_may_listen_everywhere() -> None:
    with commanded("--host", "0.0.0.0") as (url, _):
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(url).status_code == 200


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no such address")
def test_it_may_listen_at_an_address_of_version_6() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("there is no such address")
    with commanded("--host", "::1") as (url, _):
        assert url.startswith("http://[::1]:")
        assert httpx.get(url).status_code == 200

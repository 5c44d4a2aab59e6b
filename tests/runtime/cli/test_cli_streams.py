"""Streams that are closed, or whose reader has enough, and signals at any moment: what is paid for is not lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command_line import GENERATED, settings, started
from fal_server.plan import Gate
from fal_server.waiting import until

if TYPE_CHECKING:
    from fal_server import FalServer

SCHNELL = "fal-ai/flux-1/schnell"
PICTURE = b"\x89PNG\r\n\x1a\nnothing else"
DATA_URI = "data:image/png;base64,iVBORw0KGgpub3RoaW5nIGVsc2U="
OUTPUT: dict[str, Any] = {
    "images": [{"url": DATA_URI, "width": 64, "height": 64, "content_type": "image/png"}],
    "timings": {},
    "seed": 7,
    "has_nsfw_concepts": [False],
    "prompt": "x",
}


def shell(
    fal: FalServer, redirected: str, *arguments: str, unbuffered: bool = False
) -> subprocess.CompletedProcess[str]:
    """A command whose streams a shell redirects; its own exit code, also in a pipe."""
    environment = {**os.environ, "PYTHONPATH": str(GENERATED), **settings(fal)}
    environment.pop("PYTHONUNBUFFERED", None)
    return subprocess.run(
        [
            "bash",
            "-c",
            f'set -o pipefail; "$@" {redirected}',
            "bash",
            sys.executable,
            "-m",
            "fal_typed.cli",
            *arguments,
        ],
        env={**environment, **({"PYTHONUNBUFFERED": "1"} if unbuffered else {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize("redirected", ["| true", ">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_what_is_paid_for_is_saved(fal: FalServer, tmp_path: Path, redirected: str, more: list[str]) -> None:
    fal.plan(SCHNELL, output=OUTPUT)
    ran = shell(fal, redirected, "run", SCHNELL, "--prompt", "x", "-o", f"{tmp_path}/{{name}}", *more)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "file.png").read_bytes() == PICTURE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_full_disk_for_the_text_is_told(fal: FalServer, tmp_path: Path, more: list[str]) -> None:
    fal.plan(SCHNELL, output=OUTPUT)
    ran = shell(fal, ">/dev/full", "run", SCHNELL, "--prompt", "x", "-o", f"{tmp_path}/{{name}}", *more)
    assert ran.returncode == 6
    assert ran.stderr.startswith("error: [Errno 28]")
    assert f"{SCHNELL}: request id req-" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert (tmp_path / "file.png").read_bytes() == PICTURE
    assert shell(fal, ">/dev/full", "--help").returncode == 6


@pytest.mark.parametrize("redirected", ["| true", ">&-", "2>&-"])
@pytest.mark.parametrize(
    "arguments", [["search"], ["show", SCHNELL], ["show", SCHNELL, "--json"], ["--help"], ["run", SCHNELL, "--help"]]
)
@pytest.mark.sampled(5)
def test_a_reader_who_has_enough_is_no_failure(fal: FalServer, redirected: str, arguments: list[str]) -> None:
    for unbuffered in (False, True):
        ran = shell(fal, redirected, *arguments, unbuffered=unbuffered)
        assert (ran.returncode, ran.stderr) == (0, "")


def test_a_submitted_request_is_submitted_once(fal: FalServer) -> None:
    for redirected in ("2>&-", ">&- 2>&-"):
        assert shell(fal, redirected, "submit", SCHNELL, "--prompt", "x").returncode == 0
    ran = shell(fal, "2>&-", "submit", SCHNELL, "--prompt", "x", "--json")
    assert json.loads(ran.stdout)["endpoint"] == SCHNELL


def test_there_is_no_stdin_to_read(fal: FalServer) -> None:
    ran = shell(fal, "<&-", "run", SCHNELL, "--input", "-")
    assert (ran.returncode, ran.stderr) == (2, "error: --input: there is no stdin: it was closed\n")


def test_ctrl_c_while_a_file_is_saved(fal: FalServer, tmp_path: Path) -> None:
    fal.plan(SCHNELL, output=OUTPUT)
    code = (
        "import sys, time; from pathlib import Path; from fal_typed.cli import main\n"
        "from fal_typed._runtime.cli import calls\n"
        f"def save(*_): Path({str(tmp_path / 'saving')!r}).touch(); time.sleep(60); yield\n"
        "calls.save = save\n"
        f"sys.exit(main(['run', {SCHNELL!r}, '--prompt', 'x', '-o', {str(tmp_path / '{name}')!r}]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(GENERATED), **settings(fal)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until((tmp_path / "saving").exists, "nothing is saved")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert f"{SCHNELL}: request id req-" in err
    assert f" result {SCHNELL} req-" in err
    assert err.endswith("\ninterrupted\n")


@pytest.mark.parametrize("module", ["typer", "fal_typed._runtime.cli.text", "fal_typed._runtime.cli.calls"])
def test_ctrl_c_in_the_first_moments(tmp_path: Path, module: str) -> None:
    code = (
        "import os, signal, sys\n"
        "class Interrupts:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: sys.meta_path.remove(self); os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupts())\n"
        "from fal_typed.cli import main\n"
        f"sys.exit(main(['run', {SCHNELL!r}]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(GENERATED)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "interrupted\n")


def test_what_is_to_be_ignored_is_ignored(fal: FalServer) -> None:
    """As `nohup` has it."""
    gate = Gate()
    fal.plan(SCHNELL, output=OUTPUT, told=[["state", gate, "state"]])
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = started("run", SCHNELL, "--prompt", "x", **settings(fal))
    finally:
        signal.signal(signal.SIGHUP, before)
    try:
        until(lambda: gate.arrived, "nobody waits for the request")
        process.send_signal(signal.SIGHUP)
        gate.open()
        process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0

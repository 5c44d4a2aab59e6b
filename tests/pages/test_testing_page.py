"""TESTING.md: its samples run as they stand, print what it says, and its server is found by each client."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fal_server import FalServer
from javascript.node import environment as node_environment
from javascript.node import installed, needed_node
from testing.command import commanded

from .collect import REPOSITORY
from .printed import is_as_shown
from .ways import TESTING, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .collect import Block

SCHNELL = "fal-ai/flux-1/schnell"
IMAGE = {"url": "https://v3.fal.media/files/a/panda.png", "width": 512, "height": 512, "content_type": "image/png"}
FAKE = blocks("fake")
CASSETTES = [block for block in FAKE if "cassette(" in block.code]
PLAIN = [block for block in FAKE if block not in CASSETTES]
FILES = {block.code.partition("\n")[0].removeprefix("# "): block.code for block in blocks("files of tests")}


def environment(**more: str) -> dict[str, str]:
    without = {name: value for name, value in os.environ.items() if not name.startswith(("FAL_", "PYTEST_"))}
    return {**without, "PYTHONPATH": str(REPOSITORY / "generated"), "NO_COLOR": "1", **more}


def run(arguments: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that lead to a service which stands for fal while something is recorded."""
    with FalServer() as server:
        server.plan(SCHNELL).output = {
            "images": [IMAGE],
            "seed": 7,
            "prompt": "a panda",
            "timings": {},
            "has_nsfw_concepts": [],
        }
        yield {"FAL_KEY": "id:secret", "FAL_RUN_HOST": server.run_url, "FAL_QUEUE_RUN_HOST": server.queue_url}


def expect(block: Block, ran: subprocess.CompletedProcess[str]) -> None:
    """A program printed what the page shows, its traceback included."""
    fails = "Traceback" in (block.shown or "")
    assert ran.returncode == fails, f"{block.where}\n{ran.stdout}{ran.stderr}"
    printed = ran.stdout + (ran.stderr if fails else "")  # what is logged meanwhile is not shown
    assert is_as_shown(block.shown or "", printed), f"{block.where}\n{ran.stdout}{ran.stderr}"


@pytest.mark.parametrize("block", PLAIN, ids=[block.where for block in PLAIN])
def test_a_sample_prints_what_the_page_says(block: Block, tmp_path: Path) -> None:
    ran = run(["-W", "error", "-c", block.code], tmp_path)
    if block.shown is None:
        assert (ran.returncode, ran.stderr) == (0, ""), f"{block.where}\n{ran.stderr}"
    else:
        expect(block, ran)


def test_what_was_recorded_is_replayed(recorded: dict[str, str], tmp_path: Path) -> None:
    first, other = CASSETTES
    assert run(["-c", first.code], tmp_path, **recorded).returncode == 0
    text = (tmp_path / "panda.json").read_text(encoding="utf-8")
    assert "id:secret" not in text
    ran = run(["-c", other.code], tmp_path, **recorded)
    ran.stderr = re.sub(r"http://127\.0\.0\.1:\d+/queue|http://[\w.:]+(?=/fal-ai)", "https://queue.fal.run", ran.stderr)
    expect(other, ran)
    ran = run(
        ["-m", "pytest", "-q", "-p", "fal_typed.pytest_plugin", written(tmp_path, "test_panda.py")],
        tmp_path,
        **recorded,
    )
    assert ran.returncode == 0, ran.stdout


def written(folder: Path, name: str) -> str:
    (folder / name).write_text(FILES[name], encoding="utf-8")
    return name


@pytest.mark.parametrize("workers", [[], pytest.param(["-n", "2"], marks=pytest.mark.slow)], ids=["alone", "workers"])
def test_the_files_of_tests_pass(workers: list[str], tmp_path: Path) -> None:
    names = ["test_pictures.py", "test_pictures_by_unittest.py", "test_async_pictures.py"]
    written(tmp_path, "pictures.py")
    tests = [written(tmp_path, name) for name in names]
    ran = run(["-m", "pytest", "-q", "-W", "error", "-p", "fal_typed.pytest_plugin", *workers, *tests], tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout
    ran = run(["-m", "unittest", "test_pictures_by_unittest"], tmp_path)
    assert ran.returncode == 0, ran.stderr


# --- the server -------------------------------------------------------------------------------------------------------

PAGE = (REPOSITORY / TESTING).read_text(encoding="utf-8")
PYTHON_OF_SERVER = [block for block in blocks("fake server") if block.language == "python"]
SERVED = {(block.language, block.code.split()[0]): block for block in blocks("fake server")}


def at(url: str, key: tuple[str, str]) -> str:
    """A block as it is for a server that has another port."""
    return SERVED[key].code.replace("http://127.0.0.1:8400", url)


def shell(code: str, folder: Path, **more: str) -> str:
    """What a block prints in the user's shell, whose `python` is the one of the tests."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    without = {name: text for name, text in environment(**more).items() if not name.upper().endswith("_PROXY")}
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=folder,
        env={**without, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_every_block_about_the_server_is_here() -> None:
    begins = {("console", "$"), ("js", "import"), ("sh", "openssl"), ("sh", "export"), ("sh", "curl")}
    assert {key for key in SERVED if key[0] != "python"} == begins
    assert len(blocks("fake server")) == len(begins) + 2


def test_the_command_says_where_it_is(tmp_path: Path) -> None:
    command, shown = SERVED["console", "$"].code.splitlines()
    with commanded() as (url, _):
        assert shown.split("http")[0] == "A fal, offline: "
        assert url.startswith("http://127.0.0.1:")
    help_text = run([*command.removeprefix("$ python ").split(), "--help"], tmp_path).stdout
    rows = re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE)
    assert rows
    assert all(option in help_text for option in rows)


def test_our_client_finds_it(tmp_path: Path) -> None:
    with commanded() as (url, _):
        calls, verifies = (block.code.replace("http://127.0.0.1:8400", url) for block in PYTHON_OF_SERVER)
        assert run(["-c", calls], tmp_path).stdout.startswith(url)
        assert run(["-c", verifies], tmp_path).returncode == 0


def test_curl_finds_it(tmp_path: Path) -> None:
    with commanded() as (url, _):
        printed = shell(at(url, ("sh", "curl")), tmp_path)
    assert printed.count('"images"') == 2
    assert "COMPLETED" in printed


@pytest.mark.slow
def test_fal_client_finds_it(tmp_path: Path) -> None:
    made, _, started = SERVED["sh", "openssl"].code.rstrip().rpartition("\n")
    shell(made, tmp_path)
    options = [str(tmp_path / name) for name in started.partition("--tls ")[2].split()]
    with commanded("--tls", *options) as (url, _):
        assert "'images'" in shell(at(url, ("sh", "export")), tmp_path)


@pytest.mark.slow
def test_fals_javascript_client_finds_it(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(installed() / "node_modules")
    with commanded() as (url, _):
        code = at(url, ("js", "import")) + "\nconsole.log(JSON.stringify(data));\n"
        (tmp_path / "call.mjs").write_text(code, encoding="utf-8")
        done = subprocess.run(
            [needed_node().program, "call.mjs"],
            cwd=tmp_path,
            env=node_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    assert '"images"' in done.stdout

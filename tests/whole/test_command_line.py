"""The command line on a terminal, under a vendored package's own name, and of documents that mean harm."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import FalServer
from fal_server.plan import Gate, completed, in_progress, queued
from pty_terminal import Terminal
from support import INTEGER, REPOSITORY, STRING, Project, obj, ref

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHNELL = "fal-ai/flux-1/schnell"
HARM = "\x1b]0;owned\x07\x1b[2J\u202eevil\x9b31m\r[bold]x[/bold]"
OUTPUT = {"images": [], "timings": {}, "seed": 7, "has_nsfw_concepts": [], "prompt": "x"}
PRINTED = ["images: []", "timings: {}", "seed: 7", "has_nsfw_concepts: []", "prompt: x"]
VENDORED = 'package = "our_fal"\noutput = "src"\nlayout = "package"\nparts = ["cli"]\n'


@pytest.fixture
def fal() -> Iterator[FalServer]:
    with FalServer() as server:
        yield server


def environment(fal: FalServer) -> dict[str, str]:
    hosts = {"FAL_RUN_HOST": fal.run_url, "FAL_QUEUE_RUN_HOST": fal.queue_url}
    generated = str(REPOSITORY / "generated")
    return {**os.environ, "PYTHONPATH": generated, "FAL_KEY": "id:secret", **hosts}


def run(fal: FalServer) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fal_typed.cli", "run", SCHNELL, "--prompt", "x"]
    return subprocess.run(command, env=environment(fal), capture_output=True, text=True, check=False)


def terminal(fal: FalServer, folder: Path, *arguments: str) -> Terminal:
    """A terminal on which the command line runs, and then says how it ended."""
    code = f"from fal_typed.cli import main; print('->', main({list(arguments)!r}))"
    return Terminal(code, folder, environment(fal))


def test_a_terminal_shows_how_far_it_is_and_forgets_it(fal: FalServer, tmp_path: Path) -> None:
    gates = [Gate(), Gate()]
    states = [queued(3), in_progress(), completed()]
    told: list[list[Any]] = [["state", gates[0], "state", gates[1], "state"]]
    fal.plan(SCHNELL, output=OUTPUT, states=states, told=told)
    with terminal(fal, tmp_path, "run", SCHNELL, "--prompt", "x") as screen:
        assert SCHNELL in "".join(screen.wait_for_text("queued, 3 ahead"))
        gates[0].open()
        screen.wait_for_text("in progress")
        gates[1].open()
        assert screen.end() == [*PRINTED, "-> 0"]


def test_ctrl_c_leaves_the_request_id(fal: FalServer, tmp_path: Path) -> None:
    gate = Gate()
    fal.plan(SCHNELL, states=[in_progress()], told=[["state", gate]])
    with terminal(fal, tmp_path, "run", SCHNELL, "--prompt", "x") as screen:
        screen.wait_for_text("in progress")
        screen.interrupt()
        lines = screen.end()
    gate.open()
    assert [line for line in lines if line.startswith(f"{SCHNELL}: request id req-")]
    assert lines[-2:] == ["interrupted", "-> 130"]
    assert "in progress" not in "".join(lines)


def test_a_pipe_sees_nothing_of_it(fal: FalServer) -> None:
    fal.plan(SCHNELL, output=OUTPUT)
    done = run(fal)
    assert (done.returncode, done.stdout, done.stderr) == (0, "".join(f"{line}\n" for line in PRINTED), "")


def test_log_lines_stay_and_steer_nothing(fal: FalServer, tmp_path: Path) -> None:
    fal.plan(SCHNELL, output=OUTPUT, states=[in_progress("one\x1b[2J[bold]"), completed()])
    with terminal(fal, tmp_path, "run", SCHNELL, "--prompt", "x", "--logs") as screen:
        assert screen.end() == ["one\\x1b[2J[bold]", *PRINTED, "-> 0"]


def test_a_table_fits_the_terminal(fal: FalServer, tmp_path: Path) -> None:
    with terminal(fal, tmp_path, "search", "imagen4") as screen:
        lines = screen.end()
    assert lines[0].split() == ["ID", "CATEGORY", "WHAT", "IT", "IS"]
    assert lines[1].startswith("fal-ai/imagen4/preview ")


def test_warnings_steer_nothing(fal: FalServer) -> None:
    fal.plan(SCHNELL, output={**OUTPUT, "timings": {"\x1b[2Jx": HARM}}, states=[{"status": "\x1b[2J"}, completed()])
    done = run(fal)
    assert done.returncode == 0
    assert (done.stdout + done.stderr).replace("\n", "").isprintable()
    assert "does not match its document at timings" in done.stderr


def harmful(folder: Path) -> Project:
    project = Project(folder, VENDORED)
    inputs = {
        "prompt": {**STRING, "description": HARM, "examples": [HARM]},
        "json": {**STRING, "description": "x"},
        "style": {"type": "string", "enum": ["a", HARM], "default": HARM, "title": HARM},
        "size": {"anyOf": [{"type": "string", "enum": ["s"]}, ref("It")]},
        "image_urls": {"type": "array", "items": STRING, "description": HARM},
    }
    project.add(
        "me/it",
        input=obj(inputs, required=["prompt", "json"]),
        output=obj({"seed": {**INTEGER, "description": HARM}}),
        components={"It": obj({"n": INTEGER})},
        about=HARM,
    )
    project.output = project.root / "src"
    project.regenerate()
    return project


def test_documents_cannot_harm_a_terminal(tmp_path: Path) -> None:
    project = harmful(tmp_path)
    for arguments in (["show", "me/it"], ["run", "me/it", "--help"], ["search"], ["show", "me/it", "--json"]):
        done = ours(project, *arguments)
        assert (done.returncode, done.stderr) == (0, ""), arguments
        assert done.stdout.replace("\n", "").isprintable(), arguments
    shown = ours(project, "show", "me/it").stdout
    assert "[bold]x[/bold]" in shown
    assert "python -m our_fal.cli run me/it --prompt " in shown
    assert "  fal.owners.me.it.subscribe(prompt=" in shown
    assert "--input-json '…'" in shown
    assert "--input-json TEXT" in ours(project, "run", "me/it", "--help").stdout


def ours(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "our_fal.cli", *arguments],
        cwd=project.output,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_terminal_that_has_no_such_character(tmp_path: Path) -> None:
    project = harmful(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "our_fal.cli", "show", "me/it"],
        cwd=project.output,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u2026" in done.stdout

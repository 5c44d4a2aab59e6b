"""A terminal while calls go on: the state is seen as it changes, many calls are one line, and it is gone at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import FalServer, Gate, Reply
from fal_server.plan import completed, in_progress, queued
from fal_server.stream import event
from pty_terminal import Terminal
from runtime.progress.wanted import VARIABLE
from runtime_twin import OUTPUT, SCHNELL

if TYPE_CHECKING:
    from pathlib import Path

    from runtime_twin import Steps, Twin

if sys.platform == "win32":
    pytest.skip("there are no terminals for tests here", allow_module_level=True)

LOADING, STEP = "loading", "\x1b[31mstep 1/4\x1b[0m\r"
CODE = """
import asyncio, os, sys, threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from runtime.http.hosts import Hosts
from runtime_sample import AsyncFal, Fal
hosts = Hosts(run={run!r}, queue={queue!r}, rest={rest!r}, cdn={cdn!r})
def shown(fal):
    return fal.flux_1.schnell.with_options(progress=True)
{code}
"""
ONE = """
with Fal("id:secret", hosts=hosts) as fal:
    print(shown(fal).subscribe(prompt="x").seed)
"""
ONE_ASYNC = """
async def main():
    async with AsyncFal("id:secret", hosts=hosts) as fal:
        print((await shown(fal).subscribe(prompt="x")).seed)
asyncio.run(main())
"""
HANDLE = """
with Fal("id:secret", hosts=hosts) as fal:
    print(shown(fal).submit(prompt="x").result().seed)
"""
CLIENT = """
with Fal("id:secret", hosts=hosts, progress=True) as fal:
    print(fal.endpoint("fal-ai/flux-1/schnell").subscribe(prompt="x")["seed"])
"""
MANY = """
with Fal("id:secret", hosts=hosts) as fal, ThreadPoolExecutor(100) as pool:
    print(sum(out.seed for out in pool.map(lambda _: shown(fal).subscribe(prompt="x"), range(100))))
"""
MANY_ASYNC = """
async def main():
    async with AsyncFal("id:secret", hosts=hosts) as fal:
        print(sum(out.seed for out in await asyncio.gather(*(shown(fal).subscribe(prompt="x") for _ in range(100)))))
asyncio.run(main())
"""


def code_for(server: FalServer, code: str) -> str:
    storage = server.storage
    return CODE.format(
        run=server.run_url, queue=server.queue_url, rest=storage.rest_url, cdn=storage.cdn_url, code=code
    )


def gated(server: FalServer, calls: int = 1) -> list[Gate]:
    """A plan that goes on to the next state as gates open."""
    gates = [Gate(), Gate(), Gate()]
    told = ["state", gates[0], "state", gates[1], "state", gates[2]]
    server.plan(
        SCHNELL,
        output=OUTPUT,
        states=[queued(3), in_progress(LOADING), in_progress(LOADING, STEP), completed(LOADING, STEP)],
        told=[[*told] for _ in range(calls)],
    )
    return gates


@pytest.mark.parametrize("code", [ONE, ONE_ASYNC, HANDLE, CLIENT], ids=["sync", "async", "handle", "client"])
def test_a_call_is_seen_from_state_to_state_and_gone(server: FalServer, tmp_path: Path, code: str) -> None:
    gates = gated(server)
    with Terminal(code_for(server, code), tmp_path) as terminal:
        for gate, text in zip(gates, ("queued, 3 ahead", "loading", "step 1/4"), strict=True):
            lines = terminal.wait_for_text(text)
            assert len(lines) == 1
            assert SCHNELL in lines[0]
            assert " s" in lines[0]
            assert ("in progress" in lines[0]) == (text != "queued, 3 ahead")
            gate.open()
        assert terminal.end() == ["7"]


@pytest.mark.slow
@pytest.mark.parametrize("code", [MANY, MANY_ASYNC], ids=["threads", "tasks"])
def test_a_hundred_calls_share_one_line(server: FalServer, tmp_path: Path, code: str) -> None:
    first, second, third = gated(server, 100)
    with Terminal(code_for(server, code), tmp_path) as terminal:
        lines = terminal.wait_for_text("100 queued")
        assert len(lines) == 1
        first.open()
        assert len(terminal.wait_for_text("100 in progress")) == 1
        second.open()
        third.open()
        assert terminal.end() == ["700"]


def test_an_upload_of_a_call_is_seen(server: FalServer, tmp_path: Path) -> None:
    gate = Gate()
    server.plan(SCHNELL, output=OUTPUT)
    server.storage.first["after single"] = [Reply(usual=True, gate=gate)]
    (tmp_path / "cat.png").write_bytes(bytes(3 * 2**20))
    code = ONE.replace('prompt="x"', 'prompt="x", image_url=Path("cat.png")')
    with Terminal(code_for(server, code), tmp_path) as terminal:
        lines = terminal.wait_for_text("uploading 3.0 MiB of 3.0 MiB")
        assert "━━━━" in lines[0]
        gate.open()
        assert terminal.end() == ["7"]


def test_a_direct_call_and_one_that_fails(server: FalServer, tmp_path: Path) -> None:
    gate = Gate()
    server.plan(SCHNELL, first={"run": [Reply(422, {"detail": "no"}, gate=gate)]})
    code = (
        ONE.replace("print(", "try: print(").replace("subscribe", "run")
        + "    except Exception as error: print(type(error).__name__)"
    )
    with Terminal(code_for(server, code), tmp_path) as terminal:
        assert len(terminal.wait_for_text(f"{SCHNELL}  running")) == 1
        gate.open()
        assert terminal.end() == ["ModelError"]


def test_that_something_is_tried_again_is_seen(server: FalServer, tmp_path: Path) -> None:
    gate = Gate()
    failed, held = Reply(503, {"detail": "busy"}), Reply(usual=True, gate=gate)
    server.plan(SCHNELL, output=OUTPUT, first={"status": [Reply(usual=True), failed, held]})
    with Terminal(code_for(server, ONE), tmp_path) as terminal:
        # It is there for a few seconds only: all that was written is looked at.
        assert len(terminal.wait_for(lambda _: b"queued, trying again: " in terminal.raw)) == 1
        gate.open()
        assert terminal.end() == ["7"]


def test_an_interrupt_leaves_no_line(server: FalServer, tmp_path: Path) -> None:
    gated(server)
    code = ONE.replace("print(", "try: print(") + "    except KeyboardInterrupt: print('interrupted')"
    with Terminal(code_for(server, code), tmp_path) as terminal:
        terminal.wait_for_text("queued, 3 ahead")
        terminal.interrupt()
        assert [line.removeprefix("^C") for line in terminal.end()] == ["interrupted"]


CHILD = """
with Fal("id:secret", hosts=hosts) as fal:
    with ThreadPoolExecutor(1) as pool:
        mine = pool.submit(lambda: shown(fal).subscribe(prompt="x").seed)
        input()
        if (child := os.fork()) == 0:
            seed = shown(fal).subscribe(prompt="x").seed
            os._exit(seed)
        status = os.waitpid(child, 0)[1]
        input()
        print(mine.result(), os.waitstatus_to_exitcode(status))
"""


def test_a_forked_child_shows_its_own_calls(server: FalServer, tmp_path: Path) -> None:
    one, two, three = gated(server, 2)
    with Terminal(code_for(server, CHILD), tmp_path, {"PYTHONWARNINGS": "ignore"}) as terminal:
        terminal.wait_for_text("queued, 3 ahead")
        one.open()
        terminal.wait_for_text("loading")
        terminal.type("\n")
        two.open()
        terminal.wait_for_text("step 1/4")
        three.open()
        terminal.type("\n")
        assert terminal.end()[-1] == "7 7"


@pytest.mark.parametrize(
    ("setting", "option", "seen"),
    [
        (None, "True", False),
        ("1", "None", False),
        ("lines", "None", True),
        ("lines", "False", False),
        ("0", "True", False),
    ],
)
def test_a_pipe_sees_nothing_unless_asked(
    server: FalServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    setting: str | None,
    option: str,
    seen: bool,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if setting is not None:
        monkeypatch.setenv(VARIABLE, setting)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    server.plan(SCHNELL, output=OUTPUT, told=[["state", 0.5]])
    code = code_for(server, ONE).replace("progress=True", f"progress={option}")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "7\n"
    lines = done.stderr.splitlines()
    assert bool(lines) == seen
    assert all(line.startswith(f"{SCHNELL}  ") for line in lines)
    asked = {each.query.get("logs") for each in server.seen if each.path.endswith("/status/stream")}
    assert asked == {"1"} if seen else asked <= {"0", None}


@pytest.mark.parametrize(
    ("settings", "options", "logs"),
    [
        ({}, {"progress": True}, "1"),
        ({}, {"progress": True, "logs": False}, "0"),
        ({}, {"progress": True, "on_queue_update": lambda update: None}, "0"),
        ({"on_event": lambda event: None}, {"progress": True}, "0"),
        ({}, {"progress": False}, "0"),
        ({}, {}, "0"),
        ({"progress": True}, {}, "1"),
        ({"progress": True}, {"progress": False}, "0"),
        ({"progress": False}, {"progress": True}, "1"),
    ],
)
def test_logs_are_asked_for_where_nobody_else_is_told_of_them(
    server: FalServer,
    twin: Twin,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, Any],
    options: dict[str, Any],
    logs: str,
) -> None:
    monkeypatch.setattr("runtime.progress.wanted._is_terminal", lambda: True)

    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.with_options(**options).subscribe(prompt="x")

    twin.do(steps, **settings)
    assert {each.query.get("logs", "0") for each in server.seen if "/status" in each.path} == {logs}


def test_a_notebook_shows_calls_by_itself(server: FalServer, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = SimpleNamespace(kernel=SimpleNamespace(session=None))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]

    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.subscribe(prompt="x")
        yield fal.flux_1.schnell.with_options(progress=False).subscribe(prompt="x")

    twin.do(steps)
    assert [each.query.get("logs", "0") for each in server.seen if each.path.endswith("/stream")] == ["1", "0"]


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_a_variable_without_meaning_is_told_before_anything_is_sent(
    server: FalServer, twin: Twin, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setenv(VARIABLE, "rich")

    def steps(fal: Any) -> Steps:
        with pytest.raises(ValueError, match="FAL_TYPED_PROGRESS must be 0"):
            yield getattr(fal.flux_1.schnell, verb)(prompt="x")

    twin.do(steps)
    assert server.seen == []


def test_a_stream_is_seen(server: FalServer, tmp_path: Path) -> None:
    gate = Gate()
    server.stream(f"{SCHNELL}/stream", event(OUTPUT), gate, event(OUTPUT))
    code = """
with Fal("id:secret", hosts=hosts) as fal, shown(fal).stream(prompt="x") as stream:
    print(stream.output().seed)
"""
    with Terminal(code_for(server, code), tmp_path) as terminal:
        assert len(terminal.wait_for_text(f"{SCHNELL}  streaming")) == 1
        gate.open()
        assert terminal.end() == ["7"]

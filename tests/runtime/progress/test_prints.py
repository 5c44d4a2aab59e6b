"""What a program prints while the line is shown, on a terminal that shows it: all of it is there, and nothing else."""

from __future__ import annotations

import io
import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from runtime.progress.prints import Prints

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    pytest.skip("there are no terminals for tests here", allow_module_level=True)

from pty_terminal import Terminal

CODE = """
import logging, os, sys, time, traceback
if {plain}:
    sys.modules["rich.console"] = None
logging.basicConfig(format="%(message)s")
from runtime.progress.display import DISPLAY
from runtime.progress.wanted import Place
def call(what="fal-ai/flux-1/schnell"):
    return DISPLAY.showing(what, "in progress for a long time", Place.TERMINAL)
{code}
print("end")
"""
LONG = "fal-ai/flux-1/schnell"
WAYS = {
    "print": ("print('50%')", ["50%"]),
    "lines": ("print('a\\nb\\nc')", ["a", "b", "c"]),
    "many": ("for n in range(3): print(n)", ["0", "1", "2"]),
    "log": ("logging.warning('watch\\nout')", ["watch", "out"]),
    "exception": (
        "try: 1 / 0\n    except ZeroDivisionError: traceback.print_exc(limit=0)",
        ["ZeroDivisionError: division by zero"],
    ),
    "piece": ("print('work', end=''); time.sleep(0.4); print('ing')", ["working"]),
    "of a child": ("os.system('echo 50%')", ["50%"]),
    "of C": ("os.write(1, b'50%\\r\\n')", ["50%"]),
}


def code_for(way: str, *, plain: bool = False, before: str = "") -> str:
    code = f"{before}\nwith call():\n    time.sleep(0.4)\n    {way}\n    time.sleep(0.4)\n"
    return CODE.format(plain=plain, code=code)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("plain", [False, True], ids=["rich", "plain"])
@pytest.mark.parametrize("full", [0, 22, 23, 30])
@pytest.mark.parametrize("way", WAYS)
def test_what_is_printed_stands_alone(tmp_path: Path, way: str, plain: bool, full: int) -> None:
    printed, lines = WAYS[way]
    with Terminal(code_for(printed, plain=plain, before=f"print('\\n' * {full})"), tmp_path) as terminal:
        terminal.wait_for_text(LONG)
        end = terminal.end()
    assert end == [*lines, "end"]
    assert LONG.encode() in terminal.raw


@pytest.mark.parametrize("plain", [False, True], ids=["rich", "plain"])
@pytest.mark.parametrize("full", [0, 30])
def test_what_stands_before_the_line_stays(tmp_path: Path, plain: bool, full: int) -> None:
    before = f"print('\\n' * {full}); print('working... ', end='', flush=True)"
    with Terminal(code_for("print('done')", plain=plain, before=before), tmp_path) as terminal:
        lines = terminal.wait_for_text(LONG)
        assert len(lines) == 2
        assert lines[0].startswith("working...")
        assert terminal.end() == ["working... done", "end"]


def test_an_error_that_ends_the_program_stands_alone(tmp_path: Path) -> None:
    code = "import threading\nsys.excepthook = lambda *error: (print(error[0].__name__), os._exit(0))"
    with Terminal(code_for("raise ZeroDivisionError", before=code), tmp_path) as terminal:
        terminal.wait_for_text(LONG)
        assert terminal.end() == ["ZeroDivisionError"]


def test_a_print_on_a_dumb_terminal_is_whole(tmp_path: Path) -> None:
    with Terminal(code_for("print('50%')"), tmp_path, {"TERM": "dumb"}) as terminal:
        terminal.wait_for_text(LONG)
        assert terminal.end() == ["50%", "end"]
    assert b"\x1b" not in terminal.raw


class Stream(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_streams_are_as_before_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, asked = Stream(), list[int]()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    prints = Prints(lambda: asked.append(1))
    prints.take()
    prints.take()
    print("a", file=stream)
    count = len(asked)
    assert count
    assert "write" not in vars(sys.stdout)
    kept = stream.write
    prints.leave()
    assert "write" not in vars(stream)
    kept("b")
    assert len(asked) == count
    assert stream.getvalue() == "a\nb"


def test_who_replaced_it_meanwhile_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, asked = Stream(), list[int]()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr("sys.stdout", stream)
    first, second = Prints(lambda: asked.append(1)), Prints(lambda: asked.append(2))
    first.take()
    second.take()
    first.leave()
    stream.write("a")
    assert asked == [2]
    second.leave()
    stream.write("b")
    assert (asked, stream.getvalue()) == ([2], "ab")


def test_a_line_that_cannot_make_way_costs_no_print(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream()
    monkeypatch.setattr("sys.stderr", stream)

    def fail() -> None:
        raise BrokenPipeError

    prints = Prints(fail)
    prints.take()
    print("a", file=stream)
    prints.leave()
    assert stream.getvalue() == "a\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_prints_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, asked = Stream(), list[int]()
    monkeypatch.setattr("sys.stderr", stream)
    prints = Prints(lambda: asked.append(1))
    prints.take()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with prints.lock:
            held.set()
            done.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    if (child := os.fork()) == 0:
        print("a", file=stream)
        os._exit(0 if not asked else 1)
    done.set()
    holder.join()
    assert os.waitpid(child, 0)[1] == 0
    prints.leave()

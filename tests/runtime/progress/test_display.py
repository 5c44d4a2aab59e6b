"""The one display of a process: from the first of several calls to the last, in whichever threads they are."""

from __future__ import annotations

import gc
import os
import threading
from typing import TYPE_CHECKING

import pytest
from fal_server import until
from runtime.progress import display as module
from runtime.progress.display import Display
from runtime.progress.line import Line
from runtime.progress.wanted import Place

if TYPE_CHECKING:
    from runtime.progress.words import Picture


class Seen:
    """A painter that keeps what it is given."""

    pause = 0.001

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.cleared = 0
        self.made = 0
        self.error: Exception | None = None
        self.painters: set[str] = set()

    def __call__(self, place: Place) -> Seen:
        self.made += 1
        return self

    def paint(self, picture: Picture) -> None:
        self.painters.add(threading.current_thread().name)
        self.pictures.append(picture)
        if self.error is not None:
            raise self.error

    def clear(self) -> None:
        self.cleared += 1
        if self.error is not None:
            raise self.error

    def wait_for(self, text: str) -> None:
        until(lambda: any(text in f"{p.what} {p.state} {p.note}" for p in self.pictures[-1:]), f"no {text!r} is seen")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    monkeypatch.setattr(module, "FIRST_SECONDS", 0.001)
    return Seen()


def begin(display: Display, what: str = "a", state: str = "starting") -> Line:
    line = Line(what, state)
    display.add(line, Place.TERMINAL)
    return line


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "fal-progress"]


def test_a_call_is_seen_as_it_goes_on_and_gone_when_it_ends(seen: Seen) -> None:
    display = Display(seen)
    line = begin(display)
    seen.wait_for("a starting")
    line.turn("queued", ", 3 ahead")
    seen.wait_for("a queued, 3 ahead")
    line.log("loading")
    seen.wait_for("loading")
    display.end(line)
    assert seen.cleared == 1
    count = len(seen.pictures)
    until(lambda: not threads(), "the thread goes on")
    assert len(seen.pictures) == count
    display.end(line)
    assert (seen.cleared, seen.painters) == (1, {"fal-progress"})


def test_many_share_it(seen: Seen) -> None:
    display = Display(seen)
    lines = [begin(display) for _ in range(100)]
    seen.wait_for("100 starting")
    assert len(threads()) == 1
    for line in lines[:40]:
        display.end(line)
    display.end(lines[40], failed=True)
    seen.wait_for("59 starting, 40 done, 1 failed")
    assert seen.cleared == 0
    for line in lines[41:]:
        display.end(line)
    assert (seen.made, seen.cleared) == (1, 1)


def test_threads_share_it(seen: Seen) -> None:
    display = Display(seen)
    together = threading.Barrier(20)

    def call() -> None:
        for _ in range(50):
            line = begin(display)
            line.move("x", 1, 2)
            display.end(line)
        together.wait()
        with display.showing("b", "downloading", Place.TERMINAL):
            together.wait()
            seen.wait_for("20 downloading")
            together.wait()

    workers = [threading.Thread(target=call) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    until(lambda: not threads(), "the thread goes on")
    assert display._showing is None


def test_the_next_one_begins_anew(seen: Seen) -> None:
    display = Display(seen)
    for number in range(3):
        with display.showing(f"call {number}", "starting", Place.TERMINAL):
            seen.wait_for(f"call {number} starting")
    assert (seen.made, seen.cleared) == (3, 3)


def test_one_that_fails_is_gone_too(seen: Seen) -> None:
    """It may be over before it was seen."""
    display = Display(seen)

    def fail(what: str) -> None:
        with display.showing(what, "starting", Place.TERMINAL):
            if what == "seen":
                seen.wait_for("seen starting")
            raise ZeroDivisionError

    for what in ("at once", "seen"):
        with pytest.raises(ZeroDivisionError):
            fail(what)
    assert seen.cleared == len({picture.what for picture in seen.pictures})


def test_what_nobody_keeps_is_not_seen_for_ever(seen: Seen) -> None:
    display = Display(seen)
    line = begin(display)
    seen.wait_for("a starting")
    del line
    gc.collect()
    until(lambda: seen.cleared, "it is seen for ever")
    until(lambda: not threads(), "the thread goes on")
    with display.showing("b", "starting", Place.TERMINAL):
        seen.wait_for("b starting")


def test_a_terminal_that_fails_breaks_nothing(seen: Seen) -> None:
    display = Display(seen)
    seen.error = BrokenPipeError()
    line = begin(display)
    until(lambda: seen.pictures and not threads(), "it goes on painting")
    assert len(seen.pictures) == 1
    seen.error = None
    other = begin(display, "other")
    seen.wait_for("other starting")
    display.end(line)
    display.end(other)
    assert seen.cleared == 1


def test_a_terminal_that_takes_nothing_holds_nobody_up_for_long(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CLEAR_SECONDS", 0.01)
    goes_on, stands = threading.Event(), threading.Event()

    def paint(picture: Picture) -> None:
        stands.set()
        goes_on.wait()

    monkeypatch.setattr(seen, "paint", paint)
    display = Display(seen)
    line = begin(display)
    stands.wait()
    line.turn("queued")
    begin(display)
    display.end(line)
    display.stop()
    assert seen.cleared == 0
    goes_on.set()
    until(lambda: not threads(), "the thread goes on")


def test_no_thread_is_to_be_had(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    display = Display(seen)
    display.end(begin(display))
    assert seen.made == 0


def test_what_is_done_at_once_is_never_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_SECONDS", 60.0)
    seen = Seen()
    display = Display(seen)
    for _ in range(20):
        display.end(begin(display))
    until(lambda: not threads(), "the thread goes on")
    assert (seen.made, seen.cleared) == (0, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_has_its_own(seen: Seen) -> None:
    display = Display(seen)
    line = begin(display)
    seen.wait_for("a starting")
    child = os.fork()
    if child == 0:
        try:
            display.end(line)  # the parent's: it is not taken off the terminal
            alone = seen.cleared == 0
            seen.pictures.clear()
            with display.showing("child", "queued", Place.TERMINAL):
                seen.wait_for("child queued")
            os._exit(0 if alone and seen.cleared == 1 else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    seen.wait_for("a starting")
    display.end(line)
    assert seen.cleared == 1

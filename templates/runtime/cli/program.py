"""The program: what is there before typer is, and how it stands up to closed streams and signals."""

# design: What does the command line promise to scripts?

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import FrameType
    from typing import Any, NoReturn, TextIO

    from typing_extensions import Buffer

_ABORTED, _USAGE, _INTERRUPTED = 1, 2, 130  # the first is typer's word for the last
# What ends a program: as Ctrl-C does, so that the request's id is told.
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Those of the command; by default the process's own.

    Returns:
        The exit code; `--help` says what each means.
    """
    try:
        with _streams(), _signals() as received:
            code = _run(list(sys.argv[1:] if arguments is None else arguments))
            return _INTERRUPTED if received and code == _ABORTED else code
    except KeyboardInterrupt:  # while something was imported
        if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]
            sys.stderr.write("interrupted\n")
        return _INTERRUPTED


def _run(arguments: list[str]) -> int:
    from .text import program_name

    if missing := [each for each in ("typer", "rich") if find_spec(each) is None]:
        names = " and ".join(missing)
        sys.stderr.write(f"{program_name()}: the command line needs {names}: pip install {' '.join(missing)}\n")
        return _USAGE
    from .app import run_app

    return run_app(arguments, program_name())


@contextmanager
def _signals() -> Generator[list[int]]:
    """Have what ends the program interrupt it, where nobody else listens and it is not to be ignored (`nohup`).

    Gives those that have come.
    """
    received: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        received.append(number)
        raise KeyboardInterrupt

    changed: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in [int(getattr(signal, name)) for name in _ENDING if hasattr(signal, name)]:
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                changed[number] = signal.signal(number, interrupt)
    try:
        yield received
    finally:
        for number, before in changed.items():
            signal.signal(number, before)


@contextmanager
def _streams() -> Generator[None]:
    """Have stdout and stderr take everything: a request that is paid for does not fail for who does not listen."""
    before = sys.stdout, sys.stderr
    with ExitStack() as stack:
        sys.stdout = _patient(sys.stdout, stack)
        sys.stderr = _patient(sys.stderr, stack)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


def _patient(stream: TextIO | None, stack: ExitStack) -> TextIO:
    """The same stream; one whose reader has gone, or that was closed (`>&-`), takes and forgets.

    A character that the terminal has no code for is written as an escape.
    """
    if stream is None:
        return stack.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123
    if not isinstance(stream, TextIOWrapper):
        return stream
    of_file: TextIOWrapper[Any] = stream  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(getattr(of_file.buffer, "raw", of_file.buffer), FileIO):  # unbuffered it is the buffer itself
        of_file.reconfigure(errors="backslashreplace")
        return of_file
    raw = _Patient(of_file.fileno(), "w", closefd=False)
    raw.takes_all = stream is sys.stderr
    by_line = of_file.line_buffering or of_file.write_through
    made = TextIOWrapper(BufferedWriter(raw), of_file.encoding, "backslashreplace", line_buffering=by_line)
    stack.callback(_end, made, raw)
    return made


def _end(stream: TextIO, raw: _Patient) -> None:
    """Write what is left, if it can be written: who wrote it was told."""
    raw.takes_all = True
    stream.flush()


class _Patient(FileIO):
    """A file whose reader may have enough (`head`), which is no failure.

    Attributes:
        takes_all: Whether nothing is one: nobody's work depends on what stderr takes.
    """

    takes_all = False

    def write(self, data: Buffer, /) -> int:
        """See FileIO."""
        try:
            return super().write(data)
        except OSError as error:
            if not self.takes_all and not isinstance(error, BrokenPipeError):
                raise
            return memoryview(data).nbytes

"""Processes that begin at once and can be killed: children of one that has imported everything.

Run as a program it is that one: a line of JSON on stdin is a worker to fork, `born PID` and `ended PID STATUS` are told
on stdout, and the end of stdin ends it and all of them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SECONDS_OF_IMPORTS = 60


class Worker:
    """A process of a nursery.

    Attributes:
        pid: Its id.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._over = threading.Event()
        self._status = 0

    def wait(self, seconds: float | None) -> int | None:
        """How it ended, negative for a signal as `subprocess` has it; None if it has not by then."""
        return self._status if self._over.wait(seconds) else None

    def signal(self, number: signal.Signals) -> bool:
        """Send it a signal; False where it has ended."""
        if self._over.is_set():
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def end(self, status: int) -> None:
        """What the nursery told."""
        self._status = os.waitstatus_to_exitcode(status)
        self._over.set()


class Nursery:
    """Where workers come from.

    Args:
        path: What the workers import from, beside what Python knows.
        log: The file that has what they print.
    """

    def __init__(self, path: str, log: Path) -> None:
        self._path, self._log = log, log.open("ab")
        environment = {name: text for name, text in os.environ.items() if not name.startswith(("FAL_", "PYTEST_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kills.nursery"],
            env={**environment, "PYTHONPATH": path, "FAL_HOME_DIR": "/nonexistent"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            bufsize=1,
        )
        self._workers: dict[int, Worker] = {}
        self._born: list[Worker] = []
        self._told = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.signal(signal.SIGCONT)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(SECONDS_OF_IMPORTS)
        self._listener.join(SECONDS_OF_IMPORTS)
        self._log.close()

    def worker(self, way: str, task: dict[str, Any]) -> Worker:
        """Fork a worker, which does `kills.worker.WAYS[way](task)`."""
        assert self._process.stdin is not None
        with self._told:
            self._process.stdin.write(json.dumps([way, task]) + "\n")
            assert self._told.wait_for(lambda: bool(self._born), SECONDS_OF_IMPORTS), "the nursery does not answer"
            return self._born.pop()

    def printed(self) -> str:
        """The end of what workers have printed."""
        return self._path.read_text("utf-8", "replace")[-6000:]

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as told:
            for line in told:
                self._heard(*line.split())

    def _heard(self, word: str, pid: str, status: str = "") -> None:
        with self._told:
            if word == "born":
                self._workers[int(pid)] = worker = Worker(int(pid))
                self._born.append(worker)
            else:
                self._workers.pop(int(pid)).end(int(status))
            self._told.notify_all()


# --- the process ------------------------------------------------------------------------------------------------------


def _tell(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def _reap(*_: object) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell("ended", pid, status)


def _in_child(way: str, task: dict[str, Any]) -> None:
    from . import worker

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    os.dup2(2, 1)
    os.close(0)
    status = 1
    try:
        worker.WAYS[way](task)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    """Fork what is asked for, until nobody asks any more."""
    from . import worker

    worker.import_all()
    signal.signal(signal.SIGCHLD, _reap)
    os.setpgid(0, 0)
    for line in sys.stdin:
        way, task = json.loads(line)
        # `born` is to be told before `ended`.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if not pid:
            _in_child(way, task)
        _tell("born", pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    main()

"""Uploads seen from outside the process: how much memory they take, and what Ctrl-C leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fal_server import FalServer, Gate, Reply, until
from fal_server.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[1]
MIB = 1024 * 1024
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def storage_server() -> Iterator[FalServer]:
    """A server of its own: its memory and its connections are looked at."""
    with FalServer() as server:
        server.storage.hashes_only = True
        yield server


def start(kind: str, server: FalServer, path: str, *more: str, **how: int) -> subprocess.Popen[str]:
    """An uploading process."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parents[1] / "templates"), str(HERE)))}
    command = [sys.executable, str(HERE / "upload_worker.py"), kind, server.url, path, *more]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, **how
    )


def told(output: str, what: str) -> int:
    found = re.search(rf"^{what} (\d+)$", output, re.MULTILINE)
    assert found is not None, output
    return int(found[1])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_gibibyte_takes_little_memory(storage_server: FalServer, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "big.bin"
    with path.open("wb") as file:
        file.truncate(1024 * MIB)
    output, _ = start(kind, storage_server, str(path)).communicate(timeout=500)
    assert [stored.size for stored in storage_server.storage.files.values()] == [1000, 1024 * MIB], output
    assert told(output, "peak") - told(output, "idle") <= 64 * MIB
    assert storage_server.storage.leaks == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_pipe_takes_as_much_as_its_parts_in_flight(storage_server: FalServer, kind: str) -> None:
    reading, writing = os.pipe()
    process = start(kind, storage_server, "-", stdin=reading)
    os.close(reading)
    with open(writing, "wb") as file:  # noqa: PTH123 - a descriptor
        for _ in range(200):
            file.write(bytes(MIB))
    output, _ = process.communicate(timeout=300)
    assert [stored.size for stored in storage_server.storage.files.values()] == [1000, 200 * MIB], output
    assert told(output, "peak") - told(output, "idle") <= 128 * MIB


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("size", [1000, 100_000])
def test_ctrl_c_ends_an_upload_at_once_and_leaves_nothing(
    storage_server: FalServer, tmp_path: Path, kind: str, size: int
) -> None:
    """In the middle of waiting for storage: for the whole file, or for its parts in threads."""
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(size))
    process = start(kind, storage_server, str(path), "10000", "wait", stdin=subprocess.PIPE)
    storage = storage_server.storage
    until(lambda: len(storage.files) == 1, "the process does not upload")
    waiting = Gate(opens_at=1 if size == 1000 else 4)
    silence = Reply(silent=True, gate=waiting)
    storage.first = {"after single": [silence], "after part": [silence] * 10}
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    until(lambda: waiting.is_open, "it does not come to wait")
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE)  # the server is silent for longer
    assert "interrupted ['MainThread']" in output
    assert process.returncode == 0
    storage_server.wait_until_left()

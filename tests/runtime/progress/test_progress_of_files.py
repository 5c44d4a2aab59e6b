"""A terminal while files are saved and uploaded: the bytes are seen, and are gone; stdout and pipes stay clean."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from fal_server import FalServer
from fal_server.file_host import Asked, FileHost, Sent
from pty_terminal import Terminal
from runtime.progress.wanted import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    pytest.skip("there are no terminals for tests here", allow_module_level=True)

SAVING = """
import asyncio, sys
from runtime.files.downloads.download_all import adownload_all, download_all
from runtime.files.remote_file import RemoteFile
file = RemoteFile(url=sys.argv[1] + "/cat.bin?x=1") if len(sys.argv) > 1 else RemoteFile(url={url!r})
{way}
print("saved")
"""
WAYS = {
    "one": "file.download('.', progress=True)",
    "async": "asyncio.run(file.adownload('.', progress=True))",
    "all": "download_all([file, file], 'results', progress=True)",
    "async all": "asyncio.run(adownload_all([file, file], 'results', progress=True))",
}
UPLOADS = {
    "call": """
with Fal("id:secret", hosts=storage) as fal:
    print(fal.storage.upload(pipe, file_name="clip.bin", progress=True))
""",
    "client": """
with Fal("id:secret", hosts=storage, progress=True) as fal:
    print(fal.storage.upload(pipe, file_name="clip.bin"))
""",
    "async": """
async def main():
    async with AsyncFal("id:secret", hosts=storage) as fal:
        print(await fal.storage.upload(pipe, file_name="clip.bin", progress=True))
asyncio.run(main())
""",
}
HALF = 512 * 1024


class Halves:
    """Sends half of each file, and the rest when it may."""

    def __init__(self) -> None:
        self.rest = threading.Event()

    def __call__(self, asked: Asked) -> Sent:
        return Sent(200, {"content-length": str(2 * HALF)}, self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        yield bytes(HALF)
        self.rest.wait()
        yield bytes(HALF)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_a_download_is_seen_and_gone(way: str, term: str, tmp_path: Path) -> None:
    halves = Halves()
    with FileHost(halves) as host:
        code = SAVING.format(url=f"{host.url}/cat.bin?x=1", way=WAYS[way])
        with Terminal(code, tmp_path, {"TERM": term}) as terminal:
            name, done = (
                ("files for results", "1.0 MiB of 2.0 MiB") if "all" in way else ("cat.bin", "512.0 KiB of 1.0 MiB")
            )
            lines = terminal.wait_for_text(f"{name}  downloading {done}")
            assert len(lines) == 1
            assert ("━━━━" if term != "dumb" else "[##########..........]") in lines[0]
            halves.rest.set()
            assert terminal.end() == ["saved"]
    assert b"\x1b[2J" not in terminal.raw


def test_an_interrupt_leaves_no_line(tmp_path: Path) -> None:
    halves = Halves()
    way = "try:\n    file.download('.', progress=True)\nexcept KeyboardInterrupt:\n    print('interrupted')"
    with FileHost(halves) as host:
        code = SAVING.format(url=f"{host.url}/cat.bin", way=way)
        with Terminal(code, tmp_path) as terminal:
            terminal.wait_for_text("512.0 KiB")
            terminal.interrupt()
            lines = terminal.end()
    # What a terminal echoes of the key may stand before it.
    assert [line.removeprefix("^C") for line in lines] == ["interrupted", "saved"]


def test_a_narrow_terminal_is_one_line_still(tmp_path: Path) -> None:
    halves = Halves()
    with FileHost(halves) as host:
        code = SAVING.format(url=f"{host.url}/{'long-' * 30}name.bin", way=WAYS["one"])
        with Terminal(code, tmp_path, columns=40) as terminal:
            terminal.wait_for_text("name.bin")
            assert len(terminal.wait_for_text("downloading")) == 1
            halves.rest.set()
            assert terminal.end() == ["saved"]


@pytest.mark.parametrize("way", UPLOADS)
def test_an_upload_is_seen_and_gone(tmp_path: Path, way: str) -> None:
    """Of a pipe, which gives no more than the test wants."""
    with FalServer() as server:
        code = f"""
import asyncio, os, threading
from pathlib import Path
from runtime.files.uploads import upload_steps
from runtime.http.hosts import Hosts
from runtime_sample import AsyncFal, Fal
upload_steps.PART_BYTES = 1024
storage = Hosts(run={server.run_url!r}, queue={server.queue_url!r}, rest={server.storage.rest_url!r},
                cdn={server.storage.cdn_url!r})
reading, writing = os.pipe()
def write():
    os.write(writing, bytes(5000))
    input()
    os.write(writing, bytes(1000))
    os.close(writing)
threading.Thread(target=write).start()
pipe = open(reading, "rb", buffering=0)
{UPLOADS[way]}
pipe.close()
"""
        with Terminal(code, tmp_path) as terminal:
            lines = terminal.wait_for_text("clip.bin  uploading 4.0 KiB")
            assert len(lines) == 1
            terminal.type("\n")
            lines = terminal.end()
    said = [line for line in lines if line]  # what was typed may leave an empty one
    assert [line[:16] for line in said] == ["http://127.0.0.1"]


@pytest.mark.parametrize(("setting", "seen"), [(None, False), ("1", False), ("lines", True)])
def test_a_pipe_sees_nothing_unless_asked(
    setting: str | None, seen: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if setting is not None:
        monkeypatch.setenv(VARIABLE, setting)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    halves = Halves()
    with FileHost(halves) as host:
        code = SAVING.format(url=f"{host.url}/cat.bin", way=WAYS["one"])
        with subprocess.Popen(
            [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as program:
            assert program.stdout is not None
            assert program.stderr is not None
            while seen and "512.0 KiB of 1.0 MiB" not in (line := program.stderr.readline()):
                assert line.startswith("cat.bin  downloading")
            threading.Timer(0.0 if seen else 0.5, halves.rest.set).start()
            out, err = program.communicate()
    assert out == "saved\n"
    assert seen or not err

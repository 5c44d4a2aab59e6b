"""Downloads seen from outside the process: memory, what is open at its end, children that it forks, Ctrl-C."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fal_server import Gate, Reply, until
from fal_server.file_host import Asked, FileHost, Sent
from fal_server.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer

HERE = Path(__file__).parents[1]
MIB = 1024 * 1024
# What any download may take above the process as it was before.
MOST = 64 * MIB
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def start(way: str, url: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    """A process that downloads, in which each warning is an error."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HERE.parents[1] / "templates"), str(HERE)))}
    worker = str(HERE / "download_worker.py")
    command = [sys.executable, "-W", "error", worker, way, url, str(folder), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def told(output: str, what: str) -> int:
    found = re.search(rf"^{what} (\d+)$", output, re.MULTILINE)
    assert found is not None, output
    return int(found[1])


def zeros(count: int) -> Iterator[bytes]:
    piece = bytes(MIB)
    for _ in range(count):
        yield piece


def zstd_bomb() -> bytes:
    """A frame of RFC 8878 that says 16,000 times: 128 KiB of zeros. 64 kB in all, and 2 GB of zeros."""
    window = bytes([0x00, 0x88])  # of 128 MiB
    block = (((128 * 1024) << 3) | (1 << 1)).to_bytes(3, "little") + b"\0"
    last = (1 << 1 | 1).to_bytes(3, "little") + b"\0"
    return b"\x28\xb5\x2f\xfd" + window + block * 16000 + last


def gzip_bomb() -> bytes:
    """Two gibibytes of zeros, two thousand times gzip of one mebibyte."""
    return gzip.compress(bytes(MIB)) * 2048


SIZES = {"content-length": str(1024 * MIB)}
ANSWERS = {
    "/warm": lambda: Sent(200, {}, b"warm"),
    "/plain": lambda: Sent(200, SIZES, zeros(1024)),
    "/chunked": lambda: Sent(200, {}, zeros(1024), cut=0),
    "/gone": lambda: Sent(404, {"content-length": str(800 * MIB)}, zeros(800)),
    "/moved": lambda: Sent(302, {"content-length": str(800 * MIB), "location": "/plain"}, zeros(800)),
    "/zstd": lambda: Sent(200, {"content-encoding": "zstd"}, zstd_bomb()),
    "/gzip": lambda: Sent(200, {"content-encoding": "gzip"}, gzip_bomb()),
    "/gone-gzip": lambda: Sent(404, {"content-encoding": "gzip"}, gzip.compress(bytes(256 * MIB))),
    "/gone-zstd": lambda: Sent(404, {"content-encoding": "zstd"}, zstd_bomb()),
}


def answer(asked: Asked) -> Sent:
    return ANSWERS[asked.path]()


@linux
@pytest.mark.slow
@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize(
    ("path", "most", "said"),
    [
        ("/plain", "", f"saved {1024 * MIB}"),
        ("/moved", "", f"saved {1024 * MIB}"),
        ("/chunked", "1000000000", "raised FileTransferError big is larger than max_bytes=1000000000"),
        ("/gone", "1000000", "raised NotFoundError"),
        ("/gone-gzip", "1000000", "raised NotFoundError"),
        ("/gone-zstd", "1000000", "raised NotFoundError"),
        ("/zstd", "1000000", "raised FileTransferError big came with the content-encoding 'zstd'"),
        ("/gzip", "1000000", "raised FileTransferError big is larger than max_bytes=1000000"),
        ("/gzip", "", f"saved {2048 * MIB}"),
    ],
)
def test_a_download_takes_little_memory_whatever_comes(
    tmp_path: Path, way: str, path: str, most: str, said: str
) -> None:
    with FileHost(answer) as host:
        output, _ = start(way, host.url + path, tmp_path, *filter(None, [most])).communicate(timeout=500)
    assert said in output
    assert told(output, "peak") - told(output, "idle") <= MOST


@linux
@pytest.mark.slow
@pytest.mark.parametrize("way", ["data-sync", "data-async"])
def test_a_data_uri_takes_little_memory_beside_its_own_text(tmp_path: Path, way: str) -> None:
    output, _ = start(way, str(60 * MIB), tmp_path).communicate(timeout=500)
    assert told(output, "saved") == 60 * MIB
    assert told(output, "peak") - told(output, "idle") <= MOST // 4


def test_a_process_ends_without_a_word(server: FalServer, tmp_path: Path) -> None:
    server.storage.pages["a.png"] = Reply(200, b"a")
    output, _ = start("exit", f"{server.storage.cdn_url}/files/a.png", tmp_path).communicate(timeout=PATIENCE)
    assert output == "files 19\n"
    server.wait_until_left()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks")
def test_forked_children_download_by_connections_of_their_own(server: FalServer, tmp_path: Path) -> None:
    server.storage.pages["a.png"] = Reply(200, bytes(range(256)) * 100)
    process = start("fork", f"{server.storage.cdn_url}/files/a.png", tmp_path)
    output, _ = process.communicate(timeout=PATIENCE)
    assert output == f"children 0 0 0 0\nfiles {3 + 4 * 12}\ncontents 1\n"
    server.wait_until_left()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to every process of a terminal")
def test_ctrl_c_ends_all_downloads_at_once_and_leaves_nothing(server: FalServer, tmp_path: Path) -> None:
    waiting = Gate(opens_at=4)
    server.storage.first["download"] = [Reply(silent=True, gate=waiting)] * 5
    process = start("interrupt", f"{server.storage.cdn_url}/files/a.png", tmp_path)
    until(lambda: waiting.is_open, "it does not come to wait")
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE)  # the server is silent for longer
    assert output == "interrupted ['MainThread'] []\n"
    server.wait_until_left()

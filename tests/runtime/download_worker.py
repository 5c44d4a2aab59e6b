"""A process that downloads, for tests that look at it from outside: `download_worker.py WAY URL FOLDER [MAX_BYTES]`.

Ways: `sync` and `async` save one file and tell how much memory that took; `exit` saves in every way and ends; `fork`
saves in children, too; `interrupt` waits with four threads; `data` saves a data URI of so many bytes.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import sys
import threading
from pathlib import Path

from runtime.files.downloads.download_all import adownload_all, download_all
from runtime.files.remote_file import RemoteFile


def tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


def ready() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins here
    tell("idle", memory("VmRSS"))


async def asaved(file: RemoteFile, warm: RemoteFile, folder: Path, most: int | None) -> None:
    await warm.adownload(folder / "warm")
    ready()
    await file.adownload(folder / "big", max_bytes=most)


def measured(way: str, url: str, folder: Path, most: int | None) -> None:
    """Save a small file, so that everything is loaded; then the one at the URL. Tells what it came to."""
    warm = RemoteFile(url=url.rpartition("/")[0] + "/warm" if url.startswith("http") else "data:;base64,YQ==")
    file = RemoteFile(url=url)
    try:
        if way == "async":
            asyncio.run(asaved(file, warm, folder, most))
        else:
            warm.download(folder / "warm")
            ready()
            file.download(folder / "big", max_bytes=most)
        tell("saved", (folder / "big").stat().st_size)
    except Exception as error:
        tell("raised", type(error).__name__, str(error)[:300])
    tell("peak", memory("VmHWM"))


async def every_async_way(files: list[RemoteFile], folder: Path) -> None:
    await files[0].adownload(folder)
    await adownload_all(files, folder)


def end(files: list[RemoteFile], folder: Path) -> None:
    files[0].download(folder)
    download_all(files, folder)
    for _ in range(2):
        asyncio.run(every_async_way(files, folder))
    thread = threading.Thread(target=files[0].download, args=(folder,))
    thread.start()
    thread.join()
    tell("files", len([*folder.iterdir()]))


def forked(files: list[RemoteFile], folder: Path) -> None:
    files[0].download(folder)
    children: list[int] = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            asyncio.run(every_async_way(files, folder))
            download_all(files, folder)
            files[0].download(folder)
            os._exit(0)
        children.append(child)
    files[0].download(folder)
    codes = [os.waitpid(child, 0)[1] for child in children]
    files[0].download(folder)
    tell("children", *codes)
    tell("files", len([*folder.iterdir()]))
    tell("contents", len({path.read_bytes() for path in folder.iterdir()}))


def main() -> None:
    way, url, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    files = [RemoteFile(url=url) for _ in range(5)]
    if way == "exit":
        end(files, folder)
    elif way == "fork":
        forked(files, folder)
    elif way == "interrupt":
        try:
            download_all(files, folder)
        except KeyboardInterrupt:
            tell("interrupted", [thread.name for thread in threading.enumerate()], [*folder.iterdir()])
    elif way.startswith("data"):
        text = "data:image/png;base64," + base64.b64encode(bytes(int(url))).decode()
        measured(way.removeprefix("data-"), text, folder, None)
    else:
        measured(way, url, folder, int(sys.argv[4]) if sys.argv[4:] else None)


main()

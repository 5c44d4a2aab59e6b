"""Small files saved in a process of its own, measured: `download_worker.py WAY URL FOLDER NUMBER`. Prints JSON.

Ways: `download` and `adownload` save one file after the other, `download_all` and `adownload_all` all of them; `httpx`
and `httpx-async` are one shared client of httpx, whose answers are written to files. The answer is processor time and
time on the clock, for all files together, with what is made once: the client, and the certificates that it trusts.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import httpx
from fal_typed import adownload_all, download_all
from fal_typed.models import RemoteFile


def by_httpx(urls: list[str], folder: Path) -> None:
    with httpx.Client() as client:
        for number, url in enumerate(urls):
            with client.stream("GET", url) as answer, (folder / str(number)).open("wb") as file:
                answer.raise_for_status()
                for piece in answer.iter_bytes():
                    file.write(piece)


async def by_httpx_async(urls: list[str], folder: Path) -> None:
    async with httpx.AsyncClient() as client:
        for number, url in enumerate(urls):
            async with client.stream("GET", url) as answer:
                answer.raise_for_status()
                with (folder / str(number)).open("wb") as file:
                    async for piece in answer.aiter_bytes():
                        file.write(piece)


async def one_by_one(files: list[RemoteFile], folder: Path) -> None:
    for number, file in enumerate(files):
        await file.adownload(folder / str(number))


def save(way: str, urls: list[str], folder: Path) -> None:
    files = [RemoteFile(url=url) for url in urls]
    if way == "httpx":
        by_httpx(urls, folder)
    elif way == "httpx-async":
        asyncio.run(by_httpx_async(urls, folder))
    elif way == "download":
        for number, file in enumerate(files):
            file.download(folder / str(number))
    elif way == "adownload":
        asyncio.run(one_by_one(files, folder))
    elif way == "download_all":
        download_all(files, folder)
    else:
        asyncio.run(adownload_all(files, folder))


def main() -> None:
    way, url, folder, number = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    cpu, wall = time.process_time(), time.perf_counter()
    save(way, [url] * number, folder)
    found = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "files": len([*folder.iterdir()])}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

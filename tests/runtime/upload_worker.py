"""A process that uploads, for tests that look at it from outside: `upload_worker.py sync|async SERVER PATH`.

After the path may come the length of a part, and then `wait`: not to go on before a line comes in.
"""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from pathlib import Path
from typing import Any

from runtime.files.uploads import upload_steps
from runtime.http.hosts import Hosts
from runtime_sample import AsyncFal, Fal


def main() -> None:
    """Upload a few bytes, so that everything is loaded; then the file. Prints what each step came to."""
    kind, url, path = sys.argv[1:4]
    hosts = Hosts(run=f"{url}/run", queue=f"{url}/queue", rest=f"{url}/rest", cdn=f"{url}/cdn")
    file: Any = sys.stdin.buffer if path == "-" else Path(path)
    if len(sys.argv) > 4:
        upload_steps.SINGLE_LIMIT = upload_steps.PART_BYTES = int(sys.argv[4])
    try:
        if kind == "sync":
            with Fal("id:secret", hosts=hosts) as fal:
                _ready(fal.storage.upload(b"x" * 1000))
                _tell(fal.storage.upload(file))
        else:
            asyncio.run(_async(hosts, file))
    except KeyboardInterrupt:
        _tell("interrupted", [thread.name for thread in threading.enumerate()])
    _tell("peak", _memory("VmHWM"))


async def _async(hosts: Hosts, file: Any) -> None:
    async with AsyncFal("id:secret", hosts=hosts) as fal:
        _ready(await fal.storage.upload(b"x" * 1000))
        _tell(await fal.storage.upload(file))


def _tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def _ready(_: str) -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins here
    _tell("idle", _memory("VmRSS"))
    if sys.argv[5:]:
        sys.stdin.readline()  # until the test says so


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


main()

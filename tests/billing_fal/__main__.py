"""The process: prints its port, and serves until its standard input ends, which it does with whoever started it."""

import asyncio
import contextlib
import gc
import json
import socket
import sys

from billing_fal.protocol import Connection
from billing_fal.service import Service
from billing_fal.settings import Settings


async def serve(settings: Settings) -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    port = listening.getsockname()[1]
    loop = asyncio.get_running_loop()
    service = Service(f"http://127.0.0.1:{port}", settings, loop.call_later)
    server = await loop.create_server(lambda: Connection(service), sock=listening)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


gc.freeze()
gc.set_threshold(50_000)
with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(serve(Settings(**json.loads(sys.argv[1]))))

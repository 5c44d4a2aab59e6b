"""A WSGI application on a loopback socket."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from waitress.server import create_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def running_wsgi(app: Any) -> Iterator[str]:
    """Serve an application with waitress; its URL."""
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # what a test breaks off is told there
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=8, channel_request_lookahead=1)
    over, woken = threading.Event(), threading.Event()

    def run() -> None:
        while not over.is_set():
            server.asyncore.loop(timeout=60, map=server._map, use_poll=True, count=1)
        woken.wait(10)  # closed before, the trigger would be another's file by the time it is pulled
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        over.set()
        server.pull_trigger()
        woken.set()
        thread.join(10)

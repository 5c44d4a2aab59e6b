"""Webhook calls, posted when their requests end."""

from __future__ import annotations

import queue
import sys
import threading
from typing import TYPE_CHECKING

from ... import forks
from ..webhooks.delivery import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..clock import Clock
    from ..messages import Answer, Request
    from ..scripting.script import Call, Play


class Posting:
    """Posts them one after the other, from a thread of its own, which begins with the first one.

    Args:
        clock: On which requests end.
    """

    def __init__(self, clock: Clock) -> None:
        self._webhooks = Webhooks(clock)
        self._waiting: queue.SimpleQueue[tuple[Call, Play]] = queue.SimpleQueue()
        self._lock = forks.Lock()
        self._thread: threading.Thread | None = None

    def note(self, call: Call, play: Play) -> None:
        """Remember a request, if its submission named a webhook."""
        if not call.options.webhook_url:
            return
        self._waiting.put((call, play))
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._post, daemon=True)
                self._thread.start()

    def keys(self, request: Request, usual: Callable[[], Answer]) -> Answer | None:
        """The public keys of its calls, to whoever verifies them. It is a `Fault`."""
        return self._webhooks.answer(request, usual)

    def _post(self) -> None:
        while True:
            call, play = self._waiting.get()
            self._webhooks.note(call, play)
            try:
                self._webhooks.deliver()
            except Exception as error:  # whatever their application does
                sys.stderr.write(f"no webhook call for {call.request_id} to {call.options.webhook_url}: {error}\n")
            self._webhooks.clear()

"""The process from outside: started, set, asked what it billed, and ended."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .settings import Settings

if TYPE_CHECKING:
    from typing import Self

_TESTS = Path(__file__).parents[1]


class Accepted(NamedTuple):
    """A request that was accepted, and so is paid."""

    request_id: str
    endpoint: str
    input: Any
    accepted_at: float
    ends_at: float
    delivered: int
    is_direct: bool

    @property
    def wire(self) -> str:
        """Its input as canonical JSON text."""
        return json.dumps(self.input, sort_keys=True)


def hosts_of(url: str) -> dict[str, str]:
    """What `Hosts` is made with, by the server's URL."""
    return {**{kind: f"{url}/{kind}" for kind in ("run", "queue", "rest", "cdn")}, "api": f"{url}/api/v1"}


class BillingFal:
    """A fal in a process of its own, for a `with` block. It ends with the block, or with this process.

    Attributes:
        url: Where it is.
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = Settings(**settings)
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "billing_fal", json.dumps(asdict(self._settings))]
        self._process = subprocess.Popen(
            command, cwd=_TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    @property
    def hosts(self) -> dict[str, str]:
        """What `Hosts` is made with."""
        return hosts_of(self.url)

    def set(self, **settings: Any) -> None:
        """Change some of the settings."""
        self._ask("settings", settings)

    def reset(self, **settings: Any) -> None:
        """Forget everything, and begin anew with these settings."""
        self._ask("reset", asdict(Settings(**settings)))

    def advance(self, seconds: float) -> None:
        """Let its clock go on."""
        self._ask("advance", {"seconds": seconds})

    def outage(self, seconds: float) -> None:
        """Be out of reach for so many seconds, also for this control."""
        self._ask("outage", {"seconds": seconds})

    def accepted(self) -> list[Accepted]:
        """All that was accepted, in order."""
        return [Accepted(*one) for one in self._ask("accepted")]

    def paid(self) -> Counter[tuple[str, str]]:
        """How often each input of each endpoint was accepted: (endpoint, canonical wire input)."""
        return Counter((one.endpoint, one.wire) for one in self.accepted())

    def counts(self) -> dict[str, float]:
        """What was counted: submits, too_many, lost_answers, delivered, expired, cancelled, history, accepted, now."""
        counted: dict[str, float] = self._ask("counts")
        return counted

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.url.rpartition(":")[2]), timeout=60)
        try:
            connection.request("POST", f"/control/{path}", json.dumps(body or {}))
            answer = connection.getresponse()
            assert answer.status == 200, answer.status
            return json.loads(answer.read())
        finally:
            connection.close()

"""A request that was accepted: what it is at which time, and how it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# From here on a result is kept for a shorter time.
LARGE = 10_240
FAILURE = {"detail": [{"loc": ["body", "prompt"], "msg": "refused by the model", "type": "content_policy_violation"}]}


@dataclass(slots=True)
class Billed:
    """It costs money from here on.

    Attributes:
        accepted_at: When, by the server's clock.
        ends_at: When its output is there.
        listed_at: When the history has it.
        delivered: How often its result went out.
        is_large: Whether its output is.
        fails: Whether the model refuses it.
        is_direct: Whether it was a run, which the queue does not know.
    """

    request_id: str
    endpoint: str
    input: dict[str, Any]
    accepted_at: float
    ends_at: float
    listed_at: float
    is_large: bool
    fails: bool
    is_direct: bool = False
    is_cancelled: bool = False
    delivered: int = 0

    def output(self, base: str) -> bytes:
        """What it gives: the same for the same request."""
        number = int(self.request_id.rpartition("-")[2], 16)
        url = f"{base}/cdn/files/{self.request_id}.png"
        output: dict[str, Any] = {
            "images": [{"url": url, "width": 1, "height": 1, "content_type": "image/png"}],
            "timings": {"inference": 0.1},
            "seed": self.input.get("seed", number),
            "has_nsfw_concepts": [False],
            "prompt": str(self.input.get("prompt", "")),
        }
        if self.is_large:
            output["padding"] = "x" * LARGE
        return json.dumps(output).encode()

    def units(self, each: float) -> str:
        """As the header has it."""
        return f"{float(self.input.get('num_images', 1)) * each:g}"

    def told(self, now: float, *, base: str, payloads: bool) -> dict[str, Any]:
        """As an item of the history."""
        is_over = now >= self.ends_at
        item: dict[str, Any] = {
            "request_id": self.request_id,
            "endpoint_id": self.endpoint,
            "sent_at": iso(self.accepted_at),
            "started_at": iso(self.accepted_at),
            "ended_at": iso(self.ends_at) if is_over else None,
            "status_code": (422 if self.fails else 200) if is_over else None,
            "duration": self.ends_at - self.accepted_at if is_over else None,
        }
        if payloads:
            item["json_input"] = self.input
            if is_over:
                item["json_output"] = FAILURE if self.fails else json.loads(self.output(base))
        return item


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

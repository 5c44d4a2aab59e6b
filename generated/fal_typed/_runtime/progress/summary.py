"""Many lines as one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from .words import Picture, of_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .line import Line

# In this order; what has another word comes after.
_KINDS = (
    *("submitting", "uploading", "waiting", "queued", "in progress"),
    *("running", "streaming", "finishing", "downloading"),
)


class Ended(NamedTuple):
    """How many are over since the display is there, and how many of these failed."""

    all: int = 0
    failed: int = 0


def picture_of(lines: Sequence[Line], ended: Ended, now: float) -> Picture:
    """What is to be seen of some that go on, at least one."""
    moved, total = _bytes_of(lines)
    part = min(moved / total, 1.0) if total else None
    seconds = max(now - min(line.begun for line in lines), 0.0)
    note = next((line.note for line in reversed(lines) if line.note), "")
    told = f" {of_bytes(moved, total)}" if moved or total else ""
    held = next((f", {text}" for line in reversed(lines) if (text := line.held(now))), "")
    if len(lines) == 1 and not ended.all:
        return Picture(lines[0].what, lines[0].state + told + held, part, seconds, note)
    over = [f"{ended.all - ended.failed} done"] if ended.all > ended.failed else []
    over += [f"{ended.failed} failed"] if ended.failed else []
    kinds = Counter(line.kind for line in lines)
    order = [*(kind for kind in _KINDS if kind in kinds), *(kind for kind in kinds if kind not in _KINDS)]
    states = ", ".join([*(f"{kinds[kind]} {kind}" for kind in order), *over])
    names = {line.what for line in lines}
    what = names.pop() if len(names) == 1 else f"{len(lines)} at once"
    return Picture(what, f"{states}{',' if told else ''}{told}{held}", part, seconds, note)


def _bytes_of(lines: Sequence[Line]) -> tuple[int, int | None]:
    counts = [count for line in lines if (count := line.bytes()) is not None]
    totals = [total for _, total in counts if total is not None]
    return sum(moved for moved, _ in counts), sum(totals) if totals and len(totals) == len(counts) else None

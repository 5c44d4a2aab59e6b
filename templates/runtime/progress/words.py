"""What the display says: sizes, states and log lines in words, made harmless and cut to fit."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category, east_asian_width

_KIB = 1024
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_MINUTE, _HOUR = 60, 3600
# Sequences that steer a terminal, as models print them for colours.
_STEERING = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x9b[0-?]*[ -/]*[@-~]")
_BREAKS = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# Log lines may be of any length; no terminal is as wide.
_MOST, _MOST_READ = 500, 4000


class Picture(NamedTuple):
    """What is to be seen at one moment.

    Attributes:
        what: What goes on: an endpoint, a file, or how many of them.
        state: How far that is.
        part: Of the bytes, between 0 and 1; None where there are none, or nobody knows of how many.
        seconds: How long it has been going on.
        note: The last log line.
    """

    what: str
    state: str
    part: float | None
    seconds: float
    note: str

    def words(self, most_what: int) -> tuple[str, str, str, str]:
        """`what`, `state`, the time and the note, where what goes on takes at most so many cells."""
        return beginning_cut(self.what, most_what), self.state, duration(self.seconds), self.note


def amount(count: int) -> str:
    """Bytes, for people."""
    value, unit = float(count), 0
    while value >= _KIB and unit < len(_UNITS) - 1:
        value, unit = value / _KIB, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"


def of_bytes(moved: int, total: int | None) -> str:
    """So many of so many bytes."""
    return f"{amount(moved)} of {amount(total)}" if total else amount(moved)


def duration(seconds: float) -> str:
    """Whole seconds, for people."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}:{whole % _MINUTE:02} min"
    return f"{whole // _HOUR}:{whole % _HOUR // _MINUTE:02} h"


def bar(part: float, cells: int) -> str:
    """A bar of plain characters."""
    filled = int(part * cells)
    return f"[{'#' * filled}{'.' * (cells - filled)}]"


def harmless(text: str) -> str:
    """The last line of a text that is not empty, without what steers a terminal or cannot be seen.

    What a model prints may hold anything: colours, carriage returns of its own bars, letters that turn the line round.
    """
    lines = _BREAKS.split(_STEERING.sub("", text[-_MOST_READ:]))
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")[:_MOST]
    return "".join(each for each in last.replace("\t", " ") if category(each)[0] != "C")


def width(text: str) -> int:
    """The cells of a terminal that a text takes."""
    return sum(_cells(each) for each in text)


def end_cut(text: str, cells: int) -> str:
    """As much of its beginning as fits."""
    if width(text) <= cells:
        return text
    kept: list[str] = []
    left = cells - 1
    for each in text:
        left -= _cells(each)
        if left < 0:
            break
        kept.append(each)
    return "".join(kept).rstrip() + "…" if cells > 0 else ""


def beginning_cut(text: str, cells: int) -> str:
    """As much of its end as fits: that of an endpoint's id says most."""
    return text if width(text) <= cells else f"{end_cut(text[::-1], cells)[::-1]}"


def _cells(each: str) -> int:
    return 0 if category(each) in ("Mn", "Me") else 2 if east_asian_width(each) in "WF" else 1

"""What a fetch did, as lines for people: no more than somebody reads, and first what is to be acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics import visible
from .app import BROKEN, CLEAN, NETWORK, err

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..fetch import Failed, FetchReport

# More than so many lines of one kind say less than their number.
_MANY = 20
# So many endpoints that failed for one reason are one line, with the names of some.
_ALIKE, _NAMED = 10, 5


def show(report: FetchReport, shown: str) -> None:
    """What a fetch did, a line each for what somebody wants to know.

    Args:
        report: The outcome.
        shown: How messages call the folder of the documents.
    """
    for note in report.notes:
        _line("note", note)
    _lines("new", dict.fromkeys(report.new, ""))
    _lines("changed", dict.fromkeys(report.changed, ""))
    _lines("alias", {one: f" is called as {called}" for one, called in report.aliases.items()})
    _lines("streams", dict.fromkeys(report.streams, f": noted in {shown}/endpoints.toml"))
    ended = f": the catalogue does not say so any more; if it is so, write streams = false in {shown}/endpoints.toml"
    _lines("streams?", dict.fromkeys(report.ended, ended))
    kept = "; its document is kept, and so is the client's part"
    _lines("vanished", {one: f": fal has not had it since {day}{kept}" for one, day in report.vanished.items()})
    _failures(report.failed)
    skipped = f", {len(report.skipped)} done by the interrupted run before" if report.skipped else ""
    err.print(
        f"{shown}: {_count(report.count)}, {len(report.new)} new, {len(report.changed)} changed, "
        f"{len(report.unchanged)} unchanged{skipped}, {len(report.vanished)} vanished, {len(report.failed)} failed",
        markup=False,
    )


def _lines(kind: str, texts: Mapping[str, str]) -> None:
    for one in sorted(texts)[:_MANY]:
        _line(kind, f"{one}{texts[one]}")
    if len(texts) > _MANY:
        _line(kind, f"… and {len(texts) - _MANY} more")


def _line(kind: str, text: str) -> None:
    err.print(visible(f"{kind:<10}{text}"), markup=False)  # documents and servers say some of it


def _failures(failed: Mapping[str, Failed]) -> None:
    """First what is wrong here, then what fal has to mend, last what may pass."""
    by_reason: dict[Failed, list[str]] = {}
    for one in sorted(failed):
        by_reason.setdefault(failed[one], []).append(one)
    lines = [
        (failure, group)
        for failure, ids in by_reason.items()
        for group in ([ids] if len(ids) > _ALIKE else [[one] for one in ids])
    ]
    lines.sort(key=lambda line: (line[0].is_network, line[0].is_fals, -len(line[1]), line[1]))
    for failure, ids in lines[:_MANY]:
        if len(ids) == 1:
            _line("failed", f"{ids[0]}: {failure.problem}")
        else:
            more = f"{', '.join(ids[:_NAMED])} and {len(ids) - _NAMED} more"
            _line("failed", f"{_count(len(ids))}: {failure.problem}: {more}")
    left = sum(len(ids) for _, ids in lines[_MANY:])
    if left:
        _line("failed", f"… and {left} more")


def _count(number: int) -> str:
    return f"{number} endpoint{'' if number == 1 else 's'}"


def exit_code(report: FetchReport) -> int:
    """What the run comes to: 3 if trying again may help, 4 if fal has no document for some endpoint."""
    if report.is_network:
        return NETWORK
    return BROKEN if report.failed else CLEAN

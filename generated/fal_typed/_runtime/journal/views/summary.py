"""What the jobs of a journal came to: how many, how long, and what they cost."""

# design: What may a call cost?

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from ...display.shown import InNotebook
from ..money import total
from ..records import JobState
from .tally import ENDED

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from decimal import Decimal

    from ..money import Amount, Price
    from .tally import Sums, Tally

_MINUTE, _HOUR = 60, 3600
_TITLES = ("endpoint", "done", "failed", "unclear", "open", "units", "cost")
_PAGE = '<div class="fal-typed tex2jax_ignore mathjax_ignore" style="text-align:left">{}</div>'
_CELL = '<{0} style="text-align:{1};padding:2px 12px 2px 0;background:none">{2}</{0}>'


class EndpointSummary(NamedTuple):
    """What the jobs of an endpoint came to.

    Attributes:
        jobs: How many there are, by state; every state is there.
        units: What those that ended took, in the endpoint's units: as fal counted them, or where that is not known, as
            many as were expected.
        without_units: How many of them are in no sum, since neither is known.
        price: What a unit costs, where that is known.
        amount: What they cost, where that is known.
        seconds: How long one took that is done, from being sent to its output, on average.
    """

    endpoint: str
    jobs: Mapping[JobState, int]
    units: Decimal
    without_units: int
    price: Price | None
    amount: Amount | None
    seconds: float | None


class Summary(InNotebook):
    """What jobs came to. Printed, it is a table; so it is in a notebook.

    Attributes:
        endpoints: The same of each endpoint.
        busy: For how many seconds at least one job was under way: pauses between runs are left out.
    """

    def __init__(self, endpoints: Sequence[EndpointSummary], busy: float) -> None:
        self.endpoints: tuple[EndpointSummary, ...] = tuple(endpoints)
        self.busy: float = busy

    @property
    def jobs(self) -> dict[JobState, int]:
        """How many jobs there are, by state; every state is there."""
        return {state: sum(each.jobs[state] for each in self.endpoints) for state in JobState}

    @property
    def amount(self) -> Amount | None:
        """What all of them cost; None where a price is not known, or there are several currencies."""
        return total(each.amount for each in self.endpoints)

    @property
    def jobs_per_minute(self) -> float | None:
        """How many were done in a minute in which any was under way; None where that is too short to tell."""
        return self.jobs[JobState.DONE] * _MINUTE / self.busy if self.busy >= 1 else None

    def __str__(self) -> str:
        rows = [_TITLES, *self._rows()]
        widths = [max(len(row[at]) for row in rows) for at in range(len(_TITLES))]
        lines = [_line(row, widths) for row in rows]
        return "\n".join([*(line.rstrip() for line in lines), *self._notes()])

    def __repr__(self) -> str:
        jobs = ", ".join(f"{count} {state.value}" for state, count in self.jobs.items() if count)
        return f"<{type(self).__name__} {jobs or 'of no jobs'}>"

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        shown = {"text/plain": str(self), "text/html": self._page()}
        return {
            kind: text
            for kind, text in shown.items()
            if (not include or kind in include) and not (exclude and kind in exclude)
        }

    def _page(self) -> str:
        rows = [_html_row("th", _TITLES), *(_html_row("td", row) for row in self._rows())]
        notes = "".join(f'<div style="opacity:.75">{escape(note)}</div>' for note in self._notes())
        return _PAGE.format(f'<table style="border-collapse:collapse">{"".join(rows)}</table>{notes}')

    def _rows(self) -> list[tuple[str, ...]]:
        rows = [
            _row(_plain(each.endpoint), each.jobs, f"{each.units.normalize():,f}", each.amount)
            for each in self.endpoints
        ]
        if len(rows) > 1:
            rows.append(_row("all", self.jobs, "", self.amount))
        return rows

    def _notes(self) -> list[str]:
        """What is to be known beside the table."""
        done, rate = self.jobs[JobState.DONE], self.jobs_per_minute
        if rate is None:
            notes = [f"{done:,} done"]
        else:
            notes = [f"{done:,} done in {_duration(self.busy)}, {rate:,.1f} a minute"]
        if without := sum(each.without_units for each in self.endpoints):
            notes.append(f"{without:,} done of which fal did not say what it counted: they are in no sum")
        if any(each.amount is not None for each in self.endpoints):
            notes.append("costs are before discounts" + self._estimated())
        return notes

    def _estimated(self) -> str:
        is_any = any(each.amount is not None and each.amount.estimated for each in self.endpoints)
        return "; ≈ is an estimate" if is_any else ""


def summarized(tally: Tally, prices: Mapping[str, Price]) -> Summary:
    """The summary of what was added up.

    Args:
        tally: What was.
        prices: Those that are known, by endpoint.
    """
    each = [_summary(endpoint, sums, prices.get(endpoint)) for endpoint, sums in tally.endpoints.items()]
    return Summary(each, tally.busy)


def _summary(endpoint: str, sums: Sums, price: Price | None) -> EndpointSummary:
    amount = None
    if price is not None:
        amount = price.of(sums.units, estimated=bool(sums.expected or sums.unknown))
    return EndpointSummary(
        endpoint=endpoint,
        jobs={state: sums.jobs[state] for state in JobState},
        units=sums.units,
        without_units=sums.unknown,
        price=price,
        amount=amount,
        seconds=sums.seconds / sums.timed if sums.timed else None,
    )


def _row(name: str, jobs: Mapping[JobState, int], units: str, amount: Amount | None) -> tuple[str, ...]:
    ended = {state: jobs[state] for state in (*ENDED, JobState.UNCLEAR)}
    still = sum(jobs.values()) - sum(ended.values())
    return (name, *(f"{count:,}" for count in (*ended.values(), still)), units, "" if amount is None else str(amount))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])


def _plain(text: str) -> str:
    """A text from a file, without what steers a terminal."""
    return "".join(each if each.isprintable() else "�" for each in text)


def _html_row(kind: str, cells: Sequence[str]) -> str:
    written = [_CELL.format(kind, "right" if at else "left", escape(cell)) for at, cell in enumerate(cells)]
    return f"<tr>{''.join(written)}</tr>"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"

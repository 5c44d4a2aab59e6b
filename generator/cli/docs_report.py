"""How the report of `verify-docs` is shown: to people, and to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from ..diagnostics import visible
from ..docs.compare.disagreements import Facet
from .app import err, out

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..docs.compare.disagreements import Disagreement
    from ..docs.verify import PageResult, Report

# Longer texts are cut to the part where they begin to differ.
_LONGEST = 120
# More lines about one page, and more names in one line, say less than their number.
_MANY_LINES, _MANY_NAMES = 50, 10


# --- for people ------------------------------------------------------------------------------------------------------


def print_report(made: Report, exceptions: str) -> None:
    """Print what was compared, what does not agree, and which exceptions are of no use.

    Args:
        made: The report.
        exceptions: How messages name the file of the exceptions.
    """
    if made.results:
        out.print(_table(made.results))
    for one in made.results:
        for disagreement in one.disagreements[:_MANY_LINES]:
            out.print(_line(one, disagreement), markup=False)
        if (more := len(one.disagreements) - _MANY_LINES) > 0:
            what = "disagreement" if more == 1 else "disagreements"
            out.print(f"{one.page.shown}: … and {more:,} more {what}; --json has all", markup=False)
    for one in made.results:
        for disagreement, exception in one.excepted:
            out.print(f"{_line(one, disagreement)}\n    is listed: {visible(exception.reason)}", markup=False)
    for endpoint, found in made.broken:
        said = f"the docstring has the limits {found.docstring}, the annotation {found.annotation}"
        out.print(f"{endpoint}: {found.place}: {said}", markup=False)
    for exception in made.unused:
        what = f"{exception.endpoint} ({exception.page}) {exception.place}: {exception.facet}"
        out.print(visible(f"{exceptions}:{exception.line}: no longer applies: {what}"), markup=False)


def print_rest(made: Report, exceptions: str, failed: Collection[str], *, some: bool) -> None:
    """Print what was not compared, and the sum of it all.

    Args:
        made: The report.
        exceptions: How messages name the file of the exceptions.
        failed: The endpoints whose pages could not be fetched; something else is said of them.
        some: Whether only some endpoints were asked for.
    """
    strange = [] if some else [page.shown for page in made.without_endpoint]
    _print_names(strange, "page is of an endpoint that is not emitted", "pages are of endpoints that are not emitted")
    without = [endpoint for endpoint in made.without_page if endpoint not in failed]
    _print_names(without, "endpoint has no page", "endpoints have no page")
    count = sum(len(one.disagreements) for one in made.results)
    listed = sum(len(one.excepted) for one in made.results)
    pages = f"{len(made.results)} page{'' if len(made.results) == 1 else 's'}"
    err.print(f"{pages}: {count} disagreement{'' if count == 1 else 's'}, {listed} more listed in {exceptions}")


def _print_names(names: Sequence[str], one: str, several: str) -> None:
    """Print what holds of some, in one line: how many there are, and the first of them."""
    if names:
        shown = ", ".join(names[:_MANY_NAMES]) + (" …" if len(names) > _MANY_NAMES else "")
        err.print(visible(f"{len(names):,} {one if len(names) == 1 else several}: {shown}"), markup=False)


def _table(results: Sequence[PageResult]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("endpoint", "page", *(facet.value for facet in Facet)):
        table.add_column(heading, no_wrap=True)
    for one in results:
        table.add_row(one.page.endpoint, one.page.form.value, *(_cell(one, facet) for facet in Facet))
    return table


def _cell(result: PageResult, facet: Facet) -> str:
    total = result.comparison.compared[facet]
    return f"{result.comparison.agreed(facet)}/{total}" if total else "-"


def _line(result: PageResult, one: Disagreement) -> str:
    """A disagreement in one line, with both sides; of long texts the part where they begin to differ."""
    page, emitted = visible(one.page), visible(one.emitted)
    same = next((i for i, (a, b) in enumerate(zip(page, emitted, strict=False)) if a != b), 0)
    place = result.page.shown + (f":{one.line}" if one.line else "")
    sides = f"the page says {_cut(page, same)}, emitted is {_cut(emitted, same)}"
    return f"{place}: {visible(one.place)}: {one.facet.value}: {sides}"


def _cut(text: str, at: int) -> str:
    if len(text) <= _LONGEST:
        return text or "nothing"
    start = max(0, at - 40)
    return ("…" if start else "") + text[start : start + _LONGEST] + ("…" if start + _LONGEST < len(text) else "")


# --- for programs ----------------------------------------------------------------------------------------------------


def report_as_data(made: Report) -> dict[str, object]:
    """The report as data."""
    return {
        "agrees": made.agrees,
        "pages": [_page_as_json(one) for one in made.results],
        "without_page": list(made.without_page),
        "without_endpoint": [page.shown for page in made.without_endpoint],
        "unused_exceptions": [
            {"endpoint": one.endpoint, "page": one.page, "place": one.place, "facet": one.facet} for one in made.unused
        ],
        "contradictions": [
            {"endpoint": endpoint, "place": one.place, "docstring": one.docstring, "annotation": one.annotation}
            for endpoint, one in made.broken
        ],
    }


def _page_as_json(one: PageResult) -> dict[str, object]:
    counts = {f.value: {"agree": one.comparison.agreed(f), "of": n} for f in Facet if (n := one.comparison.compared[f])}
    listed = [(d, None) for d in one.disagreements] + [(d, e.reason) for d, e in one.excepted]
    return {
        "endpoint": one.page.endpoint,
        "page": one.page.shown,
        "form": one.page.form.value,
        "facets": counts,
        "disagreements": [
            {
                "facet": d.facet.value,
                "place": d.place,
                "line": d.line or None,
                "page": _writable(d.page),
                "emitted": _writable(d.emitted),
                "listed": reason,
            }
            for d, reason in listed
        ],
        "problems": [{"line": problem.source.line, "message": _writable(problem.message)} for problem in one.problems],
    }


def _writable(text: str) -> str:
    """A text without half characters, which JSON can write down and UTF-8 cannot."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")

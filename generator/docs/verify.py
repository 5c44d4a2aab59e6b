"""Verifies endpoints against their pages, and says what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..codes import Code
from ..diagnostics import Diagnostic, Source
from .compare.descriptions import compare
from .describe import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .compare.disagreements import Comparison, Disagreement
    from .describe import Description
    from .emitted.package import Contradiction, Package
    from .exceptions import DocsException
    from .pages.folder import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """What came of one page.

    Attributes:
        page: The page.
        comparison: What was compared.
        disagreements: Those that no exception lists.
        excepted: Those that one lists, with it.
        problems: What could not be read.
    """

    page: Page
    comparison: Comparison
    disagreements: tuple[Disagreement, ...]
    excepted: tuple[tuple[Disagreement, DocsException], ...]
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of all pages.

    Attributes:
        results: Page by page.
        without_page: The endpoints that have none.
        without_endpoint: The pages of endpoints that are not emitted.
        unused: The exceptions that no longer apply.
        broken: The docstrings that say another thing than the annotations beside them, by endpoint.
    """

    results: tuple[PageResult, ...]
    without_page: tuple[str, ...]
    without_endpoint: tuple[Page, ...]
    unused: tuple[DocsException, ...]
    broken: tuple[tuple[str, Contradiction], ...]

    @property
    def agrees(self) -> bool:
        """Whether everything agrees that is not listed, and everything could be read."""
        pages = any(one.disagreements or one.problems for one in self.results)
        return not (pages or self.unused or self.broken)


def verify(
    package: Package, pages: Sequence[Page], endpoints: Sequence[str], exceptions: Sequence[DocsException]
) -> Report:
    """Hold the pages of some endpoints against the emitted package.

    Args:
        package: The emitted package.
        pages: The pages that there are.
        endpoints: The ids of those to be verified.
        exceptions: The disagreements that are known.
    """
    results: list[PageResult] = []
    broken: list[tuple[str, Contradiction]] = []
    for endpoint in endpoints:
        own = [page for page in pages if page.endpoint == endpoint]
        if own:
            emitted, contradictions = package.describe(endpoint)
            broken += [(endpoint, one) for one in contradictions]
            results += [_result(page, emitted, exceptions) for page in own]
    with_page = {one.page.endpoint for one in results}
    return Report(
        results=tuple(results),
        without_page=tuple(one for one in endpoints if one not in with_page),
        without_endpoint=tuple(page for page in pages if page.endpoint not in package.endpoints),
        unused=tuple(one for one in exceptions if _is_unused(one, results, package)),
        broken=tuple(broken),
    )


def _result(page: Page, emitted: Description, exceptions: Sequence[DocsException]) -> PageResult:
    reading = page.read()
    problems = [_diagnostic(page, one.line, one.message) for one in reading.problems]
    about = reading.description.endpoint
    if about is not UNKNOWN and emitted.endpoint is not UNKNOWN and not {*about} & {*emitted.endpoint}:
        problems.append(_diagnostic(page, 0, f"is the page of {about[0]}, not of {page.endpoint}"))
    comparison = compare(reading.description, emitted)
    if not problems and not comparison.compared:
        problems.append(_diagnostic(page, 0, "shows nothing that could be compared"))
    listed = {(one.place, one.facet): one for one in exceptions if _is_about(one, page)}
    excepted = [(d, e) for d in comparison.disagreements if (e := listed.get((d.place, d.facet.value))) is not None]
    known = {id(disagreement) for disagreement, _ in excepted}
    return PageResult(
        page=page,
        comparison=comparison,
        disagreements=tuple(one for one in comparison.disagreements if id(one) not in known),
        excepted=tuple(excepted),
        problems=tuple(problems),
    )


def _diagnostic(page: Page, line: int, message: str) -> Diagnostic:
    return Diagnostic(code=Code.UNREADABLE_PAGE, message=message, source=Source(path=page.shown, line=line or None))


def _is_about(exception: DocsException, page: Page) -> bool:
    return (exception.endpoint, exception.page) == (page.endpoint, page.form.value)


def _is_unused(exception: DocsException, results: Sequence[PageResult], package: Package) -> bool:
    """Whether an exception no longer applies. Of a page that was not looked at nobody knows."""
    if exception.endpoint not in package.endpoints:
        return True
    own = [one for one in results if _is_about(exception, one.page)]
    return bool(own) and not any(exception == used for one in own for _, used in one.excepted)

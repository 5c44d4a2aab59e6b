"""Documents that want to be more than words, in a browser: nothing of theirs runs, and they get pictures at most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.browsing import served, visit

from generator.site.places import NOT_FOUND

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, Route
    from site_pages import BuiltSite
    from support.browsing import Visit

pytestmark = pytest.mark.slow


def ours(one: Visit) -> list[str]:
    """Complaints, without those of pictures that were refused: what a policy forbids is one."""
    refused = ("https://", "error: Failed to load resource")
    return [text for text in one.complaints if not text.startswith(refused)]


def refused(route: Route, asked: list[Request]) -> None:
    asked.append(route.request)
    route.abort()


def test_nothing_of_a_document_runs(chromium: Browser, awkward_site: BuiltSite) -> None:
    """Every page, with each fold open; pictures of other hosts may be asked for there, and are not given."""
    with served(awkward_site.folder) as url, visit(chromium, url) as one:
        asked: list[Request] = []
        one.page.route(lambda target: not target.startswith(url), lambda route: refused(route, asked))
        # The page for what is not there is shown at any address, so it leads to the site's own URL, and there alone.
        for path in sorted({*awkward_site.pages()} - {NOT_FOUND}):
            one.go(path)
            one.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert one.ran() == [], path
            assert one.stands_out() <= 0, path
        assert ours(one) == []
        assert {request.resource_type for request in asked} <= {"image"}
        assert all(request.url.startswith("https://") for request in asked)


@pytest.mark.parametrize("query", ["script", "alert", "onerror", "img", "7", "javascript", "words n1", '"><', "other"])
def test_nothing_of_a_document_runs_in_the_results(chromium: Browser, awkward_site: BuiltSite, query: str) -> None:
    with served(awkward_site.folder) as url, visit(chromium, url) as one:
        one.go("index.html")
        one.page.keyboard.press("/")
        one.page.keyboard.type(query)
        one.page.locator(".search-status", has_text=re.compile("result|Nothing")).wait_for()
        inside = "[...document.querySelectorAll('#results *')].map((one) => one.tagName)"
        assert set(one.page.evaluate(inside)) <= {"LI", "A", "SPAN", "CODE"}
        links = one.page.evaluate("[...document.querySelectorAll('#results a')].map((one) => one.href)")
        assert all(link.startswith(url) for link in links)
        if links:
            with one.page.expect_navigation():
                one.page.keyboard.press("Enter")
        assert one.ran() == []
        assert ours(one) == []

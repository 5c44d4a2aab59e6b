"""The search box in a browser: what its keys do, what it says, and what it loads when."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support.browsing import PHONE, served, visit

from generator.site.places import endpoint_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from site_pages import BuiltSite
    from support.browsing import Visit

pytestmark = pytest.mark.slow

ENDPOINT = "fal-ai/stable-diffusion-v35-large"


def focused(one: Visit) -> str:
    return one.page.evaluate("document.activeElement.id")


def chosen(one: Visit) -> str:
    """The result that Enter opens, as a reader of screens is told."""
    name = one.page.locator("#search").get_attribute("aria-activedescendant")
    assert one.page.locator("#results [aria-selected=true]").get_attribute("id") == name
    return one.page.locator(f"#{name}").inner_text()


def test_keys_alone_are_enough(chromium: Browser, http: str) -> None:
    with visit(chromium, http) as one:
        one.go("index.html")
        press, box = one.page.keyboard.press, one.page.locator("#search")
        press("Control+K")
        assert focused(one) == "search"
        assert box.get_attribute("aria-expanded") == "false"
        one.page.keyboard.type("prompt")
        one.page.locator("#results [role=option]").first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        found = one.results()
        assert one.page.locator("search [role=status]").inner_text() == f"{len(found)} results"
        seen = [chosen(one)]
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "End", "ArrowDown", "ArrowUp", "Home"):
            press(key)
            seen.append(chosen(one))
        names = [
            one.page.locator(f"#result-{number}").inner_text()
            for number in (0, 1, 2, 1, len(found) - 1, 0, -1 % len(found), 0)
        ]
        assert seen == names
        assert focused(one) == "search"
        press("Escape")
        assert (box.get_attribute("aria-expanded"), box.input_value()) == ("false", "prompt")
        assert box.get_attribute("aria-activedescendant") is None
        press("ArrowDown")
        assert chosen(one) == names[0]
        press("Escape")
        press("Escape")
        assert box.input_value() == ""
        press("/")
        assert box.input_value() == "/"
        one.clean()


def test_a_result_can_be_pressed(chromium: Browser, http: str) -> None:
    with visit(chromium, http) as one:
        one.go(endpoint_page(ENDPOINT))
        one.search("guidance_scale")
        here = one.page.locator("#results a", has_text=ENDPOINT)
        here.click()
        assert one.page.url.endswith(f"{endpoint_page(ENDPOINT)}#in-guidance_scale")
        one.page.locator(".search-panel").wait_for(state="hidden")
        one.search("guidance_scale")
        one.page.locator("#results a", has_text="omnigen").locator("code").first.click()
        one.page.wait_for_url(f"**/{endpoint_page('fal-ai/omnigen-v2')}#in-*guidance_scale")
        one.clean()


def test_leaving_the_box_puts_the_list_away(chromium: Browser, http: str) -> None:
    with visit(chromium, http) as one:
        one.go("index.html")
        one.search("prompt")
        one.page.keyboard.press("Tab")
        assert not one.page.locator(".search-panel").is_visible()
        one.page.locator("#search").focus()
        one.page.locator(".search-panel").wait_for(state="visible")


def test_what_is_loaded_for_the_search_is_loaded_when_it_is_gone_to(chromium: Browser, http: str) -> None:
    with visit(chromium, http) as one:
        one.go("index.html")
        one.page.wait_for_load_state("networkidle")
        before = len(one.requests)
        assert not any("index.js" in url or "find.js" in url for url in one.requests)
        one.search("mask")
        one.page.keyboard.type("_")
        assert sorted(one.requests[before:]) == [f"{http}assets/find.js", f"{http}assets/search-index.js"]


def test_the_box_says_what_it_lacks_and_tries_again(chromium: Browser, site_of_ours: BuiltSite, tmp_path: Path) -> None:
    index = shutil.copytree(site_of_ours.folder, tmp_path / "site") / "assets" / "search-index.js"
    kept = index.rename(tmp_path / "kept.js")
    with served(tmp_path / "site") as url, visit(chromium, url) as one:
        one.go("index.html")
        one.page.keyboard.press("/")
        one.page.keyboard.type("mask")
        told = one.page.locator(".search-status.failed")
        told.wait_for()
        assert "could not load assets/search-index.js" in told.inner_text()
        kept.rename(index)
        one.page.keyboard.type("_")
        one.page.locator("#results [role=option]").first.wait_for()
        assert not told.is_visible()


def test_a_query_without_a_space_stays_on_a_phone(chromium: Browser, http: str) -> None:
    with visit(chromium, http, width=PHONE) as one:
        one.go("index.html")
        one.page.locator("#search").fill("x" * 500)
        one.page.locator(".search-status", has_text="Nothing").wait_for()
        assert one.stands_out() <= 0


def test_nothing_found_is_said(chromium: Browser, http: str) -> None:
    with visit(chromium, http) as one:
        one.go("index.html")
        one.page.keyboard.press("/")
        one.page.keyboard.type("<b>qqqq")
        said = one.page.locator(".search-status")
        said.get_by_text("Nothing is found for “<b>qqqq”.").wait_for()
        assert one.page.locator("#search").get_attribute("aria-expanded") == "false"
        one.clean()

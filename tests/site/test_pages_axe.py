"""axe-core finds nothing in a page of each kind, light and dark, narrow and wide; and no page is wider than a phone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from javascript.node import installed
from site_sample import LONG_ID, site_facts
from support.browsing import DESK, PHONE, browser, visit

from generator.site import places
from generator.site.comparison import read_comparison
from generator.site.pages import pages
from generator.site.search import search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from support.browsing import Visit

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
COMPARED = HERE.parent / "benchmarks" / "comparison.json"
ASSETS = HERE.parents[1] / "templates" / "site" / "assets"
KINDS = {
    "overview": places.INDEX,
    "endpoint": places.endpoint_page("fal-ai/simple/fast"),
    "odd endpoint": places.endpoint_page("fal-ai/simple/old"),
    "bare endpoint": places.endpoint_page(LONG_ID),
    "type": places.type_page("models", "SizedImage"),
    "list": places.category_page("text-to-image"),
    "guide": places.guide_page("batch"),
    "changelog": places.CHANGELOG,
    "comparison": places.COMPARISON,
    "not there": places.NOT_FOUND,
}
# Without preloading: from a file, a stylesheet cannot be fetched a second time.
_RUN = "axe.run(document, { resultTypes: ['violations'], preload: false })"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def axe() -> str:
    """The program, from npm."""
    return (installed(HERE / "axe") / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample's site, as files."""
    folder = tmp_path_factory.mktemp("sample")
    for path, text in (pages(site_facts(), read_comparison(COMPARED)) | search(site_facts())).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    shutil.copytree(ASSETS, folder / "assets", dirs_exist_ok=True)
    return folder.as_uri() + "/"


def violations(found: Visit, axe: str) -> list[tuple[str, list[str]]]:
    """What axe says of the page as it is now: the rule, and the elements."""
    found.page.evaluate(f"{axe};0")  # the policy of the page keeps out scripts, but not who drives the browser
    answer: Any = found.page.evaluate(_RUN)
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in answer["violations"]]


def unfold(found: Visit) -> None:
    found.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing(chromium: Browser, axe: str, root: str, width: int, dark: bool) -> None:
    with visit(chromium, root, width=width, dark=dark) as found:
        for kind, path in KINDS.items():
            found.go(path)
            unfold(found)
            assert violations(found, axe) == [], kind
        found.clean()


def test_axe_finds_nothing_in_what_a_search_found(chromium: Browser, axe: str, root: str) -> None:
    with visit(chromium, root) as found:
        found.go(places.INDEX)
        found.search("seed")
        assert violations(found, axe) == []


def test_axe_would_find_what_is_wrong(chromium: Browser, axe: str, root: str) -> None:
    with visit(chromium, root) as found:
        found.go(places.INDEX)
        found.page.evaluate("document.querySelector('.lede').style.color = '#ccc'")
        assert [rule for rule, _ in violations(found, axe)] == ["color-contrast"]


@pytest.mark.parametrize("width", [320, PHONE, 768, 1000, 1250, DESK, 2000])
def test_no_page_is_wider_than_its_window(chromium: Browser, root: str, width: int) -> None:
    with visit(chromium, root, width=width) as found:
        for kind, path in KINDS.items():
            found.go(path)
            unfold(found)
            assert found.stands_out() == 0, kind


@pytest.mark.parametrize("width", [360, PHONE])
def test_the_head_of_a_site_without_guides_is_one_line_on_a_phone(
    chromium: Browser, tmp_path: Path, width: int
) -> None:
    facts = replace(site_facts(), guides=(), changelog="")
    for path, text in (pages(facts) | search(facts)).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    shutil.copytree(ASSETS, tmp_path / "assets", dirs_exist_ok=True)
    with visit(chromium, tmp_path.as_uri() + "/", width=width) as found:
        found.go(places.INDEX)
        tops = "[...document.querySelectorAll('.brand, .search, .theme')].map(one => one.getBoundingClientRect())"
        lines = found.page.evaluate(f"{tops}.map(box => Math.round((box.top + box.bottom) / 2 / 10))")
        assert len(set(lines)) == 1


def test_the_button_overrules_the_system(chromium: Browser, root: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with visit(chromium, root, dark=True) as found:
        found.go(places.INDEX)
        dark = found.page.evaluate(ground)
        found.page.click("button.theme")
        assert found.page.evaluate(ground) == "rgb(255, 255, 255)" != dark
        found.page.click("button.theme")
        assert found.page.evaluate(ground) == dark


def test_without_scripts_all_samples_are_there_and_no_button_is(chromium: Browser, root: str) -> None:
    with visit(chromium, root, java_script_enabled=False) as found:
        found.go(KINDS["endpoint"])
        assert found.page.locator(".sample pre:visible").count() == 3
        assert found.page.locator(".sample-label:visible").count() == 3
        assert found.page.locator("button:visible, input:visible").count() == 0


def test_fields_are_cards_on_a_phone_and_rows_on_a_desk(chromium: Browser, root: str) -> None:
    for width, display in ((PHONE, "block"), (DESK, "table-row")):
        with visit(chromium, root, width=width) as found:
            found.go(KINDS["endpoint"])
            assert found.page.evaluate("getComputedStyle(document.querySelector('#in-prompt')).display") == display


def test_paper_has_no_buttons_and_folds_nothing(chromium: Browser, root: str) -> None:
    with visit(chromium, root) as found:
        found.go(KINDS["odd endpoint"])
        found.page.emulate_media(media="print")
        assert found.page.locator("header.top:visible, .side:visible, .copy:visible").count() == 0
        assert found.page.locator(".members code:visible").count() >= 25

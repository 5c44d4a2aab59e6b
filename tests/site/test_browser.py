"""The site in a browser: somebody looks for what takes a mask, reads on a phone, copies; and nothing strange runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support import STRING, Project, obj
from support.browsing import DESK, PHONE, served, visit

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site import build
from generator.site.collect import collect
from generator.site.places import endpoint_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from site_pages import BuiltSite
    from support.browsing import Visit

    from generator.site.facts import SiteFacts

pytestmark = pytest.mark.slow

ENDPOINT = "fal-ai/stable-diffusion-v35-large"
PAGES = (
    "index.html",
    endpoint_page(ENDPOINT),
    "types/params.IPAdapter.html",
    "categories/text-to-image.html",
    "takes/a-mask.html",
    "guides/batch.html",
    "404.html",
)
# What is pasted where one may: the clipboard of a page of a file cannot be read otherwise.
PASTED = "document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))"


@pytest.fixture(scope="module")
def facts(site_of_ours: BuiltSite) -> SiteFacts:
    settings = load_settings(site_of_ours.root)
    return collect(pipeline.understand(settings, Findings()), settings)


@pytest.fixture(scope="module", params=["http", "below a path", "file"])
def root(request: pytest.FixtureRequest, site_of_ours: BuiltSite) -> Iterator[str]:
    """The URL of the site: on a server, below a path of one, and from the disk."""
    if request.param == "file":
        yield site_of_ours.folder.as_uri() + "/"
        return
    folder, below = site_of_ours.folder, ""
    if request.param == "below a path":
        folder, below = folder.parent, f"{folder.name}/"
    with served(folder, below=below) as url:
        yield url


def in_sight(one: Visit, selector: str) -> bool:
    box = one.page.locator(selector).bounding_box()
    size = one.page.viewport_size
    return box is not None and size is not None and 0 <= box["y"] < size["height"]


def pasted(one: Visit) -> str:
    one.page.evaluate(PASTED)
    one.page.locator("#pasted").focus()
    one.page.keyboard.press("Control+V")
    return one.page.locator("#pasted").input_value()


def test_somebody_finds_what_takes_a_mask(chromium: Browser, root: str, facts: SiteFacts, tmp_path: Path) -> None:
    sample = next(one for one in facts.endpoints if one.id == ENDPOINT).samples[0]
    with visit(chromium, root) as one:
        one.go("index.html")
        one.search("mask")
        assert one.results()[0] == f"{ENDPOINT} mask_image_url in input ip_adapter text-to-image"
        one.page.screenshot(path=tmp_path / "search.png")
        one.page.keyboard.press("Enter")
        one.page.wait_for_url(f"{root}{endpoint_page(ENDPOINT)}#in-ip_adapter")
        one.page.wait_for_load_state()
        assert in_sight(one, "#in-ip_adapter")

        one.page.get_by_role("button", name=f"Copy {sample.label}", exact=True).click()
        one.page.get_by_role("button", name=f"Copy {sample.label}", exact=True).get_by_text("Copied").wait_for()
        assert pasted(one) == sample.code

        one.page.get_by_role("link", name="IPAdapter", exact=True).first.click()
        one.page.wait_for_url(f"{root}types/params.IPAdapter.html")
        assert one.page.locator("h1").inner_text() == "IPAdapter"
        one.page.get_by_role("link", name=ENDPOINT).first.click()
        one.page.wait_for_url(f"{root}{endpoint_page(ENDPOINT)}")
        one.page.go_back()
        one.page.go_back()
        assert one.page.url == f"{root}{endpoint_page(ENDPOINT)}#in-ip_adapter"
        one.clean()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_kind_of_page_is_readable(chromium: Browser, http: str, width: int, dark: bool, tmp_path: Path) -> None:
    grounds: set[str] = set()
    with visit(chromium, http, width=width, dark=dark) as one:
        for number, path in enumerate(PAGES):
            one.go(path)
            assert one.page.locator("h1").count() == 1, path
            assert one.stands_out() <= 0, path
            grounds.add(one.page.evaluate("getComputedStyle(document.body).backgroundColor"))
            one.page.screenshot(path=tmp_path / f"{number}.png")
        one.search("mask")
        assert one.stands_out() <= 0
        assert one.page.locator(".search-panel").bounding_box() is not None
        one.page.screenshot(path=tmp_path / "search.png")
        one.clean()
    (ground,) = grounds
    assert (ground == "rgb(255, 255, 255)") is not dark


def test_types_below_types_stay_on_a_phone(chromium: Browser, tmp_path: Path) -> None:
    schema: dict[str, Any] = STRING
    for depth in range(24):
        schema = obj({f"level_{depth}": schema})
    project = Project(tmp_path / "project")
    project.add("fal-ai/deep", output=obj({"whole": schema}))
    folder = project.root / "build" / "site"
    build.build(load_settings(project.root), folder)
    with served(folder) as url, visit(chromium, url, width=PHONE) as one:
        one.go(endpoint_page("fal-ai/deep"))
        one.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert one.stands_out() <= 0


def test_tabs_and_theme_stay_as_they_were_chosen(chromium: Browser, http: str) -> None:
    with visit(chromium, http) as one:
        one.go(endpoint_page(ENDPOINT))
        tabs = one.page.get_by_role("tab")
        tabs.first.focus()
        one.page.keyboard.press("End")
        last = tabs.last.inner_text()
        assert one.page.locator("[role=tab][aria-selected=true]").inner_text() == last
        assert one.page.locator("[role=tabpanel]:not([hidden])").count() == 1
        one.page.keyboard.press("ArrowRight")
        one.page.keyboard.press("ArrowLeft")
        one.page.locator("button.theme").click()
        one.go(endpoint_page("fal-ai/flux-1/schnell"))
        assert one.page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert one.page.locator("[role=tab][aria-selected=true]").inner_text() == last
        one.clean()


def test_copying_where_a_page_has_no_clipboard(chromium: Browser, http: str, facts: SiteFacts) -> None:
    sample = next(one for one in facts.endpoints if one.id == ENDPOINT).samples[0]
    with visit(chromium, http) as one:
        one.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        one.go(endpoint_page(ENDPOINT))
        one.page.locator("button.copy").first.click()
        one.page.locator("button.copy").first.get_by_text("Copied").wait_for()
        assert pasted(one) == sample.code
        one.clean()


def test_all_but_the_search_works_without_javascript(chromium: Browser, http: str, facts: SiteFacts) -> None:
    samples = next(one for one in facts.endpoints if one.id == ENDPOINT).samples
    with visit(chromium, http, width=PHONE, java_script_enabled=False) as one:
        one.go(endpoint_page(ENDPOINT))
        for sample in samples:
            assert one.page.get_by_role("heading", name=sample.label, exact=True).is_visible()
        assert [text.inner_text() for text in one.page.locator(".sample pre").all()] == [one.code for one in samples]
        for control in ("#search", "button.copy", "button.theme"):
            assert not one.page.locator(control).first.is_visible(), control
        assert one.complaints == []
        assert one.foreign() == []

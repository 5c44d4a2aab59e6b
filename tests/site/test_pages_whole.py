"""Every page is whole: read by who sees it and who does not, with links that lead somewhere, and nothing inline."""

from __future__ import annotations

import hashlib
import itertools
import os
import posixpath
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from read_html import read
from site_sample import LONG_ID, bare_endpoint, site_facts

from generator.site import places
from generator.site.pages import pages

if TYPE_CHECKING:
    from read_html import Document

REPOSITORY = Path(__file__).parents[2]
ASSETS = {path.name for path in (REPOSITORY / "templates" / "site" / "assets").iterdir()} | {"search-index.js"}
PAGES = pages(site_facts())
DOCUMENTS = {path: read(html) for path, html in PAGES.items()}
KINDS = (
    places.INDEX,
    places.NOT_FOUND,
    places.CHANGELOG,
    places.endpoint_page("fal-ai/simple/fast"),
    places.endpoint_page("fal-ai/simple/old"),
    places.endpoint_page(LONG_ID),
    places.type_page("models", "SizedImage"),
    places.type_page("params", "ImageSize"),
    places.category_page("text-to-image"),
    places.owner_page("fal-ai"),
    places.takes_page("a seed"),
    places.guide_page("batch"),
    places.guide_page("testing"),
)
every_page = pytest.mark.parametrize("path", sorted(PAGES))


def test_there_is_a_page_of_every_kind() -> None:
    assert set(KINDS) <= PAGES.keys()
    assert places.COMPARISON not in PAGES


@every_page
def test_a_page_has_what_a_reader_goes_by(path: str) -> None:
    page = DOCUMENTS[path]
    assert PAGES[path].startswith("<!doctype html>")
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("title").words().endswith("fal_typed")
    about = [one.attributes["content"] for one in page.all("meta") if one.attributes.get("name") == "description"]
    assert len(about) == 1
    assert 0 < len(about[0]) <= 161
    for landmark in ("main", "header", "footer"):
        tops = [one for one in page.all(landmark) if "main" not in one.inside]
        assert len(tops) == 1, landmark
    skip = next(one for one in page.all("a"))
    assert skip.attributes["href"] == "#main"
    assert page.by_id("main").tag == "main"


@every_page
def test_a_page_has_one_first_heading_and_leaves_out_no_level(path: str) -> None:
    levels = [int(one.tag[1]) for one in DOCUMENTS[path].all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels


@every_page
def test_what_can_be_pressed_or_gone_to_has_a_name(path: str) -> None:
    page = DOCUMENTS[path]
    navigations = [one.attributes.get("aria-label", "") for one in page.all("nav")]
    assert all(navigations)
    assert len(set(navigations)) == len(navigations)
    for one in page.all("button", "a", "summary"):
        assert one.words() or one.attributes.get("aria-label"), one
    assert [one.attributes["for"] for one in page.all("label")] == ["search"]
    current = [one for one in page.all("a") if one.attributes.get("aria-current") == "page"]
    for one in current:
        assert posixpath.normpath(posixpath.join(posixpath.dirname(path), one.attributes["href"])) == path


@every_page
def test_ids_are_unique_and_what_names_one_finds_it(path: str) -> None:
    page = DOCUMENTS[path]
    ids = page.ids()
    assert len(set(ids)) == len(ids)
    for name in ("aria-labelledby", "aria-controls", "for", "data-copy"):
        named = [word for one in page.elements for word in one.attributes.get(name, "").split()]
        assert set(named) <= set(ids), name


@every_page
def test_nothing_is_inline_and_the_policy_stands_before_all(path: str) -> None:
    page = DOCUMENTS[path]
    first = page.all("meta")[0].attributes
    assert first["http-equiv"] == "Content-Security-Policy"
    assert first["content"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )
    for one in page.elements:
        assert one.tag not in {"style", "iframe", "object", "embed", "base", "form"}, one
        assert not {name for name in one.attributes if name == "style" or name.startswith("on")}, one
    assert [one.text for one in page.all("script")] == ["", ""]
    assert all("src" in one.attributes for one in page.all("script"))


def leads(page: Document) -> list[str]:
    """Every address in a page."""
    return [
        one.attributes[name]
        for one in page.elements
        for name in ("href", "src", "data-root", "data-index", "data-script")
        if name in one.attributes
    ]


@every_page
def test_every_link_leads_to_a_page_or_to_https(path: str) -> None:
    for address in leads(DOCUMENTS[path]):
        if address.startswith("https://"):
            continue
        assert re.match(r"[a-z]+:|//|/", address) is None, address
        target, _, anchor = address.partition("#")
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
        assert not whole.startswith(".."), address
        if anchor:
            assert anchor in DOCUMENTS[whole].ids(), address
        if whole in {places.LLMS, places.LLMS_FULL, places.SKILL, "."} or whole in PAGES:
            continue
        if whole.endswith(".md"):
            assert whole.removesuffix(".md") + ".html" in PAGES, address
        else:
            assert posixpath.dirname(whole) == "assets", address
            assert posixpath.basename(whole) in ASSETS, address


@every_page
def test_a_page_names_its_text(path: str) -> None:
    found = [one for one in DOCUMENTS[path].all("link") if one.attributes["rel"] == "alternate"]
    wanted = [posixpath.basename(places.text_of(path))] if path != places.NOT_FOUND else []
    assert [one.attributes["href"] for one in found] == wanted
    assert all(one.attributes["type"] == "text/markdown" for one in found)


def test_the_page_of_what_is_not_there_leads_on_from_anywhere() -> None:
    facts = replace(site_facts(), url="https://docs.example/reference/")
    lost = read(pages(facts)[places.NOT_FOUND])
    styles = [one.attributes["href"] for one in lost.all("link") if one.attributes["rel"] == "stylesheet"]
    assert styles == ["/reference/assets/style.css"]
    assert all(address.startswith(("/reference/", "#", "https://")) for address in leads(lost))


def test_bytes_are_a_function_of_the_facts() -> None:
    program = (
        "import hashlib, site_sample; from generator.site.pages import pages; "
        "print(hashlib.sha256(repr(list(pages(site_sample.site_facts()).items())).encode()).hexdigest())"
    )
    wanted = hashlib.sha256(repr(list(PAGES.items())).encode()).hexdigest()
    folders = os.pathsep.join([str(REPOSITORY), str(Path(__file__).parent)])
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": folders}
        run = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
        )
        assert run.stdout.strip() == wanted


def test_the_overview_of_many_stays_small_and_names_all() -> None:
    many = tuple(bare_endpoint(f"fal-ai/app-{number // 4}/model-{number}") for number in range(1_440))
    many = tuple(replace(one, category=f"kind-{number % 25}") for number, one in enumerate(many))
    overview = pages(replace(site_facts(), endpoints=many, types=(), guides=()))[places.INDEX]
    assert len(overview.encode()) < 300_000
    links = [one.attributes["href"] for one in read(overview).all("a")]
    assert {places.endpoint_page(one.id) for one in many} <= set(links)
    assert len(read(overview).of_class("card")) == 25


@pytest.mark.parametrize(
    "template", sorted((REPOSITORY / "templates" / "site").glob("*.html.jinja")), ids=lambda path: path.name
)
def test_templates_leave_escaping_alone(template: Path) -> None:
    """Text becomes HTML in `markdown`; what stands in an attribute is within quotes."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|Markup", text)
    assert not re.search(r"=\{\{", text)

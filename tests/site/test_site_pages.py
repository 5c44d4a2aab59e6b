"""Every page and text of a site: no link is broken, and nothing of a document is more than words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hostile.documents import draw_documents
from site_pages import BuiltSite, refuse_harm, refuse_harm_in_text, target_of, text_anchors, text_links

from generator.project.settings import load_settings
from generator.site import build, places

if TYPE_CHECKING:
    from support import Project

# Where the awkward one is published, for what is read by itself; and for its 404, which is shown in place of any page.
PUBLISHED, ANYWHERE = "https://example.com/a/", "/a/"
SITES = pytest.mark.parametrize("name", ["site_of_ours", "awkward_site"])


@pytest.fixture
def site(name: str, request: pytest.FixtureRequest) -> BuiltSite:
    return request.getfixturevalue(name)


@SITES
def test_no_link_of_a_page_is_broken(site: BuiltSite) -> None:
    broken = []
    for path in site.pages():
        for link in site.page(path).links():
            own = link.removeprefix(ANYWHERE if path == places.NOT_FOUND else PUBLISHED)
            if own.startswith("https://"):
                continue
            target, anchor = target_of("" if own != link else path, own or places.INDEX)
            if target not in site.paths or (
                anchor and target.endswith(".html") and anchor not in site.page(target).ids
            ):
                broken.append((path, link))
    assert broken == []


@SITES
def test_no_link_of_a_text_is_broken(site: BuiltSite) -> None:
    broken = []
    for path in site.texts():
        for link in text_links(site.text(path)):
            own = link.removeprefix(ANYWHERE if path == places.NOT_FOUND else PUBLISHED)
            if own.startswith("https://"):
                continue
            target, anchor = target_of("" if own != link else path, own)
            if target not in site.paths or (
                anchor and target.endswith(".md") and anchor not in text_anchors(site.text(target))
            ):
                broken.append((path, link))
    assert broken == []


@SITES
def test_nothing_of_a_document_runs(site: BuiltSite) -> None:
    for path in site.pages():
        refuse_harm(site.page(path), thumbnails=site.folder.parent.name == "build")


@SITES
def test_nothing_of_a_document_is_more_than_words_in_a_text(site: BuiltSite) -> None:
    for path in site.texts():
        refuse_harm_in_text(site.text(path))


@SITES
def test_each_page_has_what_every_page_has(site: BuiltSite) -> None:
    for path in site.pages():
        page = site.page(path)
        tags = [one.tag for one in page.elements]
        head = tags[: tags.index("body")]
        assert (tags.count("h1"), tags.count("main"), head.count("title")) == (1, 1, 1), path
        assert len(set(page.ids)) == len(page.ids), (path, [one for one in page.ids if page.ids.count(one) > 1])
        assert page.elements[0].attributes["lang"] == "en"
        assert not [one for one in page.elements if one.tag == "img" and "alt" not in one.attributes]


@SITES
def test_each_page_has_its_text_beside_it(site: BuiltSite) -> None:
    without = {path for path in site.pages() if places.text_of(path) not in site.paths}
    assert without <= {places.NOT_FOUND}


@SITES
def test_nothing_invisible_steers_a_reader(site: BuiltSite) -> None:
    for path in (*site.pages(), *site.texts()):
        odd = {c for c in site.text(path) if not c.isprintable() and c != "\n"}
        assert odd == set(), path


@SITES
def test_nothing_of_this_machine_is_in_a_site(site: BuiltSite) -> None:
    for path in site.paths:
        assert str(site.root).encode() not in (site.folder / path).read_bytes(), path


@SITES
def test_no_two_files_are_one_on_a_disk_that_knows_no_case(site: BuiltSite) -> None:
    assert len({path.casefold() for path in site.paths}) == len(site.paths)


ALL = (
    test_no_link_of_a_page_is_broken,
    test_no_link_of_a_text_is_broken,
    test_nothing_of_a_document_runs,
    test_nothing_of_a_document_is_more_than_words_in_a_text,
    test_each_page_has_what_every_page_has,
    test_each_page_has_its_text_beside_it,
    test_nothing_invisible_steers_a_reader,
    test_nothing_of_this_machine_is_in_a_site,
    test_no_two_files_are_one_on_a_disk_that_knows_no_case,
)


def test_every_endpoint_that_is_emitted_has_a_page(awkward_site: BuiltSite) -> None:
    ids = [
        path.relative_to(awkward_site.root / "specs").with_suffix("")
        for path in awkward_site.root.glob("specs/*/**/*.json")
    ]
    pages = {places.endpoint_page(one.as_posix()) for one in ids} & awkward_site.paths
    assert len(pages) == awkward_site.made.endpoints
    assert len(pages) > len(ids) * 0.9


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the strategies, which is nobody's fault
@pytest.mark.parametrize("shard", range(4))
def test_any_hostile_document(shard: int, project: Project) -> None:
    for number, data in enumerate(draw_documents(60, shard)):
        project.put(f"fal-ai/d{number}", json.dumps(data))
    folder = project.root / "site"
    made = build.build(load_settings(project.root), folder).made
    site = BuiltSite(project.root, folder, made)
    assert made.endpoints > 50
    for check in ALL:
        check(site)

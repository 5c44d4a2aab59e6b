"""Which pages written by hand a site shows, and how they come into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from site_pages import PageRead
from site_sample import site_facts
from support import REPOSITORY, Project

from generator.project.settings import load_settings
from generator.site import build
from generator.site.guides import guides
from generator.site.pages.linking import from_guide

if TYPE_CHECKING:
    from pathlib import Path

    from site_pages import BuiltSite


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_ours() -> None:
    found = guides(load_settings(REPOSITORY))
    assert [(one.slug, one.source) for one in found] == [
        ("readme", "generated/README.md"),
        ("command-line", "generated/COMMAND_LINE.md"),
        ("batch", "generated/BATCH.md"),
        ("testing", "generated/TESTING.md"),
        ("from-fal-client", "generated/FROM_FAL_CLIENT.md"),
        ("vendoring", "generator/VENDORING.md"),
        ("maintaining", "generator/MAINTAINING.md"),
    ]
    assert found[0].title == "Getting started"
    assert found[-1].title == "Following fal, and releasing"
    assert not [one.slug for one in found if "\n<!--" in one.text]


def test_what_programs_are_told_is_not_shown(project: Project) -> None:
    text = "\ufeff<!-- block: a -->\n\n# A title \n\n<!-- end -->\nText, with `<!-- this -->`.\n"
    write(project.output / "BATCH.md", text)
    (guide,) = guides(load_settings(project.root))
    assert (guide.title, guide.text) == ("A title", "# A title \n\nText, with `<!-- this -->`.\n")


def test_one_without_a_heading_is_called_by_its_name_and_an_empty_one_is_none(project: Project) -> None:
    write(project.output / "FROM_FAL_CLIENT.md", "Text.\n")
    write(project.output / "BATCH.md", "<!-- end -->\n\n")
    (guide,) = guides(load_settings(project.root))
    assert (guide.slug, guide.title) == ("from-fal-client", "from-fal-client")


def test_where_the_output_lies_is_nobodys_business(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", f"output = '{tmp_path / 'elsewhere'}'")
    write(tmp_path / "elsewhere" / "BATCH.md", "# Batch\n")
    (guide,) = guides(load_settings(project.root))
    assert guide.source == "elsewhere/BATCH.md"


def test_a_vendored_client_has_none(tmp_path: Path) -> None:
    project = Project(tmp_path, 'layout = "package"\noutput = "."')
    write(project.root / "README.md", "# Our shop\n")
    assert guides(load_settings(project.root)) == ()


def test_a_guide_leads_to_the_others(site_of_ours: BuiltSite) -> None:
    page = site_of_ours.page("guides/readme.html")
    assert {"batch.html", "command-line.html", "batch.html#one-call-at-a-time", "#errors"} <= set(page.links())
    assert {"errors", "files", "your-key"} <= set(page.ids)
    assert not [link for link in page.links() if link.endswith(".md") and not link.endswith(("readme.md", "SKILL.md"))]


def test_a_link_to_a_file_leads_to_the_repository_where_there_is_one(project: Project) -> None:
    write(project.output / "BATCH.md", "# Batch\n\n[a](../specs/x.md#y) [b](TESTING.md#z) [c](../../out) [d](e f.md)\n")
    write(project.output / "TESTING.md", "# Testing\n\n## Z\n")
    for told, url in (("", ""), ("repository = 'https://example.com/a/b'", "https://example.com/a/b/blob/main/")):
        write(project.root / "pyproject.toml", f"[tool.fal-typed.published]\n{told}\n")
        files = build.make(load_settings(project.root)).files
        page, text = files["guides/batch.html"].decode(), files["guides/batch.md"].decode()
        assert '<a href="testing.html#z">b</a> c [d](e f.md)' in page
        assert "[b](testing.md#z)" in text
        assert (f'href="{url}specs/x.md#y"' in page) == bool(url)
        assert (f"]({url}specs/x.md#y)" in text) == bool(url)
        assert "out" not in PageRead(page).links()


@pytest.mark.parametrize("href", ["http://localhost:1/", "mailto:a@example.com", "javascript:alert(1)", "data:x,"])
def test_what_is_neither_https_nor_a_file_leads_nowhere(href: str) -> None:
    facts = replace(site_facts(), repository="https://github.com/example/client")
    leads = from_guide(facts, "guides/batch.html", "generated/BATCH.md")
    assert leads(href) is None
    assert leads("../notes/a:b.md") == "https://github.com/example/client/blob/main/notes/a%3Ab.md"

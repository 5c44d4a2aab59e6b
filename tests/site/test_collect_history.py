"""What releases said of an endpoint, the changelog, what is left out and why, and what is told in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from collected import collected, only
from support import Project, document, pretty

from generator.site.facts import ReleasedChange

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = "fal-ai/a", "fal-ai/b", "fal-ai/c"


def release(version: str, *entries: tuple[str, str, str], date: str = "2026-02-03") -> dict[str, Any]:
    notes = [{"about": about, "verdict": "minor", "text": text, "kind": kind} for about, text, kind in entries]
    return {"version": version, "date": date, "verdict": "minor", "entries": notes}


@pytest.fixture
def released(project: Project) -> Project:
    """Three endpoints: of the first release, of the second, of none yet."""
    for one in (A, B, C):
        project.add(one)
    releases = [
        release("0.3.0", (A, "Input `x` is new.", "field-added"), (B, "Input `y` is gone.", "field-removed")),
        release("0.2.0", (B, "New endpoint, reached by `fal.b`.", "endpoint-added"), ("", "Faster.", "")),
        release("0.1.1", (B, "The endpoint is removed.", "endpoint-removed")),
        release("0.1.0", ("", "First release, with 2 endpoints.", ""), date="2026-01-02"),
    ]
    record = {"types": {}, "endpoints": {A: {}, B: {}}}
    text = json.dumps({"format": 1, "releases": releases, "released": record})
    (project.specs / "releases.json").write_text(text, encoding="utf-8")
    return project


def test_since_and_changes(released: Project) -> None:
    a, b, c = collected(released).endpoints
    assert a.since == ReleasedChange(version="0.1.0", date="2026-01-02", verdict="minor", text="First release.")
    assert [(one.version, one.text) for one in a.changes] == [("0.3.0", "Input `x` is new.")]
    assert b.since is not None
    assert (b.since.version, b.since.text) == ("0.2.0", "New endpoint, reached by `fal.b`.")
    assert [(one.version, one.date, one.verdict, one.text) for one in b.changes] == [
        ("0.3.0", "2026-02-03", "minor", "Input `y` is gone.")
    ]
    assert (c.since, c.changes) == (None, ())


def test_the_changelog_is_markdown_without_html(released: Project) -> None:
    facts = collected(released)
    assert facts.version == "0.3.0"
    lines = facts.changelog.splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## 0.3.0 (2026-02-03)",
        "## 0.2.0 (2026-02-03)",
        "## 0.1.1 (2026-02-03)",
        "## 0.1.0 (2026-01-02)",
    ]
    assert "- [`fal-ai/a`](https://fal.ai/models/fal-ai/a): Input `x` is new." in lines
    assert "- Faster." in lines


def test_what_many_endpoints_share_is_told_once(project: Project) -> None:
    notes = [(f"fal-ai/m{at:02}", text, "x") for at in range(20) for text in ("One.", "Two.")]
    notes += [(f"fal-ai/m{at:02}", "Other words.", "prose") for at in range(3)]
    releases = [release("0.1.0", *notes)]
    text = json.dumps({"format": 1, "releases": releases, "released": {"types": {}, "endpoints": {}}})
    (project.specs / "releases.json").write_text(text, encoding="utf-8")
    project.add(A)
    told = collected(project).changelog
    assert "<" not in told
    assert "[`fal-ai/m11`](https://fal.ai/models/fal-ai/m11) and 8 more:\n    - One.\n    - Two." in told
    assert "- The documentation of 3 endpoints changed. [`fal-ai/m00`]" in told


def test_before_the_first_release(project: Project) -> None:
    project.add(A)
    facts = collected(project)
    assert (facts.changelog, facts.version, facts.endpoints[0].since) == ("", "0.1.0", None)


def test_what_has_no_page_is_told_with_the_reason(project: Project) -> None:
    project.add(A)
    project.put(B, "{")
    project.put(C, pretty({"openapi": "3.0.0", "paths": {}}))
    project.put("fal-ai/a-b", pretty(document("fal-ai/a-b")))
    project.put("fal-ai/a_b", pretty(document("fal-ai/a_b")))
    project.put("fal-ai/d", "x").write_bytes(b"\xff\xfe")
    listed = f'["{A}"]\n["{B}"]\n["{C}"]\n["fal-ai/a-b"]\n["fal-ai/a_b"]\n["fal-ai/d"]\n["fal-ai/gone"]\n'
    (project.specs / "endpoints.toml").write_text(listed, encoding="utf-8")
    facts = collected(project)
    assert [one.id for one in facts.endpoints] == [A, "fal-ai/a-b"]
    reasons = dict(facts.skipped)
    assert [*reasons] == ["fal-ai/a_b", B, C, "fal-ai/d", "fal-ai/gone"]
    assert reasons["fal-ai/a_b"].startswith("what it would be called in Python")
    assert reasons[C].startswith("no path with a `post` operation")
    assert reasons["fal-ai/d"].startswith("not UTF-8 text")
    assert "does not exist" in reasons["fal-ai/gone"]
    assert reasons[B]
    assert all(reason.isprintable() for reason in reasons.values())


@pytest.mark.parametrize(
    ("about", "summary"),
    [
        ("Makes pictures. And more.", "Makes pictures."),
        ("**Makes** [pictures](javascript:x) of `all` kinds", "Makes pictures of all kinds"),
        ("# Makes\npictures", "Makes pictures"),
        ("![x](http://a/b.png) Makes", "x Makes"),
        ("Makes\x1b[31m \u202epictures", "Makes\\x1b[31m \\u202epictures"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", "text-to-image"),
        ("fal-ai/it", "text-to-image"),
    ],
)
def test_a_summary_is_one_line_of_plain_text(about: str, summary: str, tmp_path: Path) -> None:
    assert only(tmp_path, about=about).summary == summary


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://fal.ai", "https://a b", "https://a\nb", "//fal.ai"])
def test_links_are_https_or_none(address: str, project: Project) -> None:
    data = document(A)
    data["info"]["x-fal-metadata"] |= {"documentationUrl": address, "thumbnailUrl": address}
    project.put(A, pretty(data))
    (one,) = collected(project).endpoints
    assert (one.documentation, one.thumbnail) == ("", "")


def test_what_is_told_of_the_package(project: Project) -> None:
    project.add(A)
    facts = collected(project)
    assert (facts.title, facts.package, facts.install) == ("fal-typed", "fal_typed", "pip install ./generated")
    assert (facts.repository, facts.thumbnails, facts.guides, facts.skipped) == ("", False, (), ())


def test_an_endpoint_that_is_called_as_another(project: Project) -> None:
    project.put("me/alias", pretty(document("fal-ai/real")))
    (one,) = collected(project).endpoints
    assert (one.id, one.owner, one.attribute, one.called_as) == ("me/alias", "me", "fal.owners.me.alias", "fal-ai/real")


@pytest.mark.parametrize(
    ("settings", "install"),
    [
        ('package = "my_fal"', "pip install ./generated"),
        ('published = {client = "fal-typed"}', "pip install fal-typed"),
        (
            'package = "my_fal"\npublished = {client = "git+https://example.com/it"}',
            "pip install 'my-fal @ git+https://example.com/it'",
        ),
        ('layout = "package"', "pip install httpx httpx-sse pydantic sniffio typing_extensions"),
    ],
)
def test_how_it_is_installed(settings: str, install: str, tmp_path: Path) -> None:
    project = Project(tmp_path, settings)
    project.add(A)
    assert collected(project).install == install

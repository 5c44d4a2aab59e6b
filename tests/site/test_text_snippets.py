"""Every program in the texts of the site, and in the skill, is right as it stands: types, and what it does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from md_snippets import run_errors, snippets, type_errors
from support import CASES, REPOSITORY, Project

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site.collect import collect
from generator.site.texts import texts

if TYPE_CHECKING:
    from pathlib import Path

VENDORED = 'package = "our_fal"\noutput = "src"\nlayout = "package"\nparts = ["testing"]\n'

# Cases whose calls no fal takes: what they require they do not describe, or they describe what another id takes.
NOT_TAKEN = {"lost-properties", "alias"}


def texts_of(root: Path) -> dict[str, str]:
    settings = load_settings(root)
    return texts(collect(pipeline.understand(settings, Findings()), settings), None)


def of_cases(root: Path, settings: str) -> Project:
    """A project of the cases."""
    project = Project(root, settings)
    for path in sorted(CASES.glob("*.json")):
        if path.stem not in NOT_TAKEN:
            project.put(f"fal-ai/case/{path.stem}", path.read_text(encoding="utf-8"))
    return project


@pytest.mark.slow  # pyright, and a program for each sample
def test_the_pages_of_the_repository(tmp_path: Path) -> None:
    found = snippets(texts_of(REPOSITORY))
    pages = {one.where.partition(":")[0] for one in found}
    assert "SKILL.md" in pages
    assert len(found) > 3 * len([page for page in pages if page.startswith("models/")])
    packages = REPOSITORY / "generated"
    assert run_errors(found, tmp_path / "run", packages, "fal_typed") == []
    assert type_errors(found, tmp_path / "typed", packages) == []


@pytest.mark.slow
@pytest.mark.parametrize("settings", ['package = "cases_typed"\n', VENDORED], ids=["published", "vendored"])
def test_the_pages_of_the_cases(settings: str, tmp_path: Path) -> None:
    project = of_cases(tmp_path / "project", settings)
    project.regenerate()
    chosen = load_settings(project.root)
    found = snippets(texts_of(project.root))
    assert any(one.where.startswith("SKILL.md") for one in found)
    assert run_errors(found, tmp_path / "run", chosen.output, chosen.package) == []
    assert type_errors(found, tmp_path / "typed", chosen.output) == []


def test_what_is_wrong_is_seen(tmp_path: Path) -> None:
    page = "```python\nraise SystemExit(3)\n```\n\n```python\nx: int = 1\n```\n\n```text\nno\n```\n"
    found = snippets({"a.md": page, "b.md": page})
    assert [one.where for one in found] == ["a.md:1", "a.md:5"]
    first, second = run_errors(found, tmp_path, REPOSITORY / "generated", "fal_typed")
    assert (first.startswith("a.md:1: Traceback"), second) == (True, "a.md:5: called nothing")
    assert json.dumps(found[0].code) == '"raise SystemExit(3)\\n"'

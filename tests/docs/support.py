"""The pages, the emitted package beside them, and a small project to try the command on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import run_in as run_cli

from generator import pipeline
from generator.docs.compare.descriptions import compare
from generator.docs.emitted.package import imported
from generator.docs.pages.folder import Form, Page, stored_pages
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.docs.compare.disagreements import Comparison
    from generator.docs.describe import Description, Reading

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "tests" / "docs" / "pages"
PAGES = stored_pages(DOCS, "tests/docs/pages")
_each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.endpoint} {page.form.value}")


def each_page(test: Callable[..., None]) -> Any:
    """Try every stored page beside what is emitted for its endpoint."""
    return pytest.mark.pinned(_each_page(test))


@cache
def emitted() -> dict[str, Description]:
    """What the repository's package says, by endpoint."""
    with imported(REPOSITORY / "generated" / "fal_typed") as package:
        return {one: package.describe(one)[0] for one in package.endpoints}


def text_of(page: Page) -> str:
    assert page.text is not None
    return page.text


def read(page: Page, text: str) -> Reading:
    """The page with another text."""
    return Page(endpoint=page.endpoint, form=page.form, shown=page.shown, text=text).read()


def held(page: Page, text: str) -> tuple[Reading, Comparison]:
    """The page with another text, held against the emitted package."""
    reading = read(page, text)
    return reading, compare(reading.description, emitted()[page.endpoint])


def page_named(endpoint: str, form: Form) -> Page:
    return next(page for page in PAGES if (page.endpoint, page.form) == (endpoint, form))


def make_project(root: Path, documents: dict[str, str], settings: str = "") -> Path:
    """A project with documents, and what is generated from them."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{settings}", encoding="utf-8")
    for endpoint, text in documents.items():
        path = root / "specs" / f"{endpoint}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    loaded = load_settings(root)
    pipeline.write(loaded, pipeline.run(loaded))
    (root / "tests" / "docs" / "pages").mkdir(parents=True)
    return root


__all__ = ["DOCS", "PAGES", "REPOSITORY", "Form", "Page", "run_cli"]

"""A whole page of an endpoint and one of a type, to be read by people; `make snapshots` writes them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import CASES, Project
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site.collect import collect
from generator.site.pages import pages
from generator.site.places import endpoint_page, type_page

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

SEEN = {"awkward": endpoint_page("fal-ai/awkward"), "Tree": type_page("models", "Tree")}


class Html(SingleFileSnapshotExtension):
    """A file that a browser shows; its stylesheet is not beside it."""

    _write_mode = WriteMode.TEXT
    file_extension = "html"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of one document of our own that has everything."""
    project = Project(tmp_path_factory.mktemp("pages"))
    project.put("fal-ai/awkward", (CASES / "awkward.json").read_text(encoding="utf-8"))
    project.regenerate()
    settings = load_settings(project.root)
    return pages(collect(pipeline.understand(settings, Findings()), settings))


@pytest.mark.parametrize("name", SEEN)
def test_a_page(name: str, made: dict[str, str], snapshot: SnapshotAssertion) -> None:
    assert made[SEEN[name]] == snapshot(extension_class=Html)

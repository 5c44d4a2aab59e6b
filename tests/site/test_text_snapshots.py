"""Whole texts of the site, to be read by people; `make snapshots` writes them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import CASES, INTEGER, STRING, Project, obj, ref
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site.collect import collect
from generator.site.texts import texts

if TYPE_CHECKING:
    from typing import Any

    from syrupy.assertion import SnapshotAssertion

SEEN = ("models/fal-ai/awkward.md", "models/fal-ai/painter.md", "types/models.Tree.md", "SKILL.md", "llms.txt")
IMAGE_FIELDS = ("url", "content_type", "file_name", "width", "height")


class Markdown(SingleFileSnapshotExtension):
    """A file that an editor shows as what it is."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


def painter() -> dict[str, Any]:
    """An endpoint as most are: a picture of a picture and words."""
    prompt = {**STRING, "description": "What to paint.", "examples": ["a red panda"]}
    picture = {**STRING, "description": "What to paint it on.", "examples": ["https://example.com/a.png"]}
    image = obj({name: INTEGER if name in IMAGE_FIELDS[3:] else STRING for name in IMAGE_FIELDS}, required=["url"])
    return {
        "input": obj({"prompt": prompt, "image_url": picture, "seed": INTEGER}, required=["prompt", "image_url"]),
        "output": obj({"image": ref("Image")}, required=["image"]),
        "components": {"Image": image},
        "about": "Paints over a picture.",
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The texts of two endpoints: one that has everything, and a common one."""
    project = Project(tmp_path_factory.mktemp("site"), '[tool.fal-typed.site]\nurl = "https://docs.example/fal"\n')
    project.put("fal-ai/awkward", (CASES / "awkward.json").read_text(encoding="utf-8"))
    project.add("fal-ai/painter", **painter())
    project.regenerate()
    settings = load_settings(project.root)
    return texts(collect(pipeline.understand(settings, Findings()), settings), None)


@pytest.mark.parametrize("path", SEEN, ids=[path.rpartition("/")[2].removesuffix(".md") for path in SEEN])
def test_a_text(path: str, made: dict[str, str], snapshot: SnapshotAssertion) -> None:
    assert made[path] == snapshot(extension_class=Markdown)


def test_the_skill_is_small_and_leads_to_the_site(made: dict[str, str]) -> None:
    assert len(made["SKILL.md"].encode()) < 6_000
    assert "<https://docs.example/fal/llms.txt>" in made["SKILL.md"]

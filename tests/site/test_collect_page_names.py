"""Shared types whose names differ in case alone: each has its page, on every disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_pages import BuiltSite
from support import INTEGER, STRING, Project, obj, ref
from test_site_pages import ALL

from generator.project.settings import load_settings
from generator.site import build
from generator.site.collect.page_names import page_names

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_keeps_its_name() -> None:
    assert page_names(["Image", "LoraWeight", "LoRAWeight", "loraweight"]) == {
        "LoraWeight": "LoraWeight-2",
        "loraweight": "loraweight-3",
    }
    assert page_names(["Image", "ImageSize"]) == {}


def test_every_link_leads_to_the_right_one(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", "site = { thumbnails = true }")  # as the checks expect
    types = (("a", "GLUEPot", {"upper": STRING}), ("b", "GluePot", {"lower": INTEGER}))
    for app, name, fields in types:
        for number in (1, 2):
            given = obj({"prompt": STRING, "weight": ref(name)}, required=["prompt"])
            project.add(f"fal-ai/{app}-{number}", input=given, components={name: obj(fields)})
    project.regenerate()
    folder = project.root / "build" / "site"
    site = BuiltSite(project.root, folder, build.build(load_settings(project.root), folder).made)
    for check in ALL:
        check(site)
    assert {"types/params.GLUEPot.html", "types/params.GluePot-2.html"} <= site.paths
    assert "lower" in site.text("types/params.GluePot-2.md")
    assert "upper" in site.text("types/params.GLUEPot.md")
    for end in ("html", "md"):
        own = site.text(f"models/fal-ai/b-1.{end}")
        assert "types/params.GluePot-2." in own
        assert "types/params.GLUEPot." not in own
    assert "types/params.GluePot-2.html" in site.text("assets/search-index.js")

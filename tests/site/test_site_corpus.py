"""The site of the real documents: no link is broken, and nothing of them is more than words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from corpus.folder import DOCUMENTS, IS_HERE, WHY_SKIPPED
from site_pages import BuiltSite
from support import Project
from test_site_pages import ALL

from generator.project.settings import load_settings
from generator.site import build

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_HERE, reason=WHY_SKIPPED)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    project = Project(tmp_path_factory.mktemp("corpus") / "project", "site = { thumbnails = true }")
    for path in DOCUMENTS.glob("*.json"):
        project.put(path.stem.replace("__", "/"), path.read_text(encoding="utf-8"))
    folder = project.root / "build" / "site"
    return BuiltSite(project.root, folder, build.build(load_settings(project.root), folder).made)


@pytest.mark.parametrize("check", ALL, ids=[one.__name__ for one in ALL])
def test_it_holds_of_the_real_documents(check: Callable[[BuiltSite], None], site: BuiltSite) -> None:
    check(site)


def test_each_has_its_page(site: BuiltSite) -> None:
    ids = [path.stem.replace("__", "/") for path in DOCUMENTS.glob("*.json")]
    assert {f"models/{one}.html" for one in ids} <= site.paths
    assert site.made.endpoints == len(ids)

"""Sites to look at: that of the thirteen, and one of everything awkward and hostile. Tests only read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from awkward_documents import awkward_documents
from site_pages import BuiltSite
from support import REPOSITORY, Project
from support.browsing import browser, served

from generator.project.settings import load_settings
from generator.site import build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


def built(root: Path, folder: Path) -> BuiltSite:
    done = build.build(load_settings(root), folder)
    return BuiltSite(root, folder, done.made)


@pytest.fixture(scope="session")
def site_of_ours(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The thirteen, with the guides of this repository."""
    return built(REPOSITORY, tmp_path_factory.mktemp("ours") / "site")


@pytest.fixture(scope="session")
def awkward_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Documents with every quirk, and documents that want to be more than words; with pictures of other hosts."""
    told = "site = { title = '<b>Awkward & odd</b>', url = 'https://example.com/a', thumbnails = true }"
    project = Project(tmp_path_factory.mktemp("awkward") / "project", told)
    for endpoint_id, data in awkward_documents().items():
        project.put(endpoint_id, data if isinstance(data, str) else json.dumps(data))
    project.regenerate()
    return built(project.root, project.root / "build" / "site")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser: for the tests of one file, since playwright keeps others from starting an event loop meanwhile."""
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def http(site_of_ours: BuiltSite) -> Iterator[str]:
    """The URL of the thirteen's site on a server."""
    with served(site_of_ours.folder) as url:
        yield url

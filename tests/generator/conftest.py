"""Fixtures of the generator's tests."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support import SPECS, Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def thirteen(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The pinned documents, generated once under a name of their own; tests only read it."""
    made = Project(tmp_path_factory.mktemp("thirteen"), 'package = "thirteen_typed"').pinned()
    shutil.copy(SPECS / "releases.json", made.specs)
    shutil.copy(SPECS / "endpoints.toml", made.specs)
    made.regenerate()
    return made

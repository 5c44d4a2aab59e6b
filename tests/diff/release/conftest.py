"""A project that releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two endpoints, never released."""
    made = Project(tmp_path / "project")
    made.add("fal-ai/a")
    made.add("fal-ai/b")
    return made

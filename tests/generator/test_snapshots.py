"""Whole emitted modules, to be read by people. A change of output is a change of these files in the same commit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import CASES, SPECS, Project
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion
    from syrupy.location import PyTestLocation
    from syrupy.types import SnapshotIndex


class Text(SingleFileSnapshotExtension):
    """A file of text under its own name; `/` becomes `+`, for syrupy would drop it without a word."""

    _write_mode = WriteMode.TEXT
    file_extension = ""

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        assert "+" not in str(index)
        return f"{test_location.methodname}[{str(index).replace('/', '+')}]"


class Python(Text):
    """Python keeps its extension."""

    file_extension = "py"


class Markdown(Text):
    file_extension = "md"


class Toml(Text):
    file_extension = "toml"


EXTENSIONS = {".py": Python, ".md": Markdown, ".toml": Toml}


def files(project: Project) -> dict[str, str]:
    """What is emitted, without the manifest's hashes, the copied runtime and licence, and files without content."""
    left_out = ("manifest.json", "LICENSE", "py.typed", ".gitignore")
    return {p: t for p, t in project.tree().items() if "/_runtime/" not in p and not p.endswith(left_out)}


def assert_snapshots(tree: dict[str, str], snapshot: SnapshotAssertion) -> None:
    for path, text in tree.items():
        suffix = Path(path).suffix
        kind = EXTENSIONS[suffix]
        assert text == snapshot(name=path.removesuffix(suffix), extension_class=kind), path


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """All the endpoints of the repository."""
    project = Project(tmp_path_factory.mktemp("pinned")).pinned()
    shutil.copy(SPECS / "endpoints.toml", project.specs)
    project.regenerate()
    return project


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One document of our own that has everything."""
    project = Project(tmp_path_factory.mktemp("awkward"))
    project.put("fal-ai/awkward", (CASES / "awkward.json").read_text(encoding="utf-8"))
    project.regenerate()
    return project


def test_pinned(pinned: Project, snapshot: SnapshotAssertion) -> None:
    tree = files(pinned)
    assert len(tree) > 30
    assert_snapshots(tree, snapshot)


def test_awkward(awkward: Project, snapshot: SnapshotAssertion) -> None:
    assert_snapshots(files(awkward), snapshot)


def test_the_awkward_document_is_understood(awkward: Project) -> None:
    codes = [(d.code.value, d.source.pointer.rpartition("/")[2]) for d in awkward.plan().diagnostics]
    assert codes == [("tuple-as-mapping", "items")]

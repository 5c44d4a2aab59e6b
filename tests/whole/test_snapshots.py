"""Whole emitted modules, to be read by people. A change of output is a change of these files in the same commit.

The snapshot of a pinned endpoint is the file in `generated/` itself, which `make regenerate` writes. What the awkward
document becomes has a folder of its own; `make snapshots` writes that.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import CASES, REPOSITORY, SPECS, Project, pretty
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from generator.emit.carried import unpacked

if TYPE_CHECKING:
    from typing import Any

    from syrupy.assertion import SnapshotAssertion
    from syrupy.data import SnapshotCollection
    from syrupy.location import PyTestLocation
    from syrupy.types import SnapshotIndex

GENERATED = REPOSITORY / "generated"


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


class Stub(Text):
    file_extension = "pyi"


class Markdown(Text):
    file_extension = "md"


class Toml(Text):
    file_extension = "toml"


class Generated(Text):
    """The file of that name in `generated/`: read there, and never written."""

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        return str(GENERATED / str(index))

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return f"{test_location.methodname}[{index}]"

    @classmethod
    def write_snapshot_collection(cls, *, snapshot_collection: SnapshotCollection, **_: Any) -> None:
        raise AssertionError(f"{snapshot_collection.location}: `make regenerate` writes this file, a test does not")

    def delete_snapshots(self, *, snapshot_location: str, snapshot_names: set[str]) -> None:
        raise AssertionError(f"{snapshot_location}: `make regenerate` removes this file, a test does not")

    def owns_snapshot_collection(self, *, filepath: str, test_location: PyTestLocation) -> bool:
        return False  # so none of them is ever unused

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        return True


class Json(Text):
    file_extension = "json"


EXTENSIONS = {".py": Python, ".pyi": Stub, ".md": Markdown, ".toml": Toml, ".json": Json}
SCHEMAS = "fal_typed/_schemas.txt"


def readable(schemas: str) -> str:
    """What the package carries compressed, for people, and whichever xz compressed it."""
    lines = unpacked(schemas, schemas.partition("\n")[0].removeprefix("# "))
    return pretty({one: json.loads(line.partition("\t")[2]) for one, line in lines.items()})


def files(project: Project) -> dict[str, str]:
    """What is emitted, without the manifest's hashes, the copied runtime and licence, and files without content."""
    left_out = ("manifest.json", "LICENSE", "py.typed", ".gitignore")
    tree = {p: t for p, t in project.tree().items() if "/_runtime/" not in p and not p.endswith(left_out)}
    return {"fal_typed/_schemas.json": readable(tree.pop(SCHEMAS)), **tree}


def assert_snapshots(tree: dict[str, str], snapshot: SnapshotAssertion) -> None:
    for path, text in tree.items():
        suffix = Path(path).suffix
        kind = EXTENSIONS[suffix]
        assert text == snapshot(name=path.removesuffix(suffix), extension_class=kind), path


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """All the endpoints of the repository."""
    project = Project(tmp_path_factory.mktemp("pinned")).pinned()
    for name in ("endpoints.toml", "types.lock", "releases.json"):
        if (SPECS / name).is_file():  # there is no releases.json before the first release
            shutil.copy(SPECS / name, project.specs)
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
    tree = pinned.tree()
    there = {path.relative_to(GENERATED).as_posix() for path in GENERATED.rglob("*") if path.is_file()}
    assert {path for path in there if "__pycache__" not in path} == tree.keys()
    for path, text in tree.items():
        if path == SCHEMAS:
            assert readable(text) == readable((GENERATED / path).read_text(encoding="utf-8"))
        else:
            assert text == snapshot(name=path, extension_class=Generated), path


@pytest.mark.parametrize("index", ["README.md", "no/such/file.py"])
def test_a_test_writes_nothing_into_generated(index: str, snapshot: SnapshotAssertion) -> None:
    location = Generated.get_location(test_location=snapshot.test_location, index=index)
    data = [("other", snapshot.test_location, index)]
    with pytest.raises(AssertionError, match="make regenerate"):
        Generated.write_snapshot(snapshot_location=location, snapshots=data)


def test_awkward(awkward: Project, snapshot: SnapshotAssertion) -> None:
    assert_snapshots(files(awkward), snapshot)


def test_the_awkward_document_is_understood(awkward: Project) -> None:
    codes = [(d.code.value, d.source.pointer.rpartition("/")[2]) for d in awkward.plan().diagnostics]
    assert codes == [("tuple-as-mapping", "items")]

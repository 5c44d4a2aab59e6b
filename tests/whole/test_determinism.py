"""Output is a function of its inputs: not of the folder, the hash seed, the order of keys, or how JSON is printed."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from support import Project, Read, document, obj, pretty, read_schema, run_cli, spawn

from generator.pipeline import run
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path


def shuffled(value: Any, randomness: random.Random) -> Any:
    """The same JSON with the members of every object in another order; lists keep theirs."""
    if isinstance(value, dict):
        members = [(key, shuffled(item, randomness)) for key, item in value.items()]
        randomness.shuffle(members)
        return dict(members)
    return [shuffled(item, randomness) for item in value] if isinstance(value, list) else value


def copy_of(project: Project, folder: Path) -> Project:
    """The same specs and settings in another folder, nothing generated."""
    other = Project(folder, project.settings_text)
    shutil.copytree(project.specs, other.specs, dirs_exist_ok=True)
    (other.specs / "types.lock").unlink(missing_ok=True)
    return other


def test_twice_in_one_folder(pinned: Project) -> None:
    result = pinned.plan()
    assert not result.changes
    assert not result.lock_changed


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", ["1", pytest.param("4242", marks=pytest.mark.slow)])
def test_another_folder_and_another_hash_seed(seed: str, pinned: Project, tmp_path: Path) -> None:
    other = copy_of(pinned, tmp_path / "a folder with spaces" / "é")
    done = spawn(["-m", "generator", "--project", str(other.root), "regenerate"], cwd=tmp_path, hash_seed=seed)
    assert done.code == 0, done.err
    assert other.tree() == pinned.tree()
    assert (other.specs / "types.lock").read_bytes() == (pinned.specs / "types.lock").read_bytes()


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
def test_shuffled_keys(seed: int, pinned: Project, tmp_path: Path) -> None:
    other, randomness = copy_of(pinned, tmp_path / "other"), random.Random(seed)
    for path in other.specs.rglob("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(pretty(shuffled(data, randomness)), encoding="utf-8")
    other.regenerate()
    assert other.tree() == pinned.tree()
    assert (other.specs / "types.lock").read_bytes() == (pinned.specs / "types.lock").read_bytes()


@pytest.mark.parametrize("form", [{"separators": (",", ":")}, {"indent": 7, "ensure_ascii": True}])
def test_another_printing(form: dict[str, Any], pinned: Project, tmp_path: Path) -> None:
    other = copy_of(pinned, tmp_path / "other")
    for path in other.specs.rglob("*.json"):
        text = json.dumps(json.loads(path.read_text(encoding="utf-8")), **form)
        path.write_text("\ufeff" + text.replace("\n", "\r\n"), encoding="utf-8", newline="")
    other.regenerate()
    assert other.tree() == pinned.tree()


def test_without_fals_order_shuffled_keys_do_not_matter_either(tmp_path: Path) -> None:
    trees = []
    for seed in (1, 2):
        project = Project(tmp_path / str(seed))
        properties = {name: {"type": "string"} for name in "hgfedcba"}
        data = document("fal-ai/it", input=obj(properties, required=["d"], **{"x-fal-order-properties": None}))
        project.put("fal-ai/it", pretty(shuffled(data, random.Random(seed))))
        project.regenerate()
        trees.append(project.tree())
    assert trees[0] == trees[1]
    text = trees[0]["fal_typed/endpoints/it.py"]
    assert text.index("    d: Required") < text.index("    a: str") < text.index("    h: str")


def test_the_order_of_union_members_is_the_documents(pinned: Project) -> None:
    one: Read = read_schema({"anyOf": [{"type": "string"}, {"type": "integer"}]})
    assert [type(member).__name__ for member in one.shape.members] == ["StringShape", "IntegerShape"]  # type: ignore[union-attr]


def test_nothing_of_this_machine_is_in_the_output(pinned: Project) -> None:
    for path, text in pinned.tree().items():
        assert str(pinned.root) not in text, path
        assert "/tmp" not in text, path


def test_a_package_to_vendor_is_the_same_package(pinned: Project, tmp_path: Path) -> None:
    other = copy_of(pinned, tmp_path / "other")
    (other.root / "pyproject.toml").write_text(
        '[tool.fal-typed]\npackage = "pinned_typed"\nlayout = "package"\noutput = "src/vendor"\n'
        'parts = ["cli", "testing"]\n',
        encoding="utf-8",
    )
    other.output = other.root / "src/vendor"
    other.regenerate()
    package = {p: text for p, text in pinned.tree().items() if p.startswith("pinned_typed/")}
    vendored = other.tree()
    manifest = vendored.pop("pinned_typed/manifest.json")
    assert vendored == package
    assert json.loads(manifest)["files"].keys() == package.keys()


def test_check_and_regenerate_agree_about_the_manifest(
    pinned: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `regenerate` would write, `--check` must call drift: else CI is green and the next run leaves a diff."""
    other = copy_of(pinned, tmp_path / "other")
    other.regenerate()
    path = other.path("fal-ai/pixart-sigma")
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    clean = run_cli(other, capsys, "regenerate", "--check").code == 0
    before = other.tree()
    other.regenerate()
    assert clean == (other.tree() == before)


def test_a_missing_manifest_is_drift(pinned: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = copy_of(pinned, tmp_path / "other")
    other.regenerate()
    (other.output / "manifest.json").unlink()
    assert run_cli(other, capsys, "regenerate", "--check").code == 1


def test_a_run_changes_nothing_by_itself(project: Project) -> None:
    project.add("fal-ai/a")
    before = sorted(p for p in project.root.rglob("*"))
    run(load_settings(project.root))
    assert sorted(p for p in project.root.rglob("*")) == before

"""griffe looks at two emitted packages and knows nothing of documents: of what is gone or renamed, it says the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import griffe
import pytest
from support import INTEGER, STRING, Project, obj, ref

from generator.diff.compare import Difference, compare
from generator.diff.load import load_state
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = obj({"url": STRING, "width": INTEGER}, required=["url", "width"])
SAME: dict[str, Any] = {}


def parts(*, input: Any = None, output: Any = None, **components: Any) -> dict[str, Any]:
    return {"input": input, "output": output, "components": components}


# Endpoint → what it was, what it is now, and what is gone then (below the package); None: the endpoint itself.
CASES: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None, set[str]]] = {
    "same": (SAME, SAME, set()),
    "added": (None, SAME, set()),
    "new-input": (SAME, parts(input=obj({"prompt": STRING, "seed": INTEGER}, required=["prompt"])), set()),
    "input-gone": (
        parts(input=obj({"prompt": STRING, "seed": INTEGER}, required=["prompt"])),
        SAME,
        {"endpoints.input_gone.InputGoneInput.seed"},
    ),
    "output-gone": (
        parts(output=obj({"seed": INTEGER, "it": STRING}, required=["seed", "it"])),
        SAME,
        {"endpoints.output_gone.OutputGoneOutput.it"},
    ),
    "output-renamed": (
        parts(output=obj({"seed": INTEGER, "json": STRING}, required=["seed", "json"])),
        parts(output=obj({"seed": INTEGER, "json_text": STRING}, required=["seed", "json_text"])),
        {"endpoints.output_renamed.OutputRenamedOutput.json_"},
    ),
    "type-renamed": (
        parts(output=obj({"it": ref("Picture")}), Picture=IMAGE),
        parts(output=obj({"it": ref("Painting")}), Painting=IMAGE),
        {"endpoints.type_renamed.Picture", "models.Picture"},
    ),
    "type-gone": (
        parts(output=obj({"it": ref("Poster")}), Poster=IMAGE),
        parts(output=obj({"it": STRING})),
        {"endpoints.type_gone.Poster", "models.Poster"},
    ),
    "param-gone": (
        parts(input=obj({"it": ref("Weight")}), Weight=obj({"path": STRING})),
        parts(input=obj({"it": STRING})),
        {"endpoints.param_gone.Weight", "params.Weight"},
    ),
}
# Where an endpoint that is removed is missed: its module, and the attribute that led to it.
REMOVED = {"endpoints.removed", "endpoints._root.Fal.removed", "endpoints._async_root.AsyncFal.removed"}


def emit(project: Project, side: int) -> griffe.Object:
    """Generate one side, and read the emitted package as griffe does: without importing it."""
    for name, case in {**CASES, "removed": (SAME, None, set[str]())}.items():
        content = case[side]
        if isinstance(content, dict):
            project.add(f"fal-ai/{name}", **content)
    project.regenerate()
    loaded = griffe.load("fal_typed", search_paths=[project.output], try_relative_path=False)
    assert isinstance(loaded, griffe.Object)
    return loaded


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Difference, list[griffe.Breakage]]:
    """What we say and what griffe says about the same two packages."""
    logging.getLogger("griffe").setLevel(logging.ERROR)  # it wonders about each name that TYPE_CHECKING alone imports
    root: Path = tmp_path_factory.mktemp("griffe")
    old, new = Project(root / "old"), Project(root / "new")
    before = emit(old, 0)
    (new.specs / "types.lock").write_bytes((old.specs / "types.lock").read_bytes())
    after = emit(new, 1)
    settings = load_settings(new.root)
    ours = compare(load_state(settings, str(old.specs)).surface, load_state(settings, None).surface)
    return ours, list(griffe.find_breaking_changes(before, after))


def gone(breakages: list[griffe.Breakage]) -> set[str]:
    kinds = {griffe.BreakageKind.OBJECT_REMOVED}
    return {one.obj.path.removeprefix("fal_typed.") for one in breakages if one.kind in kinds}


@pytest.mark.slow
def test_griffe_finds_gone_just_what_we_call_gone(sides: tuple[Difference, list[griffe.Breakage]]) -> None:
    assert gone(sides[1]) == REMOVED.union(*(case[2] for case in CASES.values()))


@pytest.mark.slow
def test_our_verdict_is_major_where_griffe_finds_something_gone(
    sides: tuple[Difference, list[griffe.Breakage]],
) -> None:
    difference, breakages = sides
    paths = gone(breakages)
    for name in [*CASES, "removed"]:
        module = f"endpoints.{name.replace('-', '_')}"
        breaks = any(path == module or path.startswith(f"{module}.") for path in paths)
        ours = {change.verdict.value for change in difference.endpoints[f"fal-ai/{name}"]}
        assert ("major" in ours) == breaks, name
    shared = {path for path in paths if path.startswith(("models.", "params."))}
    assert shared == {
        change.where.removeprefix("type.") for change in difference.types if change.verdict.value == "major"
    }

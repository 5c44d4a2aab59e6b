"""One fact of one document changes: `--check` shows exactly that, and `regenerate` changes those lines alone."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

import pytest
from support import Project, run_cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STABLE = "fal-ai/stable-diffusion-v35-large"


def schema(data: Any, component: str) -> Any:
    return data["components"]["schemas"][component]["properties"]


def bound(data: Any) -> None:
    schema(data, "Flux1SchnellInput")["num_inference_steps"]["maximum"] = 13


def default(data: Any) -> None:
    schema(data, "Flux1SchnellInput")["num_images"]["default"] = 2


def member(data: Any) -> None:
    schema(data, "Imagen4PreviewInput")["aspect_ratio"]["enum"].append("21:9")


def shared_bound(data: Any) -> None:
    schema(data, "RGBColor")["r"]["maximum"] = 254


# endpoint, change, files, the lines that go (-) and come (+)
CASES: dict[str, tuple[str, Callable[[Any], None], list[str], list[str]]] = {
    "a bound": (
        "fal-ai/flux-1/schnell",
        bound,
        ["endpoints/flux_1/schnell.py"],
        [
            "-    num_inference_steps: Annotated[int, Field(ge=1, le=12)]",
            "+    num_inference_steps: Annotated[int, Field(ge=1, le=13)]",
            "-    Default: `4`. Range: 1 to 12.",
            "+    Default: `4`. Range: 1 to 13.",
        ],
    ),
    "a default": (
        "fal-ai/flux-1/schnell",
        default,
        ["endpoints/flux_1/schnell.py"],
        [
            "-    Default: `1`. Range: 1 to 4.",
            "+    Default: `2`. Range: 1 to 4.",
            # What `help` shows of the verb.
            "-                num_images (default 1): The number of images to generate.",
            "+                num_images (default 2): The number of images to generate.",
        ],
    ),
    "an enum member": (
        "fal-ai/imagen4/preview",
        member,
        ["endpoints/imagen4/preview/__init__.py"],
        [
            '-    aspect_ratio: Literal["1:1", "16:9", "9:16", "3:4", "4:3"]',
            '+    aspect_ratio: Literal["1:1", "16:9", "9:16", "3:4", "4:3", "21:9"]',
        ],
    ),
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("generated") / "project").pinned()
    project.regenerate()
    return project


@pytest.fixture
def pinned(generated: Project, tmp_path: Path) -> Project:
    """The pinned endpoints, generated."""
    return generated.copied(tmp_path / "project")


def changed_lines(diff: list[str]) -> list[str]:
    return [line.rstrip("\n") for line in diff if line[:1] in "+-" and not line.startswith(("+++", "---"))]


@pytest.mark.sampled(3)
@pytest.mark.pinned
@pytest.mark.parametrize("name", CASES)
def test_one_fact(name: str, pinned: Project, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint_id, edit, files, lines = CASES[name]
    path, before = pinned.path(endpoint_id), pinned.tree()
    data = json.loads(path.read_text(encoding="utf-8"))
    edit(data)
    path.write_text(json.dumps(data, indent=2), encoding="utf-8")

    check = run_cli(pinned, capsys, "regenerate", "--check")

    assert check.code == 1
    assert pinned.tree() == before
    compressed = "compressed data differs: generated/fal_typed/_schemas.txt\n"
    assert check.out.startswith(compressed)
    shown = check.out.removeprefix(compressed).split("\n--- ")
    headers = [line.split("\t")[0].strip() for line in check.out.splitlines() if line.startswith("+++ ")]
    expected = [f"+++ b/generated/fal_typed/{file}" for file in files]
    assert [header for header in headers if not header.endswith("manifest.json")] == expected
    assert len(shown) <= len(files) + 1
    code = "\n".join(part for part in shown if "manifest.json" not in part.splitlines()[0]).splitlines()
    assert sorted(changed_lines(code)) == sorted(lines)
    assert "generated is not what specs gives" in check.err

    assert run_cli(pinned, capsys, "regenerate").code == 0

    after = pinned.tree()
    assert before.keys() == after.keys()
    differing = [p for p in after if after[p] != before[p]]
    assert differing == ["fal_typed/_schemas.txt", *(f"fal_typed/{file}" for file in files), "manifest.json"]
    for file in files:
        old, new = (tree[f"fal_typed/{file}"].splitlines() for tree in (before, after))
        assert sorted(changed_lines(list(difflib.unified_diff(old, new, lineterm="")))) == sorted(lines)
    assert run_cli(pinned, capsys, "regenerate", "--check").code == 0


def test_a_shared_type_that_changes_in_one_document_is_another_type(
    pinned: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path = pinned.path("fal-ai/recraft/v2/text-to-image")
    data = json.loads(path.read_text(encoding="utf-8"))
    shared_bound(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    assert run_cli(pinned, capsys, "regenerate").code == 0
    assert not (pinned.output / "fal_typed/params/_rgb_color.py").exists()
    assert "class RGBColor(TypedDict" in pinned.module("endpoints/recraft/v2/text_to_image.py")


def test_a_file_without_content_shows_in_the_diff(pinned: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (pinned.output / "fal_typed/py.typed").unlink()
    check = run_cli(pinned, capsys, "regenerate", "--check")
    assert check.code == 1
    assert "generated/fal_typed/py.typed" in check.out + check.err


def test_a_new_and_a_removed_endpoint_show_against_nothing(pinned: Project, capsys: pytest.CaptureFixture[str]) -> None:
    pinned.add("fal-ai/new")
    pinned.path("fal-ai/pixart-sigma").unlink()
    out = run_cli(pinned, capsys, "regenerate", "--check").out
    assert "--- /dev/null\n+++ b/generated/fal_typed/endpoints/new.py\n" in out
    assert "--- a/generated/fal_typed/endpoints/pixart_sigma.py\n+++ /dev/null\n" in out

"""A class that leaves `models`: the changelog says where it is now, and for one release its old name stays."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from support import INTEGER, STRING, Project, obj, ref, run_cli

Capture = pytest.CaptureFixture[str]
WORDS = dict.fromkeys(("url", "content_type", "file_name"), STRING)
SIX = obj({**WORDS, **dict.fromkeys(("file_size", "width", "height"), INTEGER)}, required=["url"])
FOUR = obj(
    {"url": STRING, "width": INTEGER, "height": INTEGER, "content_type": {**STRING, "default": "image/jpeg"}},
    required=["url", "width", "height"],
)
SMALL, LARGE = obj({"url": STRING}), obj({"url": STRING, "pages": INTEGER})


@pytest.fixture
def released(project: Project, capsys: Capture) -> Project:
    """A release, and behind it documents that say something else of an `Image` and of a `Photo`."""
    put(project, Image=SIX, Photo=SMALL)
    project.regenerate()
    run_cli(project, capsys, "release", "--date", "2026-11-21")
    put(project, Image=FOUR, Photo=LARGE)
    return project


def put(project: Project, **components: Any) -> None:
    output = obj({"image": ref("Image"), "photo": ref("Photo")}, required=["image", "photo"])
    project.add("fal-ai/a", output=output, components=components)


def release(project: Project, capsys: Capture, *arguments: str) -> str:
    said = run_cli(project, capsys, "release", "--date", "2026-11-22", *arguments).out
    project.regenerate()
    return said


def package(project: Project) -> str:
    return next(path.parent.name for path in project.output.glob("*/py.typed"))


def python(project: Project, code: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(command, cwd=project.output, capture_output=True, text=True, check=False)


def test_the_release_says_where_a_class_is_now(released: Project, capsys: Capture) -> None:
    said = release(released, capsys)
    assert (
        "  `models.Image` is gone: import `SizedImage` from `fal_typed.models` in its place; "
        "for one release its name stays, deprecated."
    ) in said
    assert "`models.Photo` is gone: import `Photo` from `fal_typed.endpoints.a` in its place; " in said
    assert (
        "  fal-ai/a\n    The endpoint's `Image` is now `models.SizedImage`, and no longer `models.Image`; "
        "imports from the endpoint's module stay."
    ) in said
    recorded = json.loads((released.specs / "releases.json").read_text(encoding="utf-8"))
    moved = {"models.Image": "models.SizedImage", "models.Photo": "endpoints.a.Photo"}
    assert recorded["releases"][0]["moved"] == moved
    assert "moved" not in recorded["releases"][1]


def test_for_one_release_the_old_name_is_the_new_class_and_warns(released: Project, capsys: Capture) -> None:
    release(released, capsys)
    name = package(released)
    code = (
        f"import {name}.models as m; from {name}.endpoints.a import Photo\n"
        "print(m.Image is m.SizedImage, m.Photo is Photo)"
    )
    done = python(released, code, "-W", "always")
    assert done.stdout == "True True\n"
    assert (
        f"{name}.models.Image is deprecated, and gone with the next release: import SizedImage from {name}.models"
        in (done.stderr)
    )
    assert f"import Photo from {name}.endpoints.a" in done.stderr
    assert python(released, f"from {name}.models import Image", "-W", "error").returncode == 1
    assert python(released, f"from {name}.models import *", "-W", "error").returncode == 0


def test_the_next_release_takes_the_old_name_away(released: Project, capsys: Capture) -> None:
    release(released, capsys)
    assert "_MOVED" in released.module("models/__init__.py")
    release(released, capsys, "--note", "Something else.")
    assert "_MOVED" not in released.module("models/__init__.py")


def test_a_name_that_means_a_class_again_is_no_alias(released: Project, capsys: Capture) -> None:
    release(released, capsys)
    put(released, Image=SIX, Photo=LARGE)
    released.add("fal-ai/b", output=obj({"image": ref("Image")}, required=["image"]), components={"Image": FOUR})
    released.regenerate()
    text = released.module("models/__init__.py")
    assert "Photo: TypeAlias" in text
    assert "Image: TypeAlias" not in text


def test_a_place_that_is_empty_now_is_no_alias(released: Project, capsys: Capture) -> None:
    release(released, capsys)
    released.add("fal-ai/a")
    released.regenerate()
    assert "_MOVED" not in released.module("models/__init__.py")


@pytest.mark.parametrize("pair", [{"models.Image": 3}, {"models.a b": "models.X"}, {"models.X": "os.path"}, []])
def test_a_damaged_record_is_refused(pair: Any, released: Project, capsys: Capture) -> None:
    release(released, capsys)
    path = released.specs / "releases.json"
    recorded = json.loads(path.read_text(encoding="utf-8"))
    recorded["releases"][0]["moved"] = pair
    path.write_text(json.dumps(recorded), encoding="utf-8")
    done = run_cli(released, capsys, "regenerate")
    assert done.code == 2
    assert "specs/releases.json: not a releases.json: " in done.err


@pytest.mark.slow
def test_type_checkers_take_the_old_name_for_the_new_class(released: Project, capsys: Capture) -> None:
    release(released, capsys)
    user = released.output / "user.py"
    user.write_text(
        f"from {package(released)} import Fal\nfrom {package(released)}.models import Image\n\n\n"
        "def save(image: Image) -> int:\n    return image.width\n\n\n"
        'with Fal() as fal:\n    save(fal.a.subscribe(prompt="x").image)\n    save(3)\n',
        encoding="utf-8",
    )
    mypy = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "user.py"], cwd=released.output, capture_output=True, text=True
    )
    assert mypy.stdout.count("error") == 2, mypy.stdout  # the last call, and the count
    assert 'user.py:11: error: Argument 1 to "save" has incompatible type "int"' in mypy.stdout
    pyright = subprocess.run(
        [sys.executable, "-m", "pyright", "user.py"], cwd=released.output, capture_output=True, text=True
    )
    assert "user.py:11:10 - error" in pyright.stdout
    assert "1 error" in pyright.stdout

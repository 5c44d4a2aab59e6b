"""`python -m generator release`: which version, what is recorded, what the package says of it, and wrong usage."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, SPECS, STRING, Project, obj, run_cli

from generator.project.releases import bumped

if TYPE_CHECKING:
    from support import Done

Capture = pytest.CaptureFixture[str]
DAY = "2026-11-21"


def release(project: Project, capsys: Capture, *arguments: str) -> Done:
    return run_cli(project, capsys, "release", "--date", DAY, *arguments)


def recorded(project: Project) -> Any:
    return json.loads((project.specs / "releases.json").read_text(encoding="utf-8"))


def asking(**properties: Any) -> dict[str, Any]:
    return {"input": obj({"prompt": STRING, **properties}, required=["prompt"])}


def link(name: str) -> str:
    return f"[`fal-ai/{name}`](https://fal.ai/models/fal-ai/{name})"


@pytest.mark.parametrize(
    ("version", "verdict", "expected"),
    [
        ("0.1.0", "patch", "0.1.1"),
        ("0.1.3", "minor", "0.2.0"),
        ("0.1.3", "major", "0.2.0"),
        ("1.4.2", "patch", "1.4.3"),
        ("1.4.2", "minor", "1.5.0"),
        ("1.4.2", "major", "2.0.0"),
        ("0.9.9", "minor", "0.10.0"),
    ],
)
def test_the_rules_of_versions(version: str, verdict: str, expected: str) -> None:
    assert bumped(version, verdict) == expected


def test_the_first_release(project: Project, capsys: Capture) -> None:
    project.regenerate()
    assert '__version__ = "0.1.0"' in project.module("__init__.py")
    assert "CHANGELOG.md" not in project.tree()
    done = release(project, capsys)
    assert (done.code, done.out) == (0, "0.1.0 (minor)\n\nNew and changed\n  First release, with 2 endpoints.\n")
    assert done.err == "specs/releases.json: 0.1.0 recorded; run `regenerate` to render it\n"
    assert recorded(project)["releases"] == [
        {
            "version": "0.1.0",
            "date": DAY,
            "verdict": "minor",
            "entries": [{"about": "", "verdict": "minor", "text": "First release, with 2 endpoints."}],
        }
    ]
    project.regenerate()
    assert project.tree()["CHANGELOG.md"].split("\n\n", 2)[2] == (
        f"## 0.1.0 ({DAY})\n\n### New and changed\n\n- First release, with 2 endpoints.\n\n"
        "<!-- Generated from specs/ by `fal-typed-generator regenerate`; do not edit. -->\n"
    )


@pytest.fixture
def released(project: Project, capsys: Capture) -> Project:
    assert release(project, capsys).code == 0
    return project


def test_nothing_to_release(released: Project, capsys: Capture) -> None:
    before = (released.specs / "releases.json").read_bytes()
    done = release(released, capsys)
    assert (done.code, done.out, done.err) == (0, "", "nothing changed since 0.1.0: nothing to release\n")
    assert (released.specs / "releases.json").read_bytes() == before


def test_a_release_in_sentences(released: Project, capsys: Capture) -> None:
    released.add("fal-ai/a", **asking(seed=INTEGER, style=STRING))
    released.path("fal-ai/b").unlink()
    released.add("fal-ai/c")
    done = release(released, capsys)
    assert done.out == (
        "0.1.0 → 0.2.0 (major)\n\n"
        "Breaking\n  fal-ai/b: The endpoint is removed: `fal.b` is gone.\n\n"
        "New and changed\n  fal-ai/c: New endpoint, reached by `fal.c`.\n"
        "  fal-ai/a\n    New optional input `seed` (`int`).\n    New optional input `style` (`str`).\n"
    )
    released.regenerate()
    tree = released.tree()
    assert (
        tree["CHANGELOG.md"]
        .split("\n\n", 2)[2]
        .startswith(
            f"## 0.2.0 ({DAY})\n\n### Breaking\n\n- {link('b')}: The endpoint is removed: `fal.b` is gone.\n\n"
            f"### New and changed\n\n- {link('c')}: New endpoint, reached by `fal.c`.\n"
            f"- {link('a')}\n  - New optional input `seed` (`int`).\n"
            "  - New optional input `style` (`str`).\n\n## 0.1.0 ("
        )
    )
    assert '__version__ = "0.2.0"' in tree["fal_typed/__init__.py"]
    assert 'version = "0.2.0"' in tree["pyproject.toml"]
    assert '"fal-typed/0.2.0"' in tree["fal_typed/_client.py"]
    assert json.loads(tree["manifest.json"])["generator"] == "0.1.0"  # the generator's own is another


def test_diff_compares_with_the_last_release(released: Project, capsys: Capture) -> None:
    """Without git, and without the documents of then."""
    released.add("fal-ai/a", **asking(seed=INTEGER))
    out = run_cli(released, capsys, "diff").out
    assert (
        out
        == "New and changed\n  fal-ai/a: New optional input `seed` (`int`).\n\npackage: minor (1 endpoint unchanged)\n"
    )
    release(released, capsys)
    assert run_cli(released, capsys, "diff").out == "package: none (2 endpoints unchanged)\n"


def test_what_was_released_is_recorded_whole(tmp_path: Any, capsys: Capture) -> None:
    """Of all pinned endpoints nothing is lost on the way into releases.json and back."""
    project = Project(tmp_path / "project").pinned()
    shutil.copy(SPECS / "endpoints.toml", project.specs)
    release(project, capsys)
    assert run_cli(project, capsys, "diff").out == "package: none (13 endpoints unchanged)\n"
    assert release(project, capsys).err == "nothing changed since 0.1.0: nothing to release\n"


def test_a_patch(released: Project, capsys: Capture) -> None:
    released.add("fal-ai/a", about="More words.")
    assert release(released, capsys).out.startswith("0.1.0 → 0.1.1 (patch)\n")


def test_dry_run_writes_nothing(released: Project, capsys: Capture) -> None:
    released.add("fal-ai/c")
    before = (released.specs / "releases.json").read_bytes()
    done = release(released, capsys, "--dry-run")
    assert (done.code, done.out.splitlines()[0], done.err) == (0, "0.1.0 → 0.2.0 (minor)", "")
    assert (released.specs / "releases.json").read_bytes() == before


def test_changes_of_the_client_itself(released: Project, capsys: Capture) -> None:
    done = release(released, capsys, "--note", "Retries wait longer.", "--note", "Faster import.")
    assert done.out == "0.1.0 → 0.1.1 (patch)\n\nSmall\n  Retries wait longer.\n  Faster import.\n"
    done = release(released, capsys, "--note", "Uploads.", "--at-least", "minor")
    assert done.out == "0.1.1 → 0.2.0 (minor)\n\nNew and changed\n  Uploads.\n"
    released.add("fal-ai/c")
    assert release(released, capsys, "--at-least", "patch").out.startswith("0.2.0 → 0.3.0 (minor)\n")


def test_a_version_of_the_maintainers_choice(released: Project, capsys: Capture) -> None:
    released.add("fal-ai/c")
    assert release(released, capsys, "--version", "1.0.0").out.startswith("0.1.0 → 1.0.0 (minor)\n")
    released.path("fal-ai/c").unlink()
    assert release(released, capsys).out.startswith("1.0.0 → 2.0.0 (major)\n")


def test_the_version_that_follows_anyway_may_be_asked_for(released: Project, capsys: Capture) -> None:
    released.add("fal-ai/c")
    assert release(released, capsys, "--version", "0.2.0").out.startswith("0.1.0 → 0.2.0 (minor)\n")


def test_today_is_the_day_if_none_is_given(released: Project, capsys: Capture) -> None:
    released.add("fal-ai/c")
    assert run_cli(released, capsys, "release").code == 0
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", recorded(released)["releases"][0]["date"])


def test_a_vendored_package_has_its_version_too(tmp_path: Any, capsys: Capture) -> None:
    project = Project(tmp_path / "project", 'layout = "package"')
    project.add("fal-ai/a")
    release(project, capsys)
    project.add("fal-ai/b")
    release(project, capsys)
    project.regenerate()
    assert '__version__ = "0.2.0"' in project.module("__init__.py")
    assert not [path for path in project.tree() if "CHANGELOG" in path]


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--date", "21.11.2026"], "error: --date must be a day as YYYY-MM-DD, not '21.11.2026'\n"),
        (["--date", "2026-02-30"], "error: --date must be a day as YYYY-MM-DD, not '2026-02-30'\n"),
        (["--version", "1.0"], "error: --version: '1.0' is not a version (X.Y.Z)\n"),
        (["--version", "0.1.5"], "error: --version: 0.1.5 is below 0.2.0, which these changes ask for\n"),
        (["--note", ""], "error: --note must be a line of text, not ''\n"),
        (["--note", "a\nb"], "error: --note must be a line of text, not 'a\\nb'\n"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, released: Project, capsys: Capture) -> None:
    released.add("fal-ai/c")
    before = (released.specs / "releases.json").read_bytes()
    done = run_cli(released, capsys, "release", *arguments)
    assert (done.code, done.out, done.err) == (2, "", message)
    assert (released.specs / "releases.json").read_bytes() == before


@pytest.mark.parametrize("arguments", [["--at-least", "huge"], ["now"], ["--dry"]])
def test_unknown_options(arguments: list[str], released: Project, capsys: Capture) -> None:
    assert run_cli(released, capsys, "release", *arguments).code == 2


def test_nothing_is_released_while_a_document_cannot_be_read(released: Project, capsys: Capture) -> None:
    released.put("fal-ai/b", "{")
    released.add("fal-ai/c")
    before = (released.specs / "releases.json").read_bytes()
    done = release(released, capsys)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("specs/fal-ai/b.json:1: error: not JSON")
    assert done.err.endswith("nothing is released while a document cannot be read\n")
    assert (released.specs / "releases.json").read_bytes() == before


def damage(text: str, was: str, now: str) -> str:
    assert was in text
    return text.replace(was, now, 1)


DAMAGES = {
    "no JSON": ('"format": 1', '"format" 1', "specs/releases.json:2: not JSON: Expecting ':' delimiter, column 12"),
    "another format": ('"format": 1', '"format": 2', "format 2 is not known to this version"),
    "no format": ('"format": 1,', "", "'format' is missing"),
    "a version that is none": ('"0.1.0"', '"0.1"', "'0.1' is not a version (X.Y.Z)"),
    "a date that is none": (DAY, "today", "0.1.0: date must be YYYY-MM-DD, not 'today'"),
    "an unknown verdict": (
        '"verdict": "minor",\n',
        '"verdict": "huge",\n',
        "verdict must be one of patch, minor, major",
    ),
    "an entry that is none": ('"text": "First', '"txt": "First', "'text' is missing"),
    "an entry's verdict": ('"verdict": "minor", "text"', '"verdict": "x", "text"', "an entry's verdict must be one of"),
    "an entry of an odd kind": ('"text": "First', '"kind": 3, "text": "First', "kind must be a text, not 3"),
    **{
        f"a class that moved {how}": (
            '"verdict": "minor",\n',
            f'"verdict": "minor", "moved": {{"models.Image": "models.Picture", "{old}": {json.dumps(new)}}},\n',
            f"moved: {old!r} → {new!r} are not two classes of the package",
        )
        for how, old, new in [
            ("from where none is", "os.path", "models.X"),
            ("from an endpoint", "endpoints.a.X", "models.X"),
            ("to where none is", "models.X", "os.path"),
            ("nowhere", "models.X", None),
        ]
    },
    "no record": ('"released": {', '"unreleased": {', "'released' is missing"),
    "a record without endpoints": (
        '"endpoints": {',
        '"ends": {',
        "the record of the last release is damaged ('endpoints')",
    ),
    "a record of an unknown type": (
        '"is": "StringShape"',
        '"is": "TextShape"',
        "the record of the last release is damaged",
    ),
    "a record that lacks a type": ('"AInput": {', '"BInput": {', "the record of the last release is damaged"),
    "streaming that is no answer": ('"streams": false', '"streams": 1', "fal-ai/a: streams must be true or false"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_releases_json_is_refused_and_kept(name: str, released: Project, capsys: Capture) -> None:
    was, now, message = DAMAGES[name]
    path = released.specs / "releases.json"
    path.write_text(text := damage(path.read_text(encoding="utf-8"), was, now), encoding="utf-8")
    done = release(released, capsys)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.endswith("restore it from version control\n")
    assert path.read_text(encoding="utf-8") == text


def test_releases_in_the_wrong_order_are_refused_by_regenerate_too(released: Project, capsys: Capture) -> None:
    released.add("fal-ai/c")
    release(released, capsys)
    path = released.specs / "releases.json"
    path.write_text(damage(path.read_text(encoding="utf-8"), '"0.2.0"', '"0.1.0"'), encoding="utf-8")
    done = run_cli(released, capsys, "regenerate")
    assert done.code == 2
    assert "0.1.0 stands before 0.1.0; the last release must be the first" in done.err
    assert not released.output.exists()


def test_a_file_without_releases_is_refused(released: Project, capsys: Capture) -> None:
    (released.specs / "releases.json").write_text('{"format": 1, "releases": [], "released": {}}', encoding="utf-8")
    assert "there is no release in it" in release(released, capsys).err

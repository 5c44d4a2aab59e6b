"""`regenerate --locked`: nobody edits a document, or what was made of it, without being told so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import STRING, Project, document, obj, pretty, run_cli

from generator.project.settings import load_settings
from generator.project.spec_lock import differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog_server import CatalogServer

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def fetched(project: Project, catalog: CatalogServer, capsys: Capture) -> Project:
    """Two endpoints; fal is not asked again."""
    for one in ("fal-ai/a", "fal-ai/b"):
        catalog.add(one, document(one))
    assert run_cli(project, capsys, "add", "fal-ai/a", "fal-ai/b").code == 0
    catalog.seen.clear()
    return project


@pytest.fixture
def locked(fetched: Project, capsys: Capture) -> Project:
    """The same, generated."""
    assert run_cli(fetched, capsys, "regenerate", "--locked").code == 0
    return fetched


def edit(project: Project) -> None:
    project.put("fal-ai/a", pretty(document("fal-ai/a", input=obj({"text": STRING}))))


def edit_prose(project: Project) -> None:
    project.put("fal-ai/a", pretty(document("fal-ai/a", about="Better than fal's.")))


EDITS: dict[str, tuple[Callable[[Project], object], str]] = {
    "a fact": (edit, "specs/fal-ai/a.json: error: its content is not what lock.json says: it was edited by hand"),
    "prose": (edit_prose, "specs/fal-ai/a.json: error: its content is not what lock.json says: it was edited by hand"),
    "no JSON": (lambda p: p.put("fal-ai/a", "{"), "specs/fal-ai/a.json: error: its content is not what lock.json says"),
    "gone": (
        lambda p: p.path("fal-ai/a").unlink(),
        "specs/fal-ai/a.json: error: this document is in lock.json, but not",
    ),
    "by hand": (lambda p: p.add("fal-ai/c"), "specs/fal-ai/c.json: error: this document is not in lock.json"),
}


def test_a_document_that_the_project_does_not_list_is_nobodys(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    """It may lie there: nothing is made of it. One that is listed and not there is no matter of the lock."""
    (project.root / "pyproject.toml").write_text("[tool.fal-typed]\nendpoints = []\n", encoding="utf-8")
    catalog.add("fal-ai/a", document("fal-ai/a"))
    assert run_cli(project, capsys, "add", "fal-ai/a").code == 0
    project.add("fal-ai/c")
    assert differences(load_settings(project.root), ["fal-ai/a", "fal-ai/z"]) == []
    (found,) = differences(load_settings(project.root), ["fal-ai/a", "fal-ai/c"])
    assert (found.source.path, found.message) == ("specs/fal-ai/c.json", "this document is not in lock.json")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("check", [[], ["--check"]])
def test_a_document_touched_by_hand(
    name: str, check: list[str], locked: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    touch, message = EDITS[name]
    touch(locked)
    before = locked.tree()
    done = run_cli(locked, capsys, "regenerate", "--locked", *check)
    assert done.code == (4 if name == "no JSON" and check else 1)
    assert message in done.err
    assert "[not-locked]\n" in done.err
    assert locked.tree() == before
    assert catalog.seen == []


def test_a_document_that_is_nested_too_deeply_is_an_edit(locked: Project, capsys: Capture) -> None:
    for depth in (101, 600, 100_000):
        locked.put("fal-ai/a", pretty(document("fal-ai/a"))[:-3] + ',\n  "x": ' + "[" * depth + "]" * depth + "}\n")
        done = run_cli(locked, capsys, "regenerate", "--locked")
        assert (done.code, done.err.count("[not-locked]")) == (1, 1)


def test_another_printing_is_no_edit(locked: Project, capsys: Capture) -> None:
    data = json.loads(locked.path("fal-ai/a").read_bytes())
    locked.put("fal-ai/a", json.dumps(data, sort_keys=True))
    assert run_cli(locked, capsys, "regenerate", "--check", "--locked").code == 0


def test_an_emitted_file_touched_by_hand(locked: Project, capsys: Capture) -> None:
    path = locked.output / "fal_typed/endpoints/a.py"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    done = run_cli(locked, capsys, "regenerate", "--check", "--locked")
    assert done.code == 1
    assert done.err.startswith("generated/fal_typed/endpoints/a.py: ")


def test_without_the_option_a_document_may_be_edited(locked: Project, capsys: Capture) -> None:
    edit(locked)
    assert run_cli(locked, capsys, "regenerate").code == 0


def entry(**more: Any) -> dict[str, Any]:
    return {"url": "https://fal.ai/x", "sha256": "0" * 64, "changed": "2026-09-01", **more}


BROKEN: dict[str, str] = {
    "not JSON": "{",
    "a list": "[]",
    "no endpoints": "{}",
    "endpoints are a list": '{"endpoints": []}',
    "not an id": json.dumps({"endpoints": {"../x/y": entry()}}),
    "an entry is none": '{"endpoints": {"fal-ai/a": 3}}',
    "a key too many": json.dumps({"endpoints": {"fal-ai/a": entry(sha512="")}}),
    "a key too few": '{"endpoints": {"fal-ai/a": {"url": "https://fal.ai/x", "sha256": "0"}}}',
    "not a date": json.dumps({"endpoints": {"fal-ai/a": entry(vanished="yesterday")}}),
    "writing is a list": '{"endpoints": {}, "writing": []}',
}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", [["regenerate", "--locked"], ["fetch"], ["remove", "fal-ai/a"]])
def test_a_lock_that_is_none(
    name: str, command: list[str], fetched: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    path = fetched.specs / "lock.json"
    path.write_text(BROKEN[name], encoding="utf-8")
    done = run_cli(fetched, capsys, *command)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("error: specs/lock.json: not a lock: ")
    assert done.err.endswith("; restore it from version control\n")
    assert path.read_text(encoding="utf-8") == BROKEN[name]
    assert catalog.seen == []


def test_fetch_then_regenerate(locked: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.models["fal-ai/a"].document = document("fal-ai/a", input=obj({"text": STRING}))
    done = run_cli(locked, capsys, "regenerate", "--fetch")
    assert done.code == 0
    assert "changed   fal-ai/a\n" in done.err
    assert "text: str" in locked.module("endpoints/a.py")
    catalog.models["fal-ai/b"].document = {"error": {"code": "expansion_failed"}}
    catalog.models["fal-ai/a"].document = document("fal-ai/a")
    done = run_cli(locked, capsys, "regenerate", "--fetch", "--locked")
    assert done.code == 4, "what could not be fetched is told, and the rest made"
    assert "text: str" not in locked.module("endpoints/a.py")


def test_fetch_and_check_contradict_each_other(fetched: Project, catalog: CatalogServer, capsys: Capture) -> None:
    done = run_cli(fetched, capsys, "regenerate", "--fetch", "--check")
    assert (done.code, done.err) == (2, "error: --check writes nothing, and --fetch does; say one of them\n")
    assert catalog.seen == []

"""The cache decides how soon an output comes, never what it is."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from support import INTEGER, STRING, Project, obj

from generator import places
from generator.project import cache
from generator.project.cache import FOLDER

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def made(project: Project) -> Project:
    """Two endpoints, generated, so that the next run finds a cache."""
    project.add("fal-ai/a")
    project.add("fal-ai/b")
    project.regenerate()
    assert list((project.root / FOLDER).glob("*.json"))
    return project


def cold(project: Project) -> dict[str, str]:
    """What the project gives without a cache."""
    shutil.rmtree(project.root / FOLDER, ignore_errors=True)
    shutil.rmtree(project.output)
    project.regenerate()
    return project.tree()


def numbers(table: bytes) -> bytes:
    """A table whose every text is a number, behind the hash that is right for it."""
    document = json.loads(table[cache._HASH :])
    document["entries"] = {of: dict.fromkeys(texts, 5) for of, texts in document["entries"].items()}
    data = json.dumps(document).encode()
    return cache._hash(data) + data


def test_a_warm_run_gives_what_a_cold_one_gives(made: Project) -> None:
    made.add("fal-ai/a", input=obj({"prompt": STRING, "steps": {**INTEGER, "maximum": 3}}))
    made.add("fal-ai/a/child")
    made.regenerate()
    warm = made.tree()
    assert warm == cold(made)
    assert "le=3" in "".join(warm.values())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("junk", ["", "{", "[]", "null", '{"k": 5}', "every value a number", "no permission to read"])
def test_a_broken_cache_is_no_cache(junk: str, made: Project) -> None:
    expected = made.tree()
    for path in (made.root / FOLDER).glob("*.json"):
        if junk.startswith("every"):
            path.write_bytes(numbers(path.read_bytes()))
        elif junk.startswith("no"):
            path.unlink()
            path.mkdir()
        else:
            path.write_text(junk, encoding="utf-8")
    shutil.rmtree(made.output)
    made.regenerate()
    assert made.tree() == expected


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("template", "word", "other"),
    [
        ("endpoint.py.jinja", "Queue a request and return", "Hand a request in and return"),
        ("models/TypedDict.jinja2", "{{ field.annotation }}", "{{ field.annotation }}  # noted"),
    ],
)
def test_a_template_that_changes_is_rendered_anew(
    template: str, word: str, other: str, made: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "templates"
    shutil.copytree(places.TEMPLATES, copied)
    path = copied / template
    path.write_text(path.read_text(encoding="utf-8").replace(word, other), encoding="utf-8")
    monkeypatch.setattr(places, "TEMPLATES", copied)
    made.regenerate()
    assert other.removeprefix("{{ field.annotation }}") in made.module("endpoints/a.py")
    assert word not in made.module("endpoints/a.py")


def test_a_plan_writes_no_cache(project: Project) -> None:
    project.add("fal-ai/a")
    project.plan()
    assert not (project.root / FOLDER).exists()


def test_git_does_not_see_it(made: Project) -> None:
    assert (made.root / FOLDER / ".gitignore").read_text(encoding="utf-8") == "*\n"

"""Templates hold shape, Python holds decisions; and nothing misspelt renders as nothing."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import UndefinedError
from runtime import emitted
from support import REPOSITORY, Project

from generator import pipeline
from generator.emit import render
from generator.emit.models import ModelsError

if TYPE_CHECKING:
    from pathlib import Path

GENERATOR = REPOSITORY / "generator"
TEMPLATES = REPOSITORY / "templates"

# --- templates -------------------------------------------------------------------------------------------------------

ALL_TEMPLATES = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.jinja*"))


@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_a_template_names_its_context_and_is_short(template: str) -> None:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    assert text.startswith("{#- Context: ")
    assert text.count("\n") <= 150


def test_every_template_is_used() -> None:
    code = "".join((GENERATOR / "emit" / name).read_text(encoding="utf-8") for name in ("render.py", "around.py"))
    included = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ALL_TEMPLATES)
    for name in ALL_TEMPLATES:
        if name.startswith("models/"):
            continue
        assert f'"{name}"' in (included if name.startswith("_") else code), name


def raw_texts(template: str) -> list[str]:
    """What a template puts within quotes, or behind a comment sign, as it is."""
    found: list[str] = []
    docstring = False
    for line in re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL).splitlines():
        quoted = docstring
        for piece in re.split(r'(""\"|"|#(?![}])|\{\{.*?\}\}|\{%.*?%\})', line):
            if piece == '""' + '"':
                quoted = docstring = not docstring
            elif piece in ('"', "#") and not docstring:
                quoted = piece == "#" or not quoted
            elif (
                piece.startswith("{{")
                and quoted
                and not re.search(r"\| (literal|within|in_docstring|comment|toml|markdown) ", piece)
            ):
                found.append(piece)
    return found


@pytest.mark.parametrize("template", [name for name in ALL_TEMPLATES if ".md." not in name])
def test_no_raw_text_within_quotes(template: str) -> None:
    assert raw_texts((TEMPLATES / template).read_text(encoding="utf-8")) == []


def test_the_readme_escapes_what_is_no_name() -> None:
    parts = ["README.md.jinja", "_files.md.jinja", "_webhooks.md.jinja", "_proxy.md.jinja", "FROM_FAL_CLIENT.md.jinja"]
    parts += [f"_from_fal_client_{part}.md.jinja" for part in ("samples", "otherwise", "names")]
    text = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in parts)
    raw = set(re.findall(r"\{\{ ([^|]*?) \}\}", text))
    # The package's own name, which the settings check, and code that is literals.
    shown = {'example.shown if example else "out"', "file_example[0]", "file_example[1]"}
    shown |= {f"{one}.{part}" for one in ("example", "streaming") for part in ("arguments", "module", "shown")}
    # Of the page for those who come from fal-client; an address, which the settings check.
    shown |= {f"{one}.{part}" for one in ("example", "streaming") for part in ("quoted_id", "body")}
    shown |= {f"file_example.{part}" for part in ("quoted_id", "body", "looked_up", "code", "file")}
    shown |= {"example.looked_up", "example.printed", 'page("FROM_FAL_CLIENT.md")'}
    # What pip is given, which they check too.
    shown |= {"install()", "install('webhooks')", "install('proxy')"}
    assert raw == {"distribution", "api.package", "example.app", "example.output_name", *shown}


def test_the_changelog_takes_what_is_escaped_already() -> None:
    """Its sentences are those of `diff`, which writes what comes from documents in code marks; ids are checked."""
    text = (TEMPLATES / "CHANGELOG.md.jinja").read_text(encoding="utf-8")
    assert set(re.findall(r"\{\{ ([^|]*?) \}\}", text)) == {
        "release.version", "release.date", "section.title", "text", "topic.about", "topic.texts[0]", "header",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line", ['x = "{{ a }}"', "# {{ a }}", '""' + '"About {{ a }}.""' + '"', '""' + '"\n{{ a }}\n""' + '"']
)
def test_raw_text_is_seen(line: str) -> None:
    assert raw_texts(line) == ["{{ a }}"]
    assert raw_texts(line.replace("a }}", "a | literal }}")) == []


def test_templates_decide_no_names() -> None:
    """The filters only write what they are given."""
    for name in ALL_TEMPLATES:
        expressions = re.findall(r"\{[{%].*?[}%]\}", (TEMPLATES / name).read_text(encoding="utf-8"))
        filters = {word for one in expressions for word in re.findall(r"\|\s*(\w+)", one)}
        assert filters <= set(render.WRITERS), name


@pytest.mark.parametrize(
    ("template", "right", "wrong"),
    [
        ("endpoint.py.jinja", "endpoint.path", "endpoint.paht"),
        ("client.py.jinja", "user_agent", "user_agnet"),
        ("models/pydantic_v2/BaseModel.jinja2", "own.annotation", "own.anotation"),
        ("models/TypedDict.jinja2", "fal_typed.keywords", "fal_typed.keyword"),
        ("models/TypedDict.jinja2", "field.extras.fal_typed", "field.extras.fal_type"),
    ],
)
def test_a_misspelt_variable_is_an_error(
    template: str, right: str, wrong: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "templates"
    shutil.copytree(TEMPLATES, copied)
    path = copied / template
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    monkeypatch.setattr(pipeline, "TEMPLATES", copied)
    project.add("fal-ai/a")
    with pytest.raises((UndefinedError, ModelsError)):
        project.plan()


def test_public_names_exist() -> None:
    for name, module in render.EXPORTS.items():
        if module == f".{render.CONTRACT}":
            assert hasattr(emitted, name), name


def test_the_contract_says_the_same_at_run_time_and_to_type_checkers() -> None:
    tree = ast.parse((TEMPLATES / "runtime" / "emitted.py").read_text(encoding="utf-8"))
    declared = {
        (f".{node.module}", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }
    found = {(module, name) for module, names in emitted._NAMES.items() for name in names}
    assert declared == found
    assert dir(emitted) == sorted(name for _, name in found)
    assert all(getattr(emitted, name) is not None for _, name in found)


def test_ruff_is_spawned_twice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    spawned: list[list[str]] = []
    run = subprocess.run

    def counted(arguments: list[str], **options: Any) -> Any:
        spawned.append(arguments)
        return run(arguments, **options)

    monkeypatch.setattr(subprocess, "run", counted)
    project.add("fal-ai/a")
    project.add("fal-ai/b/c")
    project.plan()
    assert len(spawned) == 2

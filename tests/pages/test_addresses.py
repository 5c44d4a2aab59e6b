"""No page, message or metadata sends anybody to a name or an address that a stranger could register.

`[tool.fal-typed.published]` says what is ours. Until something is, nothing is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from generator.project.settings import load_settings

from .collect import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("generated", "generator", "templates", ".github", ".ci", "specs")
TEXTS = {".md", ".py", ".toml", ".jinja", ".jinja2", ".yml", ".yaml", ".svg", ""}
FILES = [
    REPOSITORY / "README.md", REPOSITORY / "pyproject.toml", REPOSITORY / "Makefile",
    *(path for name in FOLDERS for path in sorted((REPOSITORY / name).rglob("*"))
      if path.is_file() and path.suffix in TEXTS and "__pycache__" not in path.parts),
]  # fmt: skip
_COMMAND = r"(?:pip3?|pipx|uv) (?:install|run|tool install|add|tool run)"
INSTALLING = re.compile(rf"{_COMMAND}[^`\n]*?\bfal[-_]typed|uvx fal[-_]typed")
_HOSTS = r"(?:pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)|github\.com|gitlab\.com)"
ADDRESS = re.compile(rf"https?://(?:[\w-]+\.)*{_HOSTS}[^\s)>\"'`]*")
# What a workflow must say to publish at all.
PLACES = {".github/workflows/publish.yml"}


def sent_to(text: str, name: str) -> list[str]:
    """Where a text sends people: commands that install by our names, and addresses of an index or a forge."""
    commands = [found[0] for found in INSTALLING.finditer(text) if not re.search(r"dist/|\./|\.whl", found[0])]
    return commands + ([] if name in PLACES else ADDRESS.findall(text))


def ours(path: Path) -> list[str]:
    """Where a file of the repository sends people, but for what is set as ours."""
    name = path.relative_to(REPOSITORY).as_posix()
    published = load_settings(REPOSITORY).published
    known = [one for one in (published.client, published.generator, published.repository) if one]
    return [one for one in sent_to(path.read_text(encoding="utf-8"), name) if not any(it in one for it in known)]


def test_nobody_is_sent_to_a_stranger() -> None:
    found = {path.relative_to(REPOSITORY).as_posix(): ours(path) for path in FILES}
    assert {name: places for name, places in found.items() if places} == {}
    assert {"README.md", "generated/README.md", "generated/pyproject.toml", ".github/workflows/ci.yml"} <= found.keys()


@pytest.mark.parametrize(
    "text",
    [
        "pip install fal-typed",
        "pip install 'fal-typed[webhooks]'",
        "pip install --upgrade fal_typed",
        "uvx fal-typed-generator add",
        "pipx run fal-typed-generator",
        "uv tool install fal-typed-generator",
        "uv add fal-typed",
        "see https://github.com/us/fal-typed/issues",
        "https://pypi.org/project/fal-typed/",
    ],
)
def test_it_would_be_seen(text: str) -> None:
    assert sent_to(f"Run `{text}` first.", "README.md")


@pytest.mark.parametrize(
    "text",
    [
        "pip install ./generated",
        "pip install dist/fal_typed_generator-0.1.0-py3-none-any.whl",
        "uvx --from dist/fal_typed_generator-0.1.0-py3-none-any.whl fal-typed-generator …",
        "pip install cryptography",
        "fal-typed-generator add fal-ai/flux-1/schnell",
        "https://fal.ai/models",
    ],
)
def test_what_sends_nobody_there_is_let_through(text: str) -> None:
    assert sent_to(f"Run `{text}` first.", "README.md") == []

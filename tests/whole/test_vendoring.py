"""A team keeps a client of its own endpoints in its own repository: the README's example, run as it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from catalog_server.server import KEY
from support import REPOSITORY, STRING, Done, Project, document, obj, run_cli

if TYPE_CHECKING:
    from pathlib import Path

    from catalog_server import CatalogServer

SECTION = re.compile(r"^## Your own endpoints.*?(?=^## )", re.DOTALL | re.MULTILINE)
Capture = pytest.CaptureFixture[str]


def block(language: str) -> str:
    """The one block of a language in the README's section."""
    section = SECTION.search((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert section is not None
    found = re.findall(rf"^```{language}\n(.*?)^```$", section[0], re.DOTALL | re.MULTILINE)
    assert len(found) == 1
    return found[0]


@pytest.fixture
def shop(project: Project, catalog: CatalogServer) -> Project:
    """Somebody's repository, and a fal that has what the README names: one endpoint of everybody's, one of theirs."""
    project.specs.rmdir()
    project.output = project.root / "src"
    own = '[project]\nname = "shop"\nversion = "1"\n\n'
    (project.root / "pyproject.toml").write_text(own + block("toml"), encoding="utf-8")
    schnell = json.loads((REPOSITORY / "specs/fal-ai/flux-1/schnell.json").read_bytes())
    catalog.add("fal-ai/flux-1/schnell", schnell)
    mine = document("me/my-app", input=obj({"name": STRING}, required=["name"]), output=obj({"greeting": STRING}))
    catalog.add("me/my-app", mine, is_listed=False, is_private=True)
    catalog.plan("me/my-app", output={"greeting": "Hello, Ada"})
    return project


def checkout(folder: Path) -> None:
    """This repository, installed as `make` does it: `.venv` has the Python of this run, wherever that is."""
    folder.mkdir()
    for path in REPOSITORY.iterdir():
        if path.name != ".venv":
            (folder / path.name).symlink_to(path)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', encoding="utf-8")
    python.chmod(0o755)


def sh(command: str, shop: Project, catalog: CatalogServer, **more: str) -> Done:
    """Run what a person would type in their repository; beside it is a checkout of this one."""
    checkout(shop.root.parent / "fal-typed")
    environment = {
        **os.environ,
        "FAL_RUN_HOST": catalog.run_url,
        "FAL_QUEUE_RUN_HOST": catalog.queue_url,
        **more,
    }
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=shop.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow  # four processes, one after the other
def test_the_example_of_the_readme(shop: Project, catalog: CatalogServer) -> None:
    done = sh(block("bash"), shop, catalog, FAL_KEY=KEY)
    assert done.code == 0, done.err
    assert {p.relative_to(shop.root).parts[0] for p in shop.root.rglob("*")} == {
        "pyproject.toml",
        "src",
        "specs",
        ".fal-typed-cache",
    }
    assert sorted(p.name for p in (shop.root / "src").iterdir()) == ["shop_fal"], (
        "the package alone, nothing to publish"
    )
    assert KEY not in "".join(p.read_text(encoding="utf-8") for p in shop.root.rglob("*") if p.is_file())
    python = subprocess.run(
        [sys.executable, "-W", "error", "-c", block("python")],
        cwd=shop.root,
        env={
            "PYTHONPATH": "src",
            "FAL_KEY": KEY,
            "FAL_RUN_HOST": catalog.run_url,
            "FAL_QUEUE_RUN_HOST": catalog.queue_url,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (python.returncode, python.stderr) == (0, "")
    assert python.stdout == block("text")


def test_it_keeps_itself(
    shop: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `regenerate --check --locked` in their CI says when fal changes, and when somebody edits."""
    monkeypatch.setenv("FAL_KEY", KEY)
    assert run_cli(shop, capsys, "add", "fal-ai/flux-1/schnell", "me/my-app").code == 0
    assert run_cli(shop, capsys, "regenerate").code == 0
    assert run_cli(shop, capsys, "regenerate", "--check", "--locked").code == 0
    catalog.models["me/my-app"].document = document("me/my-app", input=obj({"title": STRING}))
    assert "changed   me/my-app\n" in run_cli(shop, capsys, "fetch").err
    assert run_cli(shop, capsys, "regenerate", "--check", "--locked").code == 1
    assert run_cli(shop, capsys, "regenerate").code == 0
    assert run_cli(shop, capsys, "remove", "me/my-app").code == 0
    assert run_cli(shop, capsys, "regenerate").code == 0
    assert not (shop.root / "src/shop_fal/endpoints/owners").exists()
    pyproject = (shop.root / "pyproject.toml").read_text(encoding="utf-8")
    assert "me/my-app" not in pyproject
    assert pyproject.startswith('[project]\nname = "shop"\n')


def test_a_private_app_whose_document_is_a_file(
    shop: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has a key here; the document was exported beside the app's code."""
    (shop.root / "my-app.json").write_text(json.dumps(catalog.models["me/my-app"].document), encoding="utf-8")
    assert run_cli(shop, capsys, "add", "me/my-app", "--from", str(shop.root / "my-app.json")).code == 0
    assert run_cli(shop, capsys, "fetch").code == 0
    assert run_cli(shop, capsys, "regenerate", "--locked").code == 0
    assert (shop.root / "src/shop_fal/endpoints/owners/me/my_app.py").is_file()

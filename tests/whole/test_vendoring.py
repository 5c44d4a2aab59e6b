"""A team keeps a client of its own endpoints in its own repository: the page's example, run as it stands."""

from __future__ import annotations

import json
import os
import shlex
import sys
from typing import TYPE_CHECKING

import pytest
from catalog_server.server import KEY
from pages.printed import is_as_shown
from pages.shell import tools, typed
from pages.ways import VENDORING, blocks
from support import REPOSITORY, STRING, Project, document, obj, run_cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from catalog_server import CatalogServer
    from pages.collect import Block

Capture = pytest.CaptureFixture[str]
SECTION = "Under your own name, with a private app"


def shown(way: str, heading: str = SECTION) -> Block:
    """The one block of a section of the page."""
    (block,) = [block for block in blocks(way) if block.page == VENDORING and block.heading == heading]
    return block


@pytest.fixture
def shop(project: Project, catalog: CatalogServer) -> Project:
    """Somebody's repository, and a fal that has what the page names: one endpoint of everybody's, one of theirs."""
    project.specs.rmdir()
    project.output = project.root / "src"
    own = '[project]\nname = "shop"\nversion = "1"\n\n'
    (project.root / "pyproject.toml").write_text(own + shown("settings").code, encoding="utf-8")
    schnell = json.loads((REPOSITORY / "specs/fal-ai/flux-1/schnell.json").read_bytes())
    catalog.add("fal-ai/flux-1/schnell", schnell)
    mine = document("me/my-app", input=obj({"name": STRING}, required=["name"]), output=obj({"greeting": STRING}))
    catalog.add("me/my-app", mine, is_listed=False, is_private=True)
    catalog.plan("me/my-app", output={"greeting": "Hello, Ada"})
    return project


@pytest.fixture
def sh(catalog: CatalogServer, tmp_path: Path) -> Callable[..., str]:
    """Types what a page says into a folder; gives what was printed. The tool is installed, and fal is the catalogue."""
    path = f"{tools(tmp_path / 'bin')}:{os.environ['PATH']}"
    hosts = {"FAL_RUN_HOST": catalog.run_url, "FAL_QUEUE_RUN_HOST": catalog.queue_url}

    def run(command: str, folder: Path, **more: str) -> str:
        done = typed(command, folder, PATH=path, **hosts, **more)
        assert done.code == 0, done.shown
        return done.shown

    return run


@pytest.mark.slow  # two processes, one after the other
def test_the_whole_way_in_an_empty_folder(shop: Project, sh: Callable[..., str], tmp_path: Path) -> None:
    empty = tmp_path / "empty" / "shop"
    empty.mkdir(parents=True)
    block = shown("vendoring", "The whole way")
    assert is_as_shown(block.shown or "", sh(block.code, empty))
    assert {path.name for path in empty.iterdir()} == {"pyproject.toml", "shop_fal", "specs", ".fal-typed-cache"}


@pytest.mark.slow  # a process for each command
def test_the_example_of_the_page(shop: Project, sh: Callable[..., str]) -> None:
    sh(shown("vendoring").code, shop.root, FAL_KEY=KEY)
    sh(shown("vendoring", "In your CI").code, shop.root)
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
    program = shown("vendored call")
    (shop.root / "program.py").write_text(program.code, encoding="utf-8")
    python = f"PYTHONPATH=src {shlex.quote(sys.executable)} -W error program.py"
    assert sh(python, shop.root, FAL_KEY=KEY) == program.shown


@pytest.mark.slow  # a process for each command
def test_the_page_about_an_app_whose_document_is_a_file(
    shop: Project, catalog: CatalogServer, sh: Callable[..., str]
) -> None:
    (shop.root / "pyproject.toml").unlink()
    (shop.root / "my-app.json").write_text(json.dumps(catalog.models["me/my-app"].document), encoding="utf-8")
    sh(shown("vendoring", "Private apps").code, shop.root)
    assert (shop.root / "project_fal/endpoints/owners/me/my_app.py").is_file()


def test_no_command_of_the_page_is_left_out() -> None:
    tried = {SECTION, "The whole way", "In your CI", "Private apps"}
    assert {block.heading for block in blocks("vendoring")} == tried
    assert len(blocks("vendoring")) == len(tried)


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

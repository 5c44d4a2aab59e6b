"""The commands of the pages for who has a checkout: each typed as it stands, into a copy of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from catalog_server import example_documents

from .printed import is_as_shown
from .shell import checkout, tools, typed
from .ways import blocks

if TYPE_CHECKING:
    from pathlib import Path

    from catalog_server import CatalogServer

    from .collect import Block

pytestmark = [pytest.mark.slow, pytest.mark.pinned]
BLOCKS, INSTALL = blocks("checkout"), blocks("install")
# `make test` would begin this test again, and two thousand scripts take an hour: what they begin is told to do little.
LITTLE = {"make test": "tests/house/test_decisions.py", "FAULT_SCRIPTS": "--collect-only"}
# pip needs no network where what is there is taken.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "false"}


@pytest.fixture
def copy(tmp_path: Path, catalog: CatalogServer) -> Path:
    """A checkout, and a fal that has its documents."""
    catalog.have(example_documents())
    return checkout(tmp_path / "fal-typed")


def change(copy: Path) -> None:
    """What fal changed on the day that the page tells of."""
    path = copy / "specs/fal-ai/flux-1/schnell.json"
    document = json.loads(path.read_bytes())
    of_input = document["components"]["schemas"]["Flux1SchnellInput"]
    of_input["properties"]["output_format"]["default"] = "jpeg"
    of_input["properties"]["guidance_scale"] = {"type": "number", "default": 3.5, "title": "Guidance Scale"}
    of_input["x-fal-order-properties"].append("guidance_scale")
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.mark.parametrize("block", BLOCKS, ids=[block.where for block in BLOCKS])
def test_a_command_does_what_the_page_says(block: Block, copy: Path) -> None:
    if "diff" in block.code or "release" in block.code:
        change(copy)
    little = "".join(options for word, options in LITTLE.items() if word in block.code)
    done = typed(block.code, copy, PYTEST_ADDOPTS=little)
    assert done.code == 0, f"{block.where}\n{done.shown}"
    if block.shown is not None:
        assert is_as_shown(block.shown, done.shown), f"{block.where}\n{done.shown}"


@pytest.mark.parametrize("block", INSTALL, ids=[block.where for block in INSTALL])
def test_what_is_installed_is_there(block: Block, copy: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    path = f"{tools(tmp_path / 'bin')}:/usr/bin:/bin"
    folder = copy / "generated" if block.page.startswith("generated/") else copy  # where who reads that page is
    done = typed(block.code, folder, PATH=path, PIP_TARGET=str(there), **OFFLINE)
    assert done.code == 0, f"{block.where}\n{done.shown}"
    name = "fal_typed_generator" if "generator" in block.code else "fal_typed"
    assert (there / name / "__init__.py").is_file()

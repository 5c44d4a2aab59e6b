"""What the README says in figures, and what it says of the pinned documents, is so."""

from __future__ import annotations

import tomllib
from typing import get_type_hints

import pytest
from fal_typed.endpoints.flux_1.schnell import Flux1SchnellInput
from pinned.catalog import PINNED
from protocol.test_fault_scripts import DEFAULT

from .collect import REPOSITORY

pytestmark = pytest.mark.pinned
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_so_many_scripts_are_played_for_each_client() -> None:
    assert f"counterexample: {DEFAULT} for each client" in README


def test_no_pinned_endpoint_has_limits_of_files() -> None:
    assert len(PINNED) == 13
    assert "(for none of the thirteen)" in README
    emitted = (REPOSITORY / "generated" / "fal_typed" / "endpoints").rglob("*.py")
    assert not [path for path in emitted if "    media=" in path.read_text(encoding="utf-8")]


def test_so_many_faults_of_pages_are_listed() -> None:
    listed = tomllib.loads((REPOSITORY / "specs" / "docs-exceptions.toml").read_text(encoding="utf-8"))
    assert len(listed["exception"]) == 2
    assert "[two listed faults of the pages](specs/docs-exceptions.toml)" in README


def test_the_input_that_the_pinned_documents_lack_is_lacking() -> None:
    assert "`guidance_scale` of flux-1/schnell" in README
    assert "guidance_scale" not in get_type_hints(Flux1SchnellInput)

"""The settings that the pages show are settings, and what they say of them is so."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from generator.project.file_inputs import Takes, read_file_table
from generator.project.settings import Settings, load_settings

from .ways import VENDORING, blocks

if TYPE_CHECKING:
    from pathlib import Path

    from .collect import Block

SETTINGS = [*blocks("settings"), *blocks("published")]


@pytest.mark.parametrize("block", SETTINGS, ids=[block.where for block in SETTINGS])
def test_settings_are_taken(block: Block, tmp_path: Path) -> None:
    """Where the page leaves something open (`…`), it is filled in."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").write_text(block.code.replace("…", "a.example/b"), encoding="utf-8")
    load_settings(tmp_path)


def test_the_page_shows_all_settings_as_they_are_without_a_word(tmp_path: Path) -> None:
    (whole,) = [block for block in blocks("settings") if block.page == VENDORING and block.heading == "Settings"]
    shown = tomllib.loads(whole.code)["tool"]["fal-typed"]
    known = {field.name for field in fields(Settings)} - {"root", "is_new", "read"}
    in_sentences, elsewhere = {"endpoints", "catalogue", "parts"}, {"published", "site"}
    assert shown.keys() == known - in_sentences - elsewhere
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")
    silent = load_settings(tmp_path)
    assert {name: value for name, value in shown.items() if isinstance(value, int)} == {"max_document_mib": 16}
    assert silent.max_document_mib == shown["max_document_mib"]
    places = {"output": silent.output.name, "specs": silent.specs.name}
    assert {"package": silent.package, "layout": silent.layout.value, **places} == {
        name: value for name, value in shown.items() if isinstance(value, str)
    }


def test_the_table_of_file_inputs_is_taken(tmp_path: Path) -> None:
    (block,) = blocks("file inputs")
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "specs" / "file-inputs.toml").write_text(block.code, encoding="utf-8")
    entries = read_file_table(load_settings(tmp_path)).entries
    shown = {key: Takes(kind) for kind, table in tomllib.loads(block.code).items() for key in table}
    assert {key: entries[key] for key in shown} == shown
    assert set(shown.values()) == set(Takes)

"""What the pages name is there: files and headings, commands with their options, and make's targets."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from support.markup import tokens

from generator.cli import GROUPS, app

from .collect import REPOSITORY, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token

PAGES = [*pages(), REPOSITORY / "specs" / "README.md"]
for group in GROUPS:
    import_module(f"generator.cli.{group}")
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
TARGETS = set(re.findall(r"^([a-z.$()/]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
each_page = pytest.mark.parametrize("page", PAGES, ids=[path.relative_to(REPOSITORY).as_posix() for path in PAGES])


def inline(page: Path) -> Iterator[Token]:
    return tokens(page.read_text(encoding="utf-8"))


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path, level: str = "#+") -> list[str]:
    """What the headings of a page, or those of a level, are called in a link."""
    headings = re.findall(rf"^{level} (.*)$", prose(page), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", one.strip().lower()).replace(" ", "-") for one in headings]


def links(page: Path) -> list[str]:
    """The links and pictures of a page that lead to what is here."""
    attributes = {"link_open": "href", "image": "src"}
    found = [str(one.attrGet(attributes[one.type])) for one in inline(page) if one.type in attributes]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def spans(page: Path) -> list[str]:
    """What stands in code marks in a sentence or a table."""
    return [one.content for one in inline(page) if one.type == "code_inline"]


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    missing: list[str] = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        to = (page.parent / path).resolve() if path else page
        if not to.exists() or (anchor and anchor not in anchors(to)):
            missing.append(link)
    assert missing == []


@each_page
def test_a_contents_list_has_every_heading_below_the_title(page: Path) -> None:
    contents = re.findall(r"^- \[.*\]\(#([\w-]+)\)$", prose(page), re.MULTILINE)
    assert contents in ([], anchors(page, "##"))


def commands_in(span: str) -> list[list[str]]:
    """The commands of ours in a span: with the program before them, or as a page writes them for short."""
    try:
        words = shlex.split(span)
    except ValueError:
        return []
    for program in (["fal-typed-generator"], [".venv/bin/python", "-m", "generator"], ["python", "-m", "generator"]):
        if words[: len(program)] == program:
            words = words[len(program) :]
    return [words] if words and words[0] in COMMANDS else []


@each_page
def test_commands_have_the_options_that_are_named(page: Path) -> None:
    for span in spans(page):
        for name, *words in commands_in(span):
            options = {option for one in COMMANDS[name].params for option in one.opts}
            assert {word for word in words if word.startswith("--")} <= options, span


@each_page
def test_make_has_the_targets_that_are_named(page: Path) -> None:
    for span in spans(page):
        if found := re.match(r"make ([a-z./]+)", span):
            assert found[1] in TARGETS | {".venv/.ready"}, span


def test_what_is_not_there_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("# A b\n\n[x](#a-b) [y](z.md) `regenerate --chek` `list --quality`\n", encoding="utf-8")
    assert anchors(page) == ["a-b"]
    assert links(page) == ["#a-b", "z.md"]
    assert [commands_in(span) for span in spans(page)] == [[["regenerate", "--chek"]], [["list", "--quality"]]]
    assert commands_in("fal-typed-generator add ID") == [["add", "ID"]]

"""The one way for a document's text to enter code: whatever it holds, it stays a string."""

from __future__ import annotations

import ast
import html
import json
import re
import time
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import INTEGER, STRING, Project, document, obj, ref

from generator.json_text import NotJsonError, parse
from generator.literals import (
    comment,
    docstring,
    escaped,
    literal,
    markdown,
    paragraphs,
    readable,
    shown,
    toml,
    within,
    wrap,
)

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [*"\"'\\\n\r\t {}#x\x00\u202e\ud800\u2028é", '"""', "- a"]
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.lists(st.sampled_from(PIECES)).map("".join)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3))

NASTY = [
    '"', '""', '"""', 'a"""', '\\', '\\\\"', 'ends with \\', '\\"""', "'''", '"""; import os; """', "\x00",
    "\u202e\u2066", "\ud800", "{{ x }}", "{% raw %}", "%s {0}", "a\rb", "a\u2028b", "#", "\N{BOM}x", "\\N{DIGIT ONE}",
    "\\x41", "\\\n", "a\x0bb\x0cc\x1cd\x85e\u2029f", "a\u200bb\u3164c\U000e0141d", "# type: ignore", "# noqa",
    "# fmt: off", "# ruff: noqa", "# -*- coding: utf-7 -*-", "f'{x!r:{y}}'", "-->", "```",
]  # fmt: skip


def only_string(code: str) -> str:
    """The value of code that is one string and does nothing else."""
    module = ast.parse(code)
    assert len(module.body) == 1
    statement = module.body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert isinstance(statement.value.value, str)
    return statement.value.value


@given(VALUES)
def test_a_literal_evaluates_to_its_value(value: Any) -> None:
    code = literal(value)
    assert ast.literal_eval(code) == value
    assert type(ast.literal_eval(code)) is type(value)
    assert "\n" not in code
    code.encode()


@given(ANY_TEXT, st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_string_and_nothing_else(text: str, indent: int) -> None:
    code = docstring(text, indent=indent)
    code.encode()
    only_string(code)
    module = ast.parse(f"class C:\n{' ' * 4}{docstring(text, indent=4)}\n    x = 1\n")
    assert len(module.body) == 1


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text(text: str) -> None:
    assert only_string(docstring(text, indent=0)).split() == readable(text).split()
    assert ast.literal_eval(literal(text)) == text


@given(ANY_TEXT)
def test_wrapping_keeps_the_words_and_their_order(text: str) -> None:
    assert " ".join(wrap(text, width=60)).split() == text.split()
    assert only_string(docstring(text, indent=0)).split() == readable(text).split()


@given(st.lists(st.text("ab", min_size=1, max_size=9), min_size=1, max_size=60).map(" ".join))
def test_lines_fit(text: str) -> None:
    assert all(len(line) <= 40 for line in wrap(text, width=40))


def test_layout_of_an_indented_docstring_is_not_content() -> None:
    text = "\n            If `True`, the media will be returned as a data URI\n            and no more.\n            "
    assert paragraphs(text) == ["If `True`, the media will be returned as a data URI and no more."]


@pytest.mark.parametrize(("length", "lines"), [(59, 2), (60, 1)])
def test_a_short_line_was_not_broken_to_fit(length: int, lines: int) -> None:
    assert len(paragraphs(f"{'x' * length}\nNext.")) == lines


def test_paragraphs_and_list_items_stand() -> None:
    text = "One.\n\nTwo:\n- a\n- b\n1. c"
    assert paragraphs(text) == ["One.", "Two:", "- a", "- b", "1. c"]
    assert list(wrap(text, width=40)) == ["One.", "", "Two:", "", "- a", "- b", "1. c"]


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "[-Infinity]", "1e999", '{"a": -1e999}', "", "{", "[1,]", "[" * 99999, "9" * 5000]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(NotJsonError):
        parse(text)


def awkward(text: str) -> dict[str, Any]:
    """A document with a text in every place that somebody else writes."""
    prose = {"description": text, "title": text, "examples": [text], "default": text}
    own = {
        "it": {**STRING, **prose},
        f"y{text}": {"enum": [text, "b"]},
        "o": ref(f"C{text}"),
        "k": {"const": text},
        "m": {"type": "object", "additionalProperties": STRING, "default": {text: text}},
    }
    inner = obj({f"x{text}": {**STRING, **prose}, "n": {**INTEGER, "description": text}}, description=text)
    output = obj({"o": ref(f"C{text}"), f"z{text}": {"const": text}}, description=text)
    data = document("fal-ai/it", input=obj(own), output=output, components={f"C{text}": inner}, about=text)
    data["info"]["x-fal-metadata"] |= {"category": text, "documentationUrl": text}
    return data


def deeds(code: str) -> set[str]:
    """What code does: the kinds of statement and expression in it, what it imports from, and what it calls."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        found.add(type(node).__name__)
        if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(("models._", "params._")):
            found.add(f"from {node.module}")
        elif isinstance(node, ast.Import):
            found |= {f"import {alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call):
            found.add(f"call {ast.unparse(node.func)}")
    return found


def test_text_is_inert_wherever_a_document_has_some(tmp_path: Path) -> None:
    calm = Project(tmp_path / "calm")
    calm.put("fal-ai/it", json.dumps(awkward("Calm words")))
    calm.regenerate()
    allowed = deeds(calm.module("endpoints/it.py"))
    project = Project(tmp_path / "project")
    for number, text in enumerate(NASTY):
        project.put(f"fal-ai/it{number}", json.dumps(awkward(text)).replace("fal-ai/it", f"fal-ai/it{number}"))
    project.regenerate()
    for number, text in enumerate(NASTY):
        assert deeds(project.module(f"endpoints/it{number}.py")) <= allowed, repr(text)
    for path, code in project.tree().items():
        if path.endswith(".py"):
            ast.parse(code)


# --- the other writers -----------------------------------------------------------------------------------------------

HARD = st.lists(st.sampled_from(NASTY)).map("".join) | ANY_TEXT


def unseen(code: str) -> list[str]:
    """Characters that cannot be seen in an editor."""
    return [c for c in code if (not c.isprintable() and c != "\n") or c in "\u3164\u115f\uffa0\ufe00\U000e0141"]


@given(HARD)
def test_nothing_that_cannot_be_seen_gets_into_code(text: str) -> None:
    assert unseen(literal([text]) + docstring(text, indent=4) + within(text) + comment(text) + shown(text)) == []


@given(VALUES)
def test_what_is_shown_evaluates_to_its_value(value: Any) -> None:
    assert ast.literal_eval(shown(value)) == value
    assert "\n" not in shown(value)


@given(HARD)
def test_text_within_a_docstring(text: str) -> None:
    assert only_string(f'""" {within(text)} """') == f" {readable(text)} "


@given(HARD)
def test_a_comment_is_one_line_and_no_more(text: str) -> None:
    code = f"# {comment(text)}\n# {comment(text)}\n"
    assert ast.unparse(ast.parse(code.encode())) == ""
    assert code.count("\n") == 2
    assert not re.search(r"coding[:=]", code)


@given(HARD)
def test_a_toml_string_evaluates_to_its_text(text: str) -> None:
    # TOML cannot express half a character at all; tomllib refuses it, and no other reading is possible.
    whole = readable(text)
    assert tomllib.loads(f"a = {toml(whole)}") == {"a": whole}


@given(HARD)
def test_markdown_stays_text(text: str) -> None:
    code = markdown(text)
    assert not set(code) & set("\n\r|<>[]()*\\#!_"[:-1]) - {"#"}
    assert "--" not in code
    assert html.unescape(code).split() == escaped(text).split()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["a\n" * 500_000, "x" * 1_000_000, "word " * 200_000, "\u202e" * 200_000, "- a\n" * 250_000]
)
def test_a_megabyte_of_text(text: str) -> None:
    start = time.process_time()
    assert only_string(docstring(text, indent=4)).split() == text.split()
    assert time.process_time() - start < 5

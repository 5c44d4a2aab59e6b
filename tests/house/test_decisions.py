"""`generator/DESIGN.md`: each question stands there once, the contents list names them all, and code points to them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from .modules import GENERATOR, REPOSITORY, RUNTIME

DESIGN = (GENERATOR / "DESIGN.md").read_text(encoding="utf-8")
CONTENTS, BODY = DESIGN.partition("\n## The house\n")[0], DESIGN[DESIGN.index("\n## The house\n") :]
QUESTIONS = re.findall(r"^### (.+)$", BODY, re.MULTILINE)
POINTERS = re.compile(r"# design: (.+)$", re.MULTILINE)
GENERATED = REPOSITORY / "generated"
CODE = [path for folder in (GENERATOR, RUNTIME) for path in sorted(folder.rglob("*.py"))]


def test_each_question_is_answered_once() -> None:
    assert not {question for question, count in Counter(QUESTIONS).items() if count > 1}
    for answer in re.split(r"^##+ .+$", BODY, flags=re.MULTILINE)[1:]:
        assert answer.strip() == "" or "*Decided:*" in answer or "\n*Decided:*" in answer, answer[:200]


def test_the_contents_list_has_every_heading_in_order() -> None:
    listed = re.findall(r"\[([^]]+)\]\(#([^)]+)\)", CONTENTS)
    headings = re.findall(r"^##+ (.+)$", BODY, re.MULTILINE)
    assert [name for name, _ in listed] == headings
    for name, anchor in listed:
        assert anchor == re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


def test_code_points_to_decisions_that_are_there() -> None:
    pointers = {
        (path.relative_to(REPOSITORY).as_posix(), to) for path in CODE for to in POINTERS.findall(path.read_text())
    }
    assert not {pointer for pointer in pointers if pointer[1] not in QUESTIONS}
    # Every part of the decisions has code that follows it.
    followed = {to for _, to in pointers}
    chapters = re.split(r"^## ", BODY, flags=re.MULTILINE)[1:]
    for chapter in chapters:
        name, text = chapter.split("\n", 1)
        asked = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
        assert name == "Tests" or asked & followed, name


@pytest.mark.parametrize("path", re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.py)`", BODY))
def test_the_files_it_names_are_there(path: str) -> None:
    there = (one for folder in (GENERATOR, RUNTIME, GENERATED) for one in folder.rglob("*.py"))
    assert any(one.as_posix().endswith("/" + path) for one in there)

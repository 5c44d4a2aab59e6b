"""What a text of somebody else's may do to a changelog: be read."""

from __future__ import annotations

import pytest

from generator.project.changelog import PAGE, Detail, Topic, code, few


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("image_url", "`image_url`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("", "`  `"),
        ("two\nlines", r"`two\nlines`"),
        ("x" * 120, f"`{'x' * 120}`"),
        ("x" * 121, f"`{'x' * 119}…`"),
    ],
)
def test_a_name_in_code_marks(text: str, shown: str) -> None:
    assert code(text) == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ("", ""),
        ("a", "a"),
        ("ab", "a and b"),
        ("abc", "a, b and c"),
        ("abcd", "a, b, c and 1 more"),
        ("a" * 1_003, "a, a, a and 1,000 more"),
    ],
)
def test_names_in_a_row(names: str, shown: str) -> None:
    assert few(names, 3) == shown


def topic(abouts: int, *kinds: str, is_count: bool = False) -> Topic:
    texts = tuple(f"It is {kind}." for kind in kinds)
    return Topic(abouts=tuple(f"x/{n}" for n in range(abouts)), texts=texts, kinds=kinds, is_count=is_count)


@pytest.mark.parametrize(
    ("said", "markdown"),
    [
        (topic(0, "new"), "- It is new."),
        (topic(1, "new"), f"- [`x/0`]({PAGE}x/0): It is new."),
        (topic(1, "new", "old"), f"- [`x/0`]({PAGE}x/0)\n  - It is new.\n  - It is old."),
        (topic(3, "new"), f"- [`x/0`]({PAGE}x/0), [`x/1`]({PAGE}x/1) and [`x/2`]({PAGE}x/2): It is new."),
    ],
)
def test_few_endpoints_stand_before_what_is_said_of_them(said: Topic, markdown: str) -> None:
    assert said.markdown() == markdown


def test_many_stand_in_a_fold() -> None:
    marks = ", ".join(f"<code>x/{n}</code>" for n in range(3))
    fold = f"\n  <details><summary>{marks} and 1 more</summary>\n\n  {{}}\n\n  </details>\n"
    links = [f"[`x/{n}`]({PAGE}x/{n})" for n in range(4)]
    every = f"{', '.join(links[:3])} and {links[3]}"
    assert topic(4, "new").markdown() == "- **4 endpoints**: It is new." + fold.format(every)
    assert topic(4, "new").markdown(Detail(ids=2)) == "- **4 endpoints**: It is new." + fold.format(
        f"{links[0]}, {links[1]} and 2 more"
    )
    assert topic(4, "new", is_count=True).markdown() == "- It is new." + fold.format(every)
    assert topic(4, "new", is_count=True).markdown(Detail(counted=False, ids=9)) == "- It is new."


def test_how_many_changes_these_are() -> None:
    assert topic(4, "new", "new", "old").changes == {"new": 8, "old": 4}
    assert topic(0, "new").changes == {"new": 1}

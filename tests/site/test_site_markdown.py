"""What becomes of a stranger's words in a page and in the text beside it, and of our own."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hostile_prose import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.site.markdown import line_html, line_text, own_html, prose_html, prose_text
from generator.site.markdown.reading import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

INLINE = {"code", "em", "strong", "s"}
BLOCKS = {"p", "ul", "ol", "li", "blockquote", "pre", "hr", "br", "a"}
# Everything that Markdown has: what a reader of ours may use, whatever ours is.
OTHERS = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PIECES = [
    *"[]()<>`*_~!#->+=|&;:\\\"'\n\t 1.",
    "\n\n",
    "](",
    "![",
    "```",
    "https://a.b/",
    "javascript:x",
    "<b>",
    "x",
    "&lt;",
]
TEXTS = st.lists(st.sampled_from([*PIECES, *HOSTILE.values()]) | st.text(max_size=5), max_size=25).map("".join)


class Elements(HTMLParser):
    """The elements of a piece of HTML, each closed in its turn, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(f"{html!s}")
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"br", "hr"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"br", "hr"}:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def refuse_more_than_words(html: str, *, elements: set[str]) -> None:
    for tag, attributes in Elements(html).found:
        assert tag in elements
        assert attributes.keys() <= {"a": {"href", "rel"}, "ol": {"start"}}.get(tag, set())
        if tag == "a":
            assert str(attributes["href"]).startswith("https://")
            assert "@" not in str(attributes["href"]).split("/")[2]
            assert attributes["rel"] == "noopener noreferrer nofollow"


def read(text: str) -> Iterator[Token]:
    for token in OTHERS.parse(text):
        yield token
        yield from token.children or ()


def refuse_more_than_blocks(text: str) -> None:
    """As somebody else reads it."""
    for token in read(text):
        assert not token.type.startswith(("html", "heading", "image", "table", "code_block")), token
        assert token.type != "hr"
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith("https://")
            assert "title" not in token.attrs


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_words(text: str) -> None:
    refuse_more_than_words(prose_html(text), elements=INLINE | BLOCKS)
    refuse_more_than_words(line_html(text), elements=INLINE)
    refuse_more_than_blocks(prose_text(text))
    refuse_more_than_blocks(line_text(text))


@given(TEXTS)
def test_any_words_are_words(text: str) -> None:
    refuse_more_than_words(prose_html(text), elements=INLINE | BLOCKS)
    refuse_more_than_words(line_html(text), elements=INLINE)


@given(TEXTS)
def test_any_words_stay_in_their_block(text: str) -> None:
    """In a list of ours, and before words of ours that a definition would make a link."""
    made, line = prose_text(text), line_text(text)
    refuse_more_than_blocks(made)
    assert "\n" not in line
    item = "- before\n\n" + "".join(f"  {one}\n" for one in made.split("\n")) + "- [Copy] after\n\n# Ours"
    top = [one for one in OTHERS.parse(item) if one.level == 0]
    assert [one.type for one in top if one.nesting >= 0] == ["bullet_list_open", "heading_open", "inline"][
        : len(top)
    ] or ([one.type for one in top] == ["bullet_list_open", "bullet_list_close", "heading_open", "heading_close"])
    listed = OTHERS.parse(f"- before\n- {line_text(text, in_table=False)}\n- after\n\n# Ours")
    assert [one.type for one in listed if one.type.endswith(("item_open", "heading_open"))][-2:] == [
        "list_item_open",
        "heading_open",
    ]
    assert sum(one.type == "list_item_open" and one.level == 1 for one in listed) == 3
    table = f"| a | b |\n| - | - |\n| {line} | [Copy] |\n"
    cells = [one for one in OTHERS.parse(table) if one.type == "td_open"]
    assert len(cells) == 2
    assert OTHERS.parse(item + "\n\n" + table)[-1].type == "table_close"


@given(st.text(max_size=60) | TEXTS)
def test_what_nobody_can_see_is_told(text: str) -> None:
    for made in (Elements(prose_html(text)).words, line_html(text), prose_text(text), line_text(text)):
        assert made.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("  \n ", ""),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        ("one\n\n\ntwo", "<p>one</p>\n<p>two</p>\n"),
        ("# A `b`\n\nc", "<p><strong>A <code>b</code></strong></p>\n<p>c</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
        ("first\n        second", "<p>first\nsecond</p>\n"),
        ("    a\n    b", "<p>a\nb</p>\n"),
        ("![a *b*](https://c.d/e)", "<p>a b</p>\n"),
        (
            "see https://a.b/c_d_e.",
            '<p>see <a href="https://a.b/c_d_e" rel="noopener noreferrer nofollow">https://a.b/c_d_e</a>.</p>\n',
        ),
        ("[a](/b) and [c](javascript:d)", "<p>a and c</p>\n"),
        ("mask_url and **b**", "<p>mask_url and <strong>b</strong></p>\n"),
    ],
)
def test_prose(text: str, html: str) -> None:
    assert prose_html(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("also takes `mask_url`", "also takes <code>mask_url</code>"),
        ("a\n\n# b", "a # b"),
        ("[a](https://b.c) <d>", "a &lt;d&gt;"),
    ],
)
def test_a_line(text: str, html: str) -> None:
    assert line_html(text) == html


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a < b, mask_url, 3 * 4 & more!", r"a \< b, mask_url, 3 \* 4 & more!"),
        ("# A\n\nb", "**A**\n\nb"),
        ("- a\n- b\n  1. c", "- a\n- b\n\n  1. c"),
        ("> a\n> b", "> a\n> b"),
        ("```python\nx = 1\n```", "```\nx = 1\n```"),
        ("[a](https://b.c/d) <https://b.c> [e](javascript:f)", "[a](<https://b.c/d>) <https://b.c> e"),
        ("**a** *b* ~~c~~ ``d`e``", "**a** *b* ~~c~~ ``d`e``"),
        ("1986\\. A year\n\n\\- x", "1986\\. A year\n\n\\- x"),
        ("a![](b)[c](https://d.e)", "a[c](<https://d.e>)"),
        ("a![!](b)[c](https://d.e)", "a\\![c](<https://d.e>)"),
    ],
)
def test_prose_as_text(text: str, made: str) -> None:
    assert prose_text(text) == made


@given(st.lists(st.sampled_from([*PIECES]), max_size=12).map("".join))
def test_the_text_says_what_the_page_says(text: str) -> None:
    """The words of both are the same; white space may be other."""
    again = Elements(prose_html(prose_text(text))).words
    assert "".join(again.split()) == "".join(Elements(prose_html(text)).words.split())


def test_a_long_text_is_not_read_as_markdown() -> None:
    """What would take hours is shown as it is."""
    for piece in ("[", "*a_ ", "|a", "> - ", "`", "![[", "<a ", "[a]("):
        text = piece * (200_000 // len(piece))
        assert Elements(prose_html(text)).words.strip() == text.strip()
        refuse_more_than_words(prose_html(piece * (LONGEST // len(piece))), elements=INLINE | BLOCKS)


def test_a_guide() -> None:
    text = (
        "# A guide\n\n## A `b`, c?\n\n## A b c\n\n[x](OTHER.md#y) [z](nowhere) ![p](p.svg)\n\n```python\nx\n```\n\n<b>"
    )
    html, headings = own_html(text, {"OTHER.md#y": "other.html#y", "p.svg": "../assets/p.svg"}.get)
    assert [(one.level, one.anchor, one.text) for one in headings] == [
        (1, "a-guide", "A guide"),
        (2, "a-b-c", "A b, c?"),
        (2, "a-b-c-1", "A b c"),
    ]
    assert '<h2 id="a-b-c-1">A b c</h2>' in html
    assert '<a href="other.html#y">x</a> z <img src="../assets/p.svg" alt="p" />' in html
    assert '<pre><code class="language-python">' in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize("made", ["javascript:x", "//a.b", "data:x", "http://a.b", "a\\b", "/etc", "https://u@a.b", ""])
def test_a_guide_leads_to_the_site_and_to_https_alone(made: str) -> None:
    assert own_html("[x](y) ![z](y)", lambda _: made)[0] == "<p>x z</p>\n"


def test_code_with_a_bar_is_code_where_no_table_is() -> None:
    assert (
        line_text("`seed` is `int | None`", in_table=False)
        == "`seed` is `int | None`"
        == prose_text("`seed` is `int | None`")
    )
    assert line_text("`seed` is `int | None`") == r"`seed` is int \| None"

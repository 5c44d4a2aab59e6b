"""The small decisions behind the pages: where names break, what is coloured, where our own links lead."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from markupsafe import Markup, escape
from read_html import read
from site_sample import HOSTILE, simple_endpoint, site_facts

from generator.site.facts import ReleasedChange
from generator.site.pages import pages
from generator.site.pages.code import highlighted
from generator.site.pages.linking import from_changelog, from_guide
from generator.site.pages.views import anchors, beginning, breakable, by_category, example, is_long, plural, shown_first
from generator.site.pages.written import pieces
from generator.site.places import endpoint_page

CODES = (
    "",
    "\n",
    "x = 1",
    "'''open",
    'f"{a!r:>{width}}" # ü\n',
    HOSTILE,
    "echo '$(a)' \\\n  && b\n",
    "\x00\ud7ff�",
    "\t\r\n",
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("fal-ai/short", "fal-ai/short"),
        ("fal-ai/heygen/digital-twin", "fal-ai/<wbr>heygen/<wbr>digital-twin"),
        ("photographic_characteristics", "photographic_<wbr>characteristics"),
        ("list[PhotographicCharacteristics]", "list[<wbr>Photographic<wbr>Characteristics]"),
        (f"{HOSTILE}...", "&lt;script&gt;alert(1)&lt;/<wbr>script&gt;..."),
    ],
)
def test_names_break_where_their_words_end(name: str, shown: str) -> None:
    assert breakable(name) == shown
    assert breakable(name).replace(Markup("<wbr>"), "") == escape(name)


@pytest.mark.parametrize("language", ["python", "bash", "json", "toml", "text", "no-language"])
@pytest.mark.parametrize("code", CODES)
def test_colours_change_no_letter(code: str, language: str) -> None:
    told = highlighted(code, language)
    assert html.unescape(re.sub(r"<[^>]*>", "", told)).replace("\r", "") == code.replace("\r", "")
    assert set(re.findall(r"<[^>]*>", told)) <= {f'<span class="{name}">' for name in "ksmcbf"} | {"</span>"}


def test_keywords_texts_and_comments_have_classes() -> None:
    assert highlighted("with x: # why", "python") == '<span class="k">with</span> x: <span class="c"># why</span>'


def test_counts_are_in_words() -> None:
    assert [plural(count, "entry") for count in (0, 1, 1_440)] == ["0 entries", "1 entry", "1,440 entries"]
    assert plural(2, "day") == "2 days"


def test_long_values_begin_somehow() -> None:
    assert not is_long("x" * 90)
    assert is_long("x" * 91)
    assert is_long("a\nb")
    assert beginning("a\n  b" + "c" * 90) == "a b" + "c" * 35 + "…"


def test_one_more_is_shown_rather_than_led_to() -> None:
    many = tuple(replace(simple_endpoint(), id=f"a/{number}") for number in range(8))
    assert [len(shown_first(many[:count], 6)) for count in (6, 7, 8)] == [6, 7, 6]


def test_the_largest_category_stands_first_and_none_last() -> None:
    kinds = ("b", "", "", "", "a", "b", "A")
    those = [replace(simple_endpoint(), id=f"x/{at}", category=kind) for at, kind in enumerate(kinds)]
    assert [(name, anchor, len(ones)) for name, anchor, ones in by_category(those)] == [
        ("b", "of-b", 2),
        ("A", "of-a", 1),
        ("a", "of-a-2", 1),
        ("without a category", "of-other", 3),
    ]


def test_the_sample_of_the_overview_needs_words_alone() -> None:
    words = simple_endpoint()
    picture = replace(words, id="a/picture", takes=("an image",))
    assert example((picture, words)) == words
    assert example((replace(words, samples=()),)) is None


def test_anchors_stay_where_fields_go() -> None:
    one = simple_endpoint().input
    assert anchors("params", [one])[0] == {f.wire_name: f"in-{f.wire_name}" for f in one.fields}


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("TESTING.md", "testing.html"),
        ("TESTING.md#a-section", "testing.html#a-section"),
        ("../generated/TESTING.md", "testing.html"),
        ("CHANGELOG.md", "../changelog.html"),
        ("#deeper", "#deeper"),
        ("https://docs.example/", "https://docs.example/"),
        ("http://docs.example/", None),
        ("javascript:alert(1)", None),
        ("//docs.example/", None),
        ("/etc/hosts", None),
        ("../../elsewhere.md", None),
        ("../tests/x.py#L3", "https://code.example/fal-typed/blob/main/tests/x.py#L3"),
    ],
)
def test_where_a_link_of_a_guide_leads(href: str, leads: str | None) -> None:
    assert from_guide(site_facts(), "guides/batch.html", "generated/BATCH.md")(href) == leads


def test_a_file_of_a_project_without_a_repository_is_nowhere() -> None:
    facts = replace(site_facts(), repository="")
    assert from_guide(facts, "guides/batch.html", "generated/BATCH.md")("../tests/x.py") is None


def test_the_changelog_leads_beside_itself() -> None:
    first = replace(site_facts().guides[0], slug="start", source="generated/README.md")
    facts = replace(site_facts(), guides=(first, *site_facts().guides))
    assert from_changelog(facts)("BATCH.md") == "guides/batch.html"


def test_a_release_leads_out_of_the_site_alone() -> None:
    text = "[in](../../secret.md) [out](https://docs.example/)"
    change = ReleasedChange(version="2.0.0", date="2026-05-06", verdict="minor", text=text)
    endpoint = replace(simple_endpoint(), changes=(change,), since=None)
    page = read(pages(replace(site_facts(), endpoints=(endpoint,)))[endpoint_page(endpoint.id)])
    to = [one.attributes["href"] for one in page.all("a") if one.words() in {"in", "out"}]
    assert to == ["https://docs.example/"]


def test_tables_of_guides_scroll_and_have_no_empty_head() -> None:
    head = "<thead>\n<tr>\n<th></th>\n<th></th>\n</tr>\n</thead>\n"
    body = Markup("<p>a</p>\n<table>\n" + head + "<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n")
    (piece,) = pieces(body)
    assert "thead" not in piece
    assert '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>' in piece

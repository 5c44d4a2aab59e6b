"""The texts of the site: what is in them, where they lead, and that no document's word is more than a word there."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hostile_prose import HOSTILE
from markdown_it import MarkdownIt
from pages.collect import pages as every_page
from site_sample import bare_endpoint, odd_endpoint, simple_endpoint, site_facts
from support import REPOSITORY

from generator.project.settings import load_settings
from generator.site import llms, places
from generator.site.comparison import read_comparison
from generator.site.facts import EndpointFacts, FieldFacts, Guide, Sibling, SiteFacts
from generator.site.guides import guides
from generator.site.md_fields import shortened
from generator.site.md_links import linked
from generator.site.md_words import block, code
from generator.site.pages import pages
from generator.site.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

SKILL = "---\nname: x\ndescription: y\n---\n# fal_typed\n\n- a rule\n"
# As generous as any reader: HTML, tables, bare addresses.
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def inner(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def links(text: str) -> list[str]:
    return [str(one.attrGet("href")) for one in inner(text) if one.type == "link_open"]


def hostile_facts() -> SiteFacts:
    """A site whose every word is a stranger's that wants more."""
    endpoints: list[EndpointFacts] = []
    for number, words in enumerate(HOSTILE.values()):
        one = simple_endpoint()
        fields = [
            replace(
                field, prose=words, limits=(words,), members=(repr(words),), default=repr(words), example=repr(words)
            )
            for field in one.input.fields
        ]
        endpoints.append(
            replace(
                one,
                id=f"fal-ai/x{number:02}",
                category=f"{words} {number}",
                summary=" ".join(words.split()),
                prose=words,
                deprecated=words,
                takes=(words,),
                input=replace(one.input, prose=words, fields=tuple(fields)),
                siblings=(Sibling(id="fal-ai/x00", category=words, differences=(words,), count=1),),
                samples=(replace(one.samples[0], code=f"x = {words!r}\n"),),
            )
        )
    facts = site_facts()
    skipped = tuple((f"a/{number}", words) for number, words in enumerate(HOSTILE.values()))
    return replace(facts, endpoints=tuple(endpoints), skipped=skipped, skill=SKILL)


def test_words_are_told_in_120_characters() -> None:
    assert shortened("x" * 115 + " y z.") == "x" * 115 + " y z."
    assert shortened("x" * 115 + " y zz.") == "x" * 115 + " y…"
    assert shortened("It is. " + "x" * 120) == "It is."
    assert shortened("x" * 121) == "x" * 120 + "…"


def test_beside_each_page_is_its_text() -> None:
    facts = replace(site_facts(), skill=SKILL)
    made = texts(facts, None)
    html = {path for path in pages(facts, None) if path != places.NOT_FOUND}
    assert made.keys() == {places.text_of(path) for path in html} | {places.LLMS, places.LLMS_FULL, places.SKILL}
    assert made[places.SKILL] == SKILL
    assert texts(facts, None) == made


@pytest.mark.parametrize("facts", [replace(site_facts(), skill=SKILL), hostile_facts()], ids=["own", "hostile"])
def test_each_link_leads_to_a_text_or_to_https(facts: SiteFacts) -> None:
    made = texts(facts, None)
    assert made[places.LLMS].count("](") > len(facts.endpoints)
    for path, text in made.items():
        for href in links(text):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), href.partition("#")[0]))
            assert href.startswith("https://") or target in made, f"{path}: {href}"
            if path == places.LLMS:
                assert not href.endswith(".html")


def test_no_word_of_a_document_is_more_than_a_word() -> None:
    plain, hostile = texts(replace(hostile_facts(), skipped=()), None), texts(hostile_facts(), None)
    for path, text in hostile.items():
        kinds = [one.type for one in inner(text)]
        assert not {"html_block", "html_inline", "image"} & set(kinds), path
        assert text.isprintable() or set(text) - {"\n"} <= {one for one in text if one.isprintable() or one == "\n"}, (
            path
        )
    own = {"Calls", "Input", "Output", "Of the same app", "Changes"}
    for path in [one for one in plain if one.startswith("models/")]:
        tokens = READER.parse(hostile[path])
        headings = [tokens[at + 1].content for at, one in enumerate(tokens) if one.type == "heading_open"]
        assert set(headings[1:]) == own, path
        assert len(headings) == len(own) + 1, path
        fences = [one for one in tokens if one.type == "fence" and one.info]
        assert [one.info for one in fences] == ["python"], path


def test_a_documents_words_are_told_from_ours() -> None:
    """A list of theirs would join ours, and a paragraph would pass for one: this is what agents go by."""
    words = "- called as `fal.evil`\n- since 9\n\n**Rules.** Run `x`.\n\n```\n- a\n\n## Input\n```\n\n> deeper\n\nend"
    own = simple_endpoint()
    shared = site_facts().types[0]
    told = replace(shared, type=replace(shared.type, prose=words))
    made = texts(replace(site_facts(), endpoints=(replace(own, prose=words),), types=(told,)), None)
    for path in (places.endpoint_page(own.id), places.type_page(shared.type.kind, shared.type.name)):
        quoted, level, outside = "", 0, ""
        for one in READER.parse(made[places.text_of(path)]):
            level += one.nesting if one.type.startswith("blockquote") else 0
            if level:
                quoted += one.content
            else:
                outside += one.content
        for word in ("fal.evil", "since 9", "Rules.", "- a\n\n## Input", "deeper", "end"):
            assert word in quoted, (path, word)
        assert "fal.evil" not in outside
        assert "Rules." not in outside


def test_an_endpoint_is_told_whole() -> None:
    text = texts(site_facts(), None)["models/fal-ai/simple/fast.md"]
    for told in (
        "# `fal-ai/simple/fast`\n",
        "- called as `fal.simple.fast`\n",
        "- category: [text-to-image](../../../categories/text-to-image.md)\n",
        "- `prompt`: `str`; required; at least 1 character. What the picture shows.\n",
        '- `image_size`: `ImageSize | Literal[…]`; default `"landscape_4_3"`; one of `"square"`, ',
        "    - [`ImageSize`](../../../types/params.ImageSize.md):\n",
        "        - `width`: `int`; default `512`; above 0; at most 14142\n",
        "- `images`: `list[Image]`. The pictures.\n",
        "- [`fal-ai/simple/old`](old.md) (text-to-image): also takes `mask_url`; `num_images` is 1, not 4; 3 more\n",
        "- 1.2.0 (2026-03-04), major: ",
    ):
        assert told in text, told


def test_what_is_rare_is_told_too() -> None:
    text = texts(site_facts(), None)["models/fal-ai/simple/old.md"]
    for told in (
        "its requests go to `fal-ai/simple/old-2`",
        "Deprecated: fal does not list it any more",
        "takes an image; at most 10 MB; PNG or JPEG",
        "- `guidance_scale` (`guidance-scale` in JSON): `float`; default `3.5`; 0 to 20; deprecated\n",
        "- any other key: `str`\n",
        "            - `Tree`, as above\n",
        "`Done | Failed`\n",
        "It streams: events are `OldEvent`",
    ):
        assert told in text, told
    bare = texts(site_facts(), None)[places.text_of(places.endpoint_page(bare_endpoint().id))]
    assert "## Calls" not in bare
    assert "the document does not tell what it takes" in bare


def test_the_comparison_has_a_text() -> None:
    found = read_comparison(REPOSITORY / "tests" / "benchmarks" / "comparison.json")
    made = texts(site_facts(), found)
    assert made["comparison.md"].startswith("# Comparison\n")
    assert all("(comparison.md)" in made[path] for path in (places.LLMS, "index.md"))
    assert "comparison.md" not in texts(site_facts(), None)


def test_the_programs_of_guides_are_those_that_tests_run() -> None:
    found = guides(load_settings(REPOSITORY))
    made = texts(replace(site_facts(), guides=found), None)
    assert len(found) > 5
    for guide in found:
        page = REPOSITORY / guide.source
        assert page in every_page()
        blocks = [one.content for one in READER.parse(made[f"guides/{guide.slug}.md"]) if one.type == "fence"]
        assert blocks == [one.content for one in READER.parse(page.read_text(encoding="utf-8")) if one.type == "fence"]


def test_llms_txt_has_its_form() -> None:
    """https://llmstxt.org: a title, a quotation, then sections of links, the last of which may be skipped."""
    text = texts(replace(site_facts(), skill=SKILL), None)[places.LLMS]
    lines = [line for line in text.splitlines() if line]
    assert lines[0] == "# fal_typed"
    assert lines[1].startswith("> ")
    assert all(re.match(r"## \S|- \[.+\]\(\S+\)(: .+)?$", line) for line in lines[2:])
    assert [line for line in lines if line.startswith("## ")][-1] == "## Optional"


def test_llms_txt_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = site_facts()
    whole = texts(facts, None)[places.LLMS]
    assert "(models/fal-ai/simple/fast.md): Makes a picture of words" in whole
    monkeypatch.setattr(llms, "LONGEST", len(whole.encode()) - 1)
    short = texts(facts, None)[places.LLMS]
    assert "models/" not in short
    assert "- [text-to-image](categories/text-to-image.md): 2 endpoints\n" in short


def of_many() -> EndpointFacts:
    """One with an enum that is too long for a short list."""
    one = odd_endpoint()
    language = next(field for field in one.input.fields if field.name == "language")
    many = replace(language, members=tuple(repr(number) for number in range(31)))
    return replace(one, input=replace(one.input, fields=(many,)))


def test_an_example_is_told_where_it_is_no_default_and_need_not_be_given() -> None:
    seed = FieldFacts(name="seed", wire_name="seed", type="int", required=False, example="7")
    fields = (seed, replace(seed, name="steps", default="7"), replace(seed, name="size", required=True))
    one = simple_endpoint()
    one = replace(one, input=replace(one.input, fields=fields))
    made = texts(replace(site_facts(), endpoints=(one,)), None)
    assert made["models/fal-ai/simple/fast.md"].count("; e.g. `7`") == 1
    assert "e.g." not in made[places.LLMS_FULL]


def test_llms_full_has_the_rules_and_each_endpoint_once() -> None:
    facts = replace(site_facts(), skill=SKILL)
    text = texts(facts, None)[places.LLMS_FULL]
    assert "- a rule\n" in text
    assert "description:" not in text
    for one in facts.endpoints:
        assert text.count(f"## `{one.id}`\n") == 1
    assert text.count("`width`: `int`; default `512`") == 1, "a shared type is told once"
    assert "`29` … (31 in all)" in texts(replace(facts, endpoints=(of_many(),)), None)[places.LLMS_FULL]


def test_llms_full_tells_how_a_stream_is_read() -> None:
    one = replace(simple_endpoint(), streams=True)
    full = texts(replace(site_facts(), endpoints=(one,)), None)["llms-full.txt"]
    assert "It streams `dict[str, Any]`: `with fal.simple.fast.stream(…) as events:`" in full


def test_guides_lead_to_each_other() -> None:
    text = texts(site_facts(), None)["guides/batch.md"]
    assert (
        "Intro with `code`, a [link](testing.md#a-section), [one out](https://docs.example/) and one nowhere.\n" in text
    )
    changelog = replace(site_facts(), guides=(Guide(slug="batch", title="Batch", text="# Batch", source="BATCH.md"),))
    assert "[Batch](guides/batch.md)" in texts(changelog, None)[places.text_of(places.CHANGELOG)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("[a `b]` c](x.md) and `[d](x.md)`", "[a `b]` c](y.md) and `[d](x.md)`"),
        ("```md\n[a](x.md)\n```\n[a](x.md)", "```md\n[a](x.md)\n```\n[a](y.md)"),
        ("![a](x.md) [b](no.md) [c](https://c.example/x.html)", "a b [c](https://c.example/x.html)"),
        ("a ` b\n\n[a](x.md)\n\nc ` d", "a ` b\n\n[a](y.md)\n\nc ` d"),
        ("a\n\n<!-- made -->\n", "a\n\n"),
        ("```\n<!-- made -->\n```", "```\n<!-- made -->\n```"),
    ],
)
def test_links_change_and_code_does_not(given: str, expected: str) -> None:
    leads = {"x.md": "y.html", "https://c.example/x.html": "https://c.example/x.html"}
    assert linked(given, leads.get) == expected


@pytest.mark.parametrize("text", ["a", "`", "``a`b", "a`", " a ", " a", "  ", "a\nb", '"a  b"', "\x1b\u202e"])
def test_code_is_code(text: str) -> None:
    tokens = READER.parseInline(code(text))[0].children or []
    assert [one.type for one in tokens] == ["code_inline"]
    if text.isprintable() and text.strip():
        assert tokens[0].content == text


@pytest.mark.parametrize("text", ["a", "```\n`````\n~~~", "a\n```"])
def test_a_block_ends_where_it_ends(text: str) -> None:
    tokens = READER.parse(f"{block(text, 'python')}\n\nafter")
    assert [one.type for one in tokens][:2] == ["fence", "paragraph_open"]
    assert tokens[0].content == f"{text}\n"

"""What the facts have stands on the pages: all of it, as text, whoever wrote it."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from read_html import read
from site_sample import (
    GUIDE,
    HOSTILE,
    IMAGE,
    LONG_ID,
    SIZE,
    TREE,
    bare_endpoint,
    odd_endpoint,
    simple_endpoint,
    site_facts,
)

from generator.site import places
from generator.site.comparison.facts import BenchRun, ClientComparison, Feature, Machine, Tried
from generator.site.facts import FieldFacts, TypeFacts
from generator.site.pages import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from read_html import Document, Element

    from generator.site.facts import EndpointFacts

PAGES = pages(site_facts())
# Told by where something stands, or in other words.
TOLD_OTHERWISE = {"kind", "language", "thumbnail", "documentation", "count", "again", "verdict"}


def page_of(endpoint: EndpointFacts) -> Document:
    return read(pages(replace(site_facts(), endpoints=(endpoint,)))[places.endpoint_page(endpoint.id)])


def texts(facts: Any) -> Iterator[str]:
    """Every text in facts."""
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, tuple):
        for one in facts:
            yield from texts(one)
    elif is_dataclass(facts):
        for one in fields(facts):
            if one.name not in TOLD_OTHERWISE:
                yield from texts(getattr(facts, one.name))


def plain(markdown: str) -> str:
    return " ".join(re.sub(r"`|(?m:^- )", "", markdown).split())


def main_of(page: Document) -> str:
    return page.one("main").words()


def with_field(**told: Any) -> Document:
    """A page whose only input says this."""
    endpoint = simple_endpoint()
    field = FieldFacts(**({"name": "own", "wire_name": "own", "type": "str", "required": False} | told))
    return page_of(replace(endpoint, input=replace(endpoint.input, fields=(field,))))


def row(page: Document, anchor: str) -> Element:
    return page.by_id(anchor)


@pytest.mark.parametrize("made", [simple_endpoint, bare_endpoint], ids=["simple", "bare"])
def test_every_text_of_an_endpoint_is_on_its_page(made: Any) -> None:
    endpoint: EndpointFacts = made()
    told = main_of(page_of(endpoint))
    missing = [text for text in texts(endpoint) if plain(text) not in told]
    assert missing == []


def test_every_text_of_nested_types_is_there() -> None:
    endpoint = replace(simple_endpoint(), input=TREE)
    told = main_of(page_of(endpoint))
    assert [text for text in texts(TREE) if plain(text) not in told] == []
    assert "Tree again: its fields stand further up." in told


def test_every_text_of_a_shared_type_is_on_its_page() -> None:
    for shared in site_facts().types:
        told = main_of(read(PAGES[places.type_page(shared.type.kind, shared.type.name)]))
        assert [text for text in texts(shared) if plain(text) not in told] == []
        assert f"from {shared.type.module} import {shared.type.name}" in told


def test_every_text_of_the_site_is_somewhere() -> None:
    facts = site_facts()
    overview = read(PAGES[places.INDEX]).one("body").words()
    for told in (facts.title, facts.install, facts.package, facts.version, *facts.skipped[0]):
        assert told in overview
    assert "also" not in facts.repository
    assert f'href="{facts.repository}"' in PAGES[places.INDEX]
    assert "one out" in main_of(read(PAGES[places.guide_page("batch")]))
    assert "seed may be null" in main_of(read(PAGES[places.CHANGELOG]))


def test_marks_are_words() -> None:
    page = page_of(odd_endpoint())
    assert "required" in row(page, "in-image_url").words()
    assert "image file" in row(page, "in-image_url").words()
    assert "deprecated" in row(page, "in-guidance-scale").words()
    assert "may be missing" in row(page, "out-image").words()
    assert "required" not in row(page, "in-tree").words()
    assert "In JSON guidance-scale" in row(page, "in-guidance-scale").words()
    assert "Limits at most 10 MB, PNG or JPEG" in row(page, "in-image_url").words()


def test_long_values_fold_and_short_ones_do_not() -> None:
    page = page_of(odd_endpoint())
    folds = [one.words() for one in page.of_class("fold")]
    assert any(fold.startswith("25 values") and HOSTILE in fold for fold in folds)
    assert any(fold.startswith("Default") for fold in folds)
    assert any(fold.startswith("Example") for fold in folds)
    assert page_of(simple_endpoint()).of_class("fold") == []


@pytest.mark.parametrize(("count", "folded"), [(8, False), (9, True)])
def test_an_enum_folds_from_nine_values_on(count: int, folded: bool) -> None:
    page = with_field(members=tuple(f'"{number}"' for number in range(count)))
    assert bool(page.of_class("fold")) is folded
    assert len([one for one in page.all("li") if "members" in _lists(page, one)]) == count


def _lists(page: Document, item: Element) -> list[str]:
    before = page.elements[: page.elements.index(item)]
    return next(one for one in reversed(before) if one.tag == "ul").attributes.get("class", "").split()


def test_an_example_that_is_the_default_is_told_once() -> None:
    assert "Example" not in row(with_field(default="1", example="1"), "in-own").words()
    assert "Example 2" in row(with_field(default="1", example="2"), "in-own").words()


def test_types_below_the_first_are_folded() -> None:
    page = page_of(replace(simple_endpoint(), input=replace(TREE, fields=TREE.fields)))
    nested = page.of_class("nested")
    assert [("open" in one.attributes) for one in nested if "ImageSize" in one.words() or "Leaf" in one.words()]
    leaf = next(one for one in nested if one.words().startswith("Leaf"))
    size = next(one for one in nested if one.words().startswith("ImageSize"))
    assert "open" in leaf.attributes
    assert "open" not in size.attributes


def test_the_members_of_a_union_have_headings_and_anchors_of_their_own() -> None:
    page = page_of(odd_endpoint())
    assert [one.words() for one in page.all("h3")][-2:] == ["Done", "Failed"]
    assert row(page, "out-type").words().startswith('type Literal["done"]')
    assert row(page, "out-type-2").words().startswith('type Literal["failed"]')


def test_names_that_are_one_as_an_anchor_get_two() -> None:
    same = tuple(
        FieldFacts(name=f"f{at}", wire_name=wire, type="str", required=False) for at, wire in enumerate(("a b", "a/b"))
    )
    page = page_of(replace(simple_endpoint(), input=TypeFacts(name="In", kind="params", module="m", fields=same)))
    assert row(page, "in-a_b").words().startswith("f0")
    assert row(page, "in-a_b-2").words().startswith("f1")


def test_what_is_special_is_said_at_the_head() -> None:
    odd, bare = page_of(odd_endpoint()), page_of(bare_endpoint())
    (notice,) = odd.of_class("notice-warning")
    assert notice.words().startswith("Deprecated. fal does not list it any more")
    assert "Streams events of type OldEvent" in main_of(odd)
    assert "Called as fal-ai/simple/old-2" in main_of(odd)
    assert "any keyword is sent as it is" in main_of(bare)
    assert "It takes nothing." not in main_of(bare)
    assert "the document tells of no fields" in main_of(bare)
    assert [one.words() for one in odd.of_class("extra")] == ["Further keys may be there: str"] * 2


def test_the_summary_is_not_told_twice() -> None:
    said = "Makes a picture of words,\nin four steps.\n\nIt costs nothing.\n\nOr little."
    told = main_of(page_of(replace(simple_endpoint(), prose=said)))
    assert told.count("Makes a picture of words, in four steps.") == 1
    assert "What it does It costs nothing. Or little." in told
    assert "What it does" not in main_of(page_of(replace(simple_endpoint(), prose=simple_endpoint().summary)))


def test_siblings_and_releases() -> None:
    page = page_of(simple_endpoint())
    told = main_of(page)
    assert "also takes mask_url num_images is 1, not 4 and 3 more differences" in told
    assert [one.words() for one in page.all("time")] == ["2026-03-04", "2026-01-02"]
    assert "Since 1.0.0" in told


def test_where_it_leads() -> None:
    page = page_of(simple_endpoint())
    to = {one.attributes["href"]: one for one in page.all("a")}
    assert to["https://fal.ai/models/fal-ai/simple/fast"].attributes["rel"] == "noopener noreferrer"
    assert "../../../types/models.SizedImage.html" in to
    assert "../../../categories/text-to-image.html" in to
    assert "../../../takes/a-seed.html" in to
    assert "fast.md" in to


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "http://fal.ai/x", "//fal.ai"])
def test_only_https_leads_out(wrong: str) -> None:
    facts = replace(site_facts(thumbnails=True), repository=wrong)
    odd = replace(odd_endpoint(), documentation=wrong, thumbnail=wrong)
    html = pages(replace(facts, endpoints=(odd,)))[places.endpoint_page(odd.id)]
    assert wrong not in html


def test_pictures_are_there_only_where_a_setting_says_so() -> None:
    path = places.endpoint_page("fal-ai/simple/old")
    assert read(PAGES[path]).all("img") == []
    html = pages(site_facts(thumbnails=True))[path]
    (picture,) = read(html).all("img")
    assert picture.attributes["src"] == "https://pictures.example/old.webp"
    assert picture.attributes["alt"] == ""
    assert "img-src 'self' data: https:;" in read(html).all("meta")[0].attributes["content"]


def test_strangers_words_stay_words() -> None:
    for path, html in PAGES.items():
        assert HOSTILE not in html, path
        page = read(html)
        assert len(page.all("script")) == 2
        assert page.all("img", "b") == []
    page = read(PAGES[places.endpoint_page("fal-ai/simple/old")])
    assert main_of(page).count(HOSTILE) >= 5
    assert {one.attributes["href"] for one in page.all("a") if "docs.example" in one.attributes["href"]} == {
        "https://docs.example/a?b=1&c=2"
    }
    assert "</code></pre>" in page.by_id("code-with-a-file").text
    assert [one.words() for one in page.all("h1", "h2")][:4] == [
        "fal-ai/simple/old",
        "Samples",
        "What it does",
        "Inputs 6",
    ]


def test_samples_are_to_be_copied_as_they_are() -> None:
    page = page_of(simple_endpoint())
    for sample in simple_endpoint().samples:
        (pre,) = [one for one in page.all("pre") if one.attributes.get("aria-label") == sample.label]
        assert pre.text == sample.code
        (button,) = [one for one in page.all("button") if one.attributes.get("data-copy") == pre.attributes["id"]]
        assert button.words() == "Copy"
        assert button.attributes["aria-label"] == f"Copy {sample.label}"


def test_words_that_are_one_name_share_a_page() -> None:
    first, second = simple_endpoint(), odd_endpoint()
    facts = replace(site_facts(), endpoints=(first, replace(second, category="Text to Image")))
    page = read(pages(facts)["categories/text-to-image.html"])
    assert page.one("h1").words() == "Text to Image, text-to-image"
    assert {"../models/fal-ai/simple/fast.html", "../models/fal-ai/simple/old.html"} <= {
        one.attributes["href"] for one in page.all("a")
    }


def test_who_uses_a_type_folds_when_they_are_many() -> None:
    many = tuple(bare_endpoint(f"fal-ai/model-{number}") for number in range(60))
    shared = replace(site_facts().types[0], used_by=tuple(one.id for one in many))
    page = read(pages(replace(site_facts(), endpoints=many, types=(shared,)))["types/models.SizedImage.html"])
    (fold,) = page.of_class("fold")
    assert fold.words().startswith("36 more")
    assert {f"../models/{one.id}.html" for one in many} <= {one.attributes["href"] for one in page.all("a")}


def test_a_guide_leads_within_the_site() -> None:
    page = read(PAGES[places.guide_page("batch")])
    to = {one.words(): one.attributes["href"] for one in page.all("a") if "main" in one.inside}
    assert to == {"link": "testing.html#a-section", "one out": "https://docs.example/"}
    assert "one nowhere" in main_of(page)
    assert page.by_id("code-1").text == "from fal_typed import Fal\n"
    assert "```python\nfrom fal_typed import Fal\n```" in GUIDE
    assert [one.words() for one in page.of_class("contents")] == ["A section"]


def test_a_comparison_has_a_page_where_there_is_one() -> None:
    answers = (Tried(who="fal-typed", verdict="yes", seen=HOSTILE), Tried(who="fal-client", verdict="no", seen="no"))
    feature = Feature(name="checks inputs", topic="Before a call", tried="It did.", answers=answers)
    run = BenchRun(
        test="tests/x.py::test_y",
        command="pytest",
        date="2026-01-02",
        machine=Machine(processors=2, system="Linux", python="CPython 3.12.4"),
        versions={"fal-typed": "1.0.0", "fal-client": "1.0.3"},
        features=(feature,),
    )
    made = pages(site_facts(), ClientComparison(runs=(run,)))
    page = read(made[places.COMPARISON])
    assert page.one("h1").words() == "Comparison"
    assert "checks inputs" in main_of(page)
    assert HOSTILE not in made[places.COMPARISON]
    assert 'href="comparison.html"' in made[places.INDEX]
    assert made.keys() - PAGES.keys() == {places.COMPARISON}


def test_long_names_may_break() -> None:
    html = PAGES[places.endpoint_page(LONG_ID)]
    assert "/<wbr>image-to-video/<wbr>turbo-extreme-resolution-2160p</h1>" in html
    assert '<h1 class="long-name">' in html


def test_types_are_what_they_are_called_here() -> None:
    """The name in the endpoint's module, and the shared one with its page."""
    told = main_of(page_of(simple_endpoint()))
    assert f"Shared type {IMAGE.shared}, from fal_typed.models" in told
    assert f"Shared type {SIZE.shared}, from fal_typed.params" in told

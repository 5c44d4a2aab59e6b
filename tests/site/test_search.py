"""What is found by which words, in which order, and that no document can do harm through the index."""

from __future__ import annotations

import json
import re

import pytest
from finding import asked, endpoint, facts_of, field, type_of
from fuzz.mutate import NASTY

from generator.site import places
from generator.site.facts import Guide
from generator.site.search import search

SIZES = field("image_size", "'square_hd'", "'portrait_16_9'")
LORA = type_of("LoraWeight", field("path"), field("mode", "'sharp'", "'soft'"))
IMAGE = type_of("Image", field("url"), field("alpha_mask"))
FACTS = facts_of(
    endpoint(
        "fal-ai/flux-1/schnell", field("prompt"), SIZES, category="text-to-image", prose="The **fastest** of all."
    ),
    endpoint("fal-ai/flux-1/schnell/redux", field("image_url"), prose="Takes a picture."),
    endpoint("fal-ai/mask-maker", field("seed"), prose="Finds its mask."),
    endpoint(
        "bria/eraser",
        field("image_url"),
        field("mask_url"),
        field("mask_type", "'manual'"),
        takes=("a mask", "an image"),
    ),
    endpoint("bria/old", field("mask_url"), deprecated="Gone."),
    endpoint("fal-ai/lora", field("loras", types=(LORA,)), outputs=[field("images", types=(IMAGE,))]),
    endpoint("fal-ai/odd", field("prompt_guidance"), field("scale"), attribute="fal.odd_2"),
    endpoint("fal-ai/even", field("guidance_scale"), category="speech"),
    types=("Image", "MaskedImage"),
    guides=(Guide(slug="batch", title="Batch", text="# Batch\n\n## Keep `map`'s journal\n\nx\n", source="BATCH.md"),),
)


@pytest.fixture(scope="module")
def index() -> str:
    (script,) = search(FACTS).values()
    return script


def first(index: str, query: str) -> tuple[str, list[object]]:
    """The name of the best, and the names by which it was found."""
    (found,) = asked(index, query)
    return found[0][0], found[0][2]


def names(index: str, query: str) -> list[str]:
    return [name for name, *_ in asked(index, query)[0]]


@pytest.mark.parametrize(
    ("query", "page", "why"),
    [
        ("fal-ai/flux-1/schnell", "fal-ai/flux-1/schnell", []),
        ("schnell", "fal-ai/flux-1/schnell", []),
        ("FLUX-1", "fal-ai/flux-1/schnell", []),
        ("fal.flux_1.schnell", "fal-ai/flux-1/schnell", []),
        ("fal.odd_2", "fal-ai/odd", []),
        ("mask_url", "bria/eraser", [["input", "mask_url", "mask_url", ""]]),
        ("path", "fal-ai/lora", [["input part", "path", "loras", ""]]),
        ("alpha_mask", "fal-ai/lora", [["output part", "alpha_mask", "images", ""]]),
        ("portrait_16_9", "fal-ai/flux-1/schnell", [["input value", "portrait_16_9", "image_size", ""]]),
        ("sharp", "fal-ai/lora", [["input value", "sharp", "loras", "mode"]]),
        ("MaskedImage", "MaskedImage", []),
        ("speech", "speech", []),
        ("journal", "Batch: Keep map's journal", []),
        ("fastest", "fal-ai/flux-1/schnell", ["description"]),
        ("guidance scale", "fal-ai/even", [["input", "guidance_scale", "guidance_scale", ""]]),
        ("which model takes a mask and an image", "bria/eraser", None),
        ("seed mask", "fal-ai/mask-maker", [["input", "seed", "seed", ""]]),
    ],
)
def test_the_best_result(index: str, query: str, page: str, why: list[object] | None) -> None:
    name, by = first(index, query)
    assert name == page
    assert why is None or by == why


def test_an_id_goes_before_a_field_and_that_before_a_type_and_prose(index: str) -> None:
    assert names(index, "mask") == [
        "fal-ai/mask-maker",
        "bria/eraser",
        "fal-ai/lora",
        "bria/old",
        "Takes a mask",
        "MaskedImage",
    ]


def test_what_takes_it_goes_before_what_only_has_the_word_and_an_input_before_an_output() -> None:
    draws = endpoint("a/b", field("mask_color"))
    takes = endpoint("a/longer", field("edge_mask"), takes=("a mask",))
    gives = endpoint("a/a", outputs=[field("mask_color")])
    (script,) = search(facts_of(draws, takes, gives)).values()
    assert names(script, "mask") == ["a/longer", "a/b", "a/a", "Takes a mask"]
    assert first(script, "mask")[1] == [["input", "edge_mask", "edge_mask", ""]]


def test_all_words_must_match(index: str) -> None:
    assert names(index, "mask seed") == ["fal-ai/mask-maker"]
    assert names(index, "mask nowhere") == []


def test_the_last_word_may_be_unfinished_and_short_ones_before_it_not(index: str) -> None:
    assert "fal-ai/flux-1/schnell" in names(index, "flux schn")
    assert "fal-ai/flux-1/schnell" in names(index, "schn flux")
    assert names(index, "fl schnell") == []


@pytest.mark.parametrize("typo", ["schnel", "shcnell", "scnhell", "schhnell", "schnwll"])
def test_a_typo_finds_what_was_meant(index: str, typo: str) -> None:
    assert names(index, typo)[0] == "fal-ai/flux-1/schnell"


def test_a_short_word_is_taken_as_it_is(index: str) -> None:
    assert names(index, "sed") == []


ODD = ["", "   ", "/", "<b>", '"', "\\", "__proto__", "constructor", "(", "[a", "\t", "a\nb"]
PASTED = ["x" * 100_000, "mask " * 20_000, "schnwll_" * 10_000]


@pytest.mark.parametrize("query", [*ODD, *PASTED], ids=range(len(ODD + PASTED)))
def test_any_query_is_answered(index: str, query: str) -> None:
    assert isinstance(asked(index, query)[0], list)


def test_places_are_those_of_the_pages(index: str) -> None:
    found = {name: path for name, path, _ in asked(index, "fal-ai/flux-1/schnell")[0]}
    assert found["fal-ai/flux-1/schnell"] == places.endpoint_page("fal-ai/flux-1/schnell")
    assert asked(index, "journal")[0][0][1] == "guides/batch.html#keep-maps-journal"
    assert dict(one[:2] for one in asked(index, "a mask")[0])["Takes a mask"] == places.takes_page("a mask")


def test_steps_of_any_length_are_read_back() -> None:
    """Numbers of pages are written as steps of five bits: here of one, two and three digits."""
    far = {0, 1, 33, 1100, 1101, 2300}
    many = (endpoint(f"a/e{n:04}", field("rare" if n in far else "usual")) for n in range(2301))
    (script,) = search(facts_of(*many)).values()
    assert set(names(script, "rare")) == {f"a/e{n:04}" for n in far}
    assert len(names(script, "usual")) == 2301 - len(far)


HOSTILE = ["</script><script>window.ran.push(1)</script>", "<!--", "]]>", "\u2028\u2029", "\ud800", *NASTY]


def test_no_text_ends_the_script_or_a_line_of_it() -> None:
    nasty = endpoint("a/b", *(field(text, repr(text)) for text in HOSTILE), prose=" ".join(HOSTILE), category="\t\n<b>")
    (script,) = search(facts_of(nasty, endpoint("a/plain", field("plain", "'whole'")))).values()
    assert script.isascii()
    assert not re.search(r"[<>\u2028]", script)
    assert script.count("\n") == 1
    value = json.loads(script.removeprefix("self.searchIndex = ").removesuffix(";\n"))
    assert set(value["names"]) <= {"input", "input value"}
    assert all(line.count("\t") <= 3 for text in value["names"].values() for line in text.split("\n"))
    assert first(script, "whole") == ("a/plain", [["input value", "whole", "plain", ""]])
    assert first(script, "127.0.0.1") == ("a/b", [["input", "http://127.0.0.1/x", "http://127.0.0.1/x", ""]])


def test_it_is_the_same_whatever_came_first() -> None:
    turned = facts_of(*reversed(FACTS.endpoints), types=("Image", "MaskedImage"), guides=FACTS.guides)
    assert search(turned) == search(FACTS)

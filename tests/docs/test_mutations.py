"""A page that is changed by one statement no longer agrees with the emitted code, in the facet that was changed."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from docs.mutants import EDITED, blocks, mutants
from docs.support import PAGES, Form, Page, each_page, held, page_named, text_of
from generator.docs.compare.disagreements import Facet
from generator.docs.describe import lines_of

ONE_LINE = page_named("fal-ai/stable-diffusion-v35-large", Form.PAGE)
LLMS = page_named("fal-ai/nucleus-image", Form.LLMS)


@pytest.mark.sampled(5)
@each_page
@pytest.mark.parametrize("facet", EDITED, ids=lambda facet: facet.value)
def test_a_changed_page_disagrees(page: Page, facet: Facet) -> None:
    before = Counter((one.facet, one.place) for one in held(page, text_of(page))[1].disagreements)
    survivors: list[str] = []
    for mutant in mutants(page, facet):
        reading, comparison = held(page, mutant.text)
        new = Counter((one.facet, one.place) for one in comparison.disagreements) - before
        if mutant.facet not in {facet for facet, _ in new} and not reading.problems:
            survivors.append(mutant.what)
    assert not survivors


def test_there_are_edits_for_every_facet_in_every_layout() -> None:
    """Else the test above would be green for want of something to do."""
    token_a_line = page_named("fal-ai/pixart-sigma", Form.PAGE)
    counts = {
        (page.form.value, facet.value): len(mutants(page, facet))
        for page in (LLMS, ONE_LINE, token_a_line)
        for facet in EDITED
        if mutants(page, facet)
    }
    shown = {"default", "enum", "type", "description", "fields", "required"}
    assert {facet for form, facet in counts if form == "page.txt"} == shown
    assert {facet for form, facet in counts if form == "llms.txt"} == shown | {"range", "examples"}
    assert sum(len(blocks(page)) for page in PAGES) > 250


@each_page
def test_a_field_that_is_gone_or_moved(page: Page) -> None:
    lines = lines_of(text_of(page))
    own = [block for block in blocks(page) if not block.nested]
    first, second = own[:2]
    gone = [*lines[: first.first], *lines[first.last :]]
    swapped = [
        *lines[: first.first],
        *lines[second.first : second.last],
        *lines[first.first : first.last],
        *lines[second.last :],
    ]
    assert Facet.FIELDS in facets(page, gone)
    assert Facet.ORDER in facets(page, swapped)


@pytest.mark.pinned
@pytest.mark.parametrize("page", [page for page in PAGES if page.form is Form.PAGE], ids=lambda page: page.endpoint)
def test_a_nested_field_that_is_gone_or_moved(page: Page) -> None:
    lines = lines_of(text_of(page))
    first = next(block for block in blocks(page) if block.nested)
    assert Facet.NESTED in facets(page, [*lines[: first.first], *lines[first.last :]])
    heading = next((i for i, line in enumerate(lines) if re.match(r"(ImageSize|File|Image)\s*#?$", line)), None)
    if heading is not None:
        lines[heading] = lines[heading].replace("Image", "Picture").replace("File", "Document")
        assert Facet.NESTED in facets(page, lines)


@pytest.mark.pinned
def test_an_example_of_a_whole_input_that_is_another() -> None:
    text = text_of(ONE_LINE)
    assert Facet.EXAMPLES in facets(ONE_LINE, [text.replace('"num_inference_steps": 28', '"num_inference_steps": 27')])
    assert Facet.EXAMPLES in facets(
        ONE_LINE, [text.replace('  "num_images": 1,\n', '  "num_images": 1,\n  "seed": 7,\n')]
    )


def facets(page: Page, lines: list[str]) -> set[Facet]:
    """What disagrees with the page's new text and did not before."""
    before = Counter((one.facet, one.place) for one in held(page, text_of(page))[1].disagreements)
    now = Counter((one.facet, one.place) for one in held(page, "\n".join(lines))[1].disagreements)
    return {facet for facet, _ in now - before}

"""What is seen first: the sample of the overview, and a line of each endpoint in a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from read_html import read
from site_sample import IMAGE, SIZE, bare_endpoint, simple_endpoint, site_facts

from generator.site import places
from generator.site.facts import FieldFacts, Sample
from generator.site.pages import pages
from generator.site.texts import texts

if TYPE_CHECKING:
    from generator.site.facts import EndpointFacts


def sampled(endpoint_id: str, call: str, printed: str = "out.images[0].url") -> EndpointFacts:
    attribute = "fal." + endpoint_id.partition("/")[2]
    code = f"with Fal() as fal:\n    out = {attribute}.subscribe({call})\n    print({printed})\n"
    return replace(
        simple_endpoint(),
        id=endpoint_id,
        attribute=attribute,
        takes=(),
        samples=(Sample(label="sync", language="python", code=code),),
    )


def first_sample(*endpoints: EndpointFacts, skill: str = "") -> str:
    page = read(pages(replace(site_facts(), endpoints=endpoints, skill=skill))[places.INDEX])
    return str(page.by_id("code-first").attributes["aria-label"])


def test_the_sample_of_the_overview_is_a_call_that_tells_something() -> None:
    good = sampled("fal-ai/panda", 'prompt="a red panda in Kyoto"')
    letter = sampled("fal-ai/a", 'prompt="g"')
    short = sampled("fal-ai/short", f'prompt="{"g" * 15}"')
    long = sampled("fal-ai/b", f'prompt="{"g" * 81}"')
    words = sampled("fal-ai/c", 'prompt="a red panda in Kyoto"', printed="out.description")
    more = sampled("fal-ai/d", '\n        prompt="a red panda in Kyoto",\n        steps=4,\n    ')
    assert first_sample(letter, short, long, words, more, good) == "sample of fal-ai/panda"
    assert first_sample(letter) == "sample of fal-ai/a"
    for length in (16, 80):
        fits = sampled("fal-ai/z", f'prompt="{"g" * length}"')
        assert first_sample(letter, short, long, fits) == "sample of fal-ai/z"


def test_the_overview_has_the_example_of_the_package() -> None:
    good, known = sampled("fal-ai/panda", 'prompt="a red panda in Kyoto"'), sampled("fal-ai/known", "seed=1")
    assert first_sample(good, known, skill="out = fal.known.subscribe(seed=1)") == "sample of fal-ai/known"
    assert first_sample(good, known, skill="out = fal.unknown.subscribe()") == "sample of fal-ai/panda"


def test_a_list_tells_what_each_takes_and_gives() -> None:
    fields = tuple(FieldFacts(name=f"n{at}", wire_name=f"n{at}", type="int", required=True) for at in range(8))
    many = replace(bare_endpoint("fal-ai/many"), category="text-to-image", outputs=(replace(IMAGE, fields=fields),))
    two = replace(bare_endpoint("fal-ai/two"), category="text-to-image", outputs=(IMAGE, SIZE))
    facts = replace(site_facts(), endpoints=(simple_endpoint(), many, two))
    page = places.category_page("text-to-image")
    told = [one.words() for one in read(pages(facts)[page]).all("p") if one.words().startswith("Gives")]
    assert told == ["Gives images, seed", "Gives n0, n1, n2, n3, n4, n5, …"]
    assert ", gives `images`, `seed`" in texts(facts, None)[places.text_of(page)]


def test_marks_of_a_field_are_words_of_their_own() -> None:
    """As they are read aloud and copied."""
    field = FieldFacts(name="photo", wire_name="photo", type="FileInput", required=True, file="image", deprecated=True)
    one = replace(simple_endpoint(), input=replace(simple_endpoint().input, fields=(field,)))
    page = read(pages(replace(site_facts(), endpoints=(one,)))[places.endpoint_page(one.id)])
    assert "required image file deprecated" in page.by_id("in-photo").words()

"""What fal's documentation pages say of the pinned endpoints holds for the generated client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .catalog import BY_ID, PINNED, Entry, each_endpoint
from .documents import document
from .pages import read_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from fal_server import FalServer

    from .caller import Caller

# Counted by eye on the pages, so that the reader of the tests cannot miss one and be believed.
INPUTS = {
    "fal-ai/f-lite/standard": 9,
    "fal-ai/flux-1/schnell": 9,
    "fal-ai/hidream-i1-fast": 9,
    "fal-ai/hidream-i1-full": 11,
    "fal-ai/ideogram/v2": 7,
    "fal-ai/illusion-diffusion": 11,
    "fal-ai/imagen4/preview": 5,
    "fal-ai/imagen4/preview/fast": 5,
    "fal-ai/nucleus-image": 10,
    "fal-ai/omnigen-v2": 15,
    "fal-ai/pixart-sigma": 11,
    "fal-ai/recraft/v2/text-to-image": 6,
    "fal-ai/stable-diffusion-v35-large": 13,
}
# The pages whose example output has every field that an output must have. The others leave out seeds, timings …
COMPLETE_OUTPUTS = {
    "fal-ai/ideogram/v2",
    "fal-ai/imagen4/preview",
    "fal-ai/imagen4/preview/fast",
    "fal-ai/recraft/v2/text-to-image",
}


def test_the_pinned_documents_are_those_of_the_catalogue() -> None:
    assert set(BY_ID) == set(INPUTS)
    assert len(PINNED) == 13


@each_endpoint
def test_the_page_was_read_in_full(entry: Entry) -> None:
    page = read_page(entry.id)
    assert len(page.fields) == INPUTS[entry.id]
    assert set(page.input) <= set(page.fields)
    assert bool(page.output) is (entry.id != "fal-ai/hidream-i1-full")


@each_endpoint
@pytest.mark.parametrize("verb", ["run", "submit"])
def test_the_example_input_goes_over_the_wire_unchanged(
    server: FalServer, call: Caller, entry: Entry, verb: str
) -> None:
    example = read_page(entry.id).input
    endpoint = entry.of(call.client()).with_options(poll_interval=0.01)
    call(getattr(endpoint, verb)(**example))
    sent = server.seen[0].json
    assert sent == example
    assert list(sent) == list(example)


@each_endpoint
def test_the_example_output_is_given_back(
    server: FalServer, call: Caller, entry: Entry, warnings: Callable[[], list[str]]
) -> None:
    example = read_page(entry.id).output
    server.plan(entry.id, output=example)
    out = call(entry.of(call.client()).run(**document(entry.id).call()))
    assert type(out) is entry.member("Output")
    assert out.model_dump(exclude_unset=True) == example
    expected = [] if entry.id in COMPLETE_OUTPUTS else [entry.id]
    assert [warning.partition(":")[0] for warning in warnings()] == expected


@each_endpoint
def test_the_fields_of_the_page_are_the_keywords(entry: Entry) -> None:
    declared = entry.member("Input")
    assert list(declared.__annotations__) == read_page(entry.id).fields == document(entry.id).fields
    assert declared.__required_keys__ == set(document(entry.id).input["required"])


@each_endpoint
def test_every_field_of_the_page_can_be_passed(server: FalServer, sync_call: Caller, entry: Entry) -> None:
    endpoint = entry.of(sync_call.client())
    known = document(entry.id)
    calls = [known.call((name,), known.sample(known.input["properties"][name])) for name in read_page(entry.id).fields]
    calls.append(known.sample(known.input, full=True))
    for given in calls:
        endpoint.run(**given)
    assert [seen.json for seen in server.seen] == calls


@each_endpoint
def test_every_enum_member_of_the_page_can_be_passed(server: FalServer, sync_call: Caller, entry: Entry) -> None:
    endpoint = entry.of(sync_call.client())
    calls: list[dict[str, Any]] = [
        document(entry.id).call((name,), member)
        for name, members in read_page(entry.id).enums.items()
        for member in members
    ]
    for given in calls:
        endpoint.run(**given)
    assert [seen.json for seen in server.seen] == calls
    places = {place.dotted: place for place in document(entry.id).places()}
    assert read_page(entry.id).enums == {
        name: places[name].rule("enum") for name in places if "." not in name and places[name].rule("enum")
    }

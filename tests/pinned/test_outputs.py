"""An answer that is not as documented comes back whole, for each pinned endpoint; and which share which classes."""

from __future__ import annotations

import copy
import json
import pickle
from importlib import import_module
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_server import FalServer, Reply
from fal_typed import models, params
from fal_typed._runtime.outputs import mismatches

from .catalog import BY_ID, PINNED, Entry, each_endpoint
from .documents import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .caller import Caller

Json = dict[str, Any]
WITH_IMAGE = [
    "f-lite/standard",
    "flux-1/schnell",
    "hidream-i1-fast",
    "hidream-i1-full",
    "nucleus-image",
    "omnigen-v2",
    "stable-diffusion-v35-large",
]
WITH_FILE_IMAGE = ["illusion-diffusion", "pixart-sigma"]
WITH_FILE = ["imagen4/preview", "imagen4/preview/fast", "recraft/v2/text-to-image"]
WITHOUT_IMAGE_SIZE = {"ideogram/v2", "imagen4/preview", "imagen4/preview/fast", "nucleus-image"}


def expected_output(entry: Entry) -> Json:
    """An answer with everything that the endpoint's document promises."""
    return document(entry.id).sample(document(entry.id).output, full=True)


def files_in(output: Any) -> list[Any]:
    """The file objects of an output, as models or as JSON."""
    read = output.get if isinstance(output, dict) else lambda name: getattr(output, name, None)
    return read("images") or [read("image")]


def odd_outputs(entry: Entry) -> Iterator[tuple[str, Json]]:
    """Answers that are wrong in one way each, at the top and in a file."""
    for level in ("output", "file"):

        def altered(change: Callable[[Json], Any], level: str = level) -> Json:
            made = copy.deepcopy(expected_output(entry))
            change(made if level == "output" else files_in(made)[0])
            return made

        schema = document(entry.id).output if level == "output" else document(entry.id).schemas[_file_schema(entry)]
        yield f"extra field in the {level}", altered(lambda body: body.update(brand_new={"a": [1, None]}))
        for name in schema["required"]:
            yield f"{level} without {name}", altered(lambda body, name=name: body.pop(name))
            yield f"{level} with null for {name}", altered(lambda body, name=name: body.update({name: None}))
            yield f"{level} with an odd {name}", altered(lambda body, name=name: body.update({name: {"odd": "x"}}))
    yield "nothing at all", {}


def _file_schema(entry: Entry) -> str:
    return "File" if "File" in document(entry.id).schemas else "Image"


@each_endpoint
def test_what_is_promised_comes_back_typed_and_without_a_word(
    server: FalServer, call: Caller, entry: Entry, warnings: Callable[[], list[str]]
) -> None:
    out = call(entry.of(call.client()).run(**document(entry.id).call()))
    assert isinstance(out, models.FalModel)
    assert out.model_dump(exclude_unset=True) == expected_output(entry)
    assert list(type(out).model_fields) == document(entry.id).output["x-fal-order-properties"]
    for file in files_in(out):
        assert isinstance(file, models.RemoteFile)
        assert file.url == "https://x.example/x"
    assert warnings() == []


@each_endpoint
def test_what_is_not_promised_comes_back_whole_with_one_warning_unless_it_is_merely_new(
    server: FalServer, sync_call: Caller, entry: Entry, warnings: Callable[[], list[str]]
) -> None:
    endpoint = entry.of(sync_call.client())
    for what, body in odd_outputs(entry):
        mismatches._told.clear()  # each is told once in a process
        before = len(warnings())
        server.plans[entry.id].output = body
        out = endpoint.run(**document(entry.id).call())
        assert type(out) is entry.member("Output"), what
        assert out.model_dump(exclude_unset=True) == body, what
        assert json.loads(out.model_dump_json(exclude_unset=True)) == body, what
        assert out == pickle.loads(pickle.dumps(out)), what
        told = warnings()[before:]
        assert len(told) == (not what.startswith("extra field")), what
        assert all(one.startswith(f"{entry.id}: ") for one in told), what
        for name in set(type(out).model_fields) - set(body):
            assert getattr(out, name) is None, what


@each_endpoint
def test_files_stay_files_in_an_odd_output(server: FalServer, sync_call: Caller, entry: Entry) -> None:
    body = expected_output(entry)
    files_in(body)[0].update(url=None, brand_new=1)
    body["seed"] = "seven"
    server.plans[entry.id].output = body
    out = entry.of(sync_call.client()).run(**document(entry.id).call())
    (file,) = files_in(out)
    assert isinstance(file, models.RemoteFile)
    assert (file.url, file.brand_new, out.seed) == (None, 1, "seven")


@each_endpoint
def test_a_body_that_is_no_json_raises_with_the_bytes(server: FalServer, call: Caller, entry: Entry) -> None:
    server.plans[entry.id].always["run"] = Reply(200, b"<html>\xff", {"x-fal-request-id": "paid-for"})
    with pytest.raises(fal_typed.InvalidResponseError) as caught:
        call(entry.of(call.client()).run(**document(entry.id).call()))
    assert (caught.value.content, caught.value.request_id) == (b"<html>\xff", "paid-for")


@each_endpoint
def test_pickled_outputs_keep_everything(server: FalServer, call: Caller, entry: Entry) -> None:
    server.plans[entry.id].result_headers = {"X-Fal-Billable-Units": "2.5", "X-New": "y"}
    out = call(entry.of(call.client()).run(**document(entry.id).call()))
    for clone in (pickle.loads(pickle.dumps(out)), copy.deepcopy(out)):
        assert type(clone) is type(out)
        assert clone == out
        info = fal_typed.response_info(clone)
        assert (info.request_id, info.billable_units, info.headers["x-new"]) == ("run-1", 2.5, "y")
        assert info == fal_typed.response_info(out)


def file_class(short_id: str) -> type:
    """The class of an endpoint's output files, as its module exports it."""
    entry = BY_ID[f"fal-ai/{short_id}"]
    field = entry.member("Output").model_fields
    kind = field["image"].annotation if "image" in field else field["images"].annotation.__args__[0]
    name = "PlainImage" if _file_schema(entry) == "File" else "Image"
    assert getattr(import_module(entry.module_name), name, kind) is kind
    return kind


def test_the_image_of_seven_endpoints_is_one_class() -> None:
    assert {file_class(short_id) for short_id in WITH_IMAGE} == {models.SizedImage}


def test_the_larger_image_of_two_endpoints_is_the_one_of_most_of_the_catalogue() -> None:
    assert {file_class(short_id) for short_id in WITH_FILE_IMAGE} == {models.Image}


def test_all_files_are_one_class() -> None:
    assert {file_class(short_id) for short_id in (*WITH_FILE, "ideogram/v2")} == {models.PlainImage}


@pytest.mark.parametrize("kind", [models.PlainImage, models.Image, models.SizedImage])
def test_what_the_server_sends_of_a_file_itself_is_read_and_no_field(kind: type[models.RemoteFile]) -> None:
    assert "file_data" not in kind.model_fields
    sent = {"url": "https://x/y.png", "width": 1, "height": 1, "file_data": "abc"}
    assert kind.model_validate(sent).file_data == "abc"
    assert kind.model_validate({**sent, "file_data": None}).file_data is None
    assert kind.model_validate({"url": "https://x/y.png", "width": 1, "height": 1}).file_data is None
    assert kind.model_validate(sent).model_dump(exclude_unset=True) == sent


def test_the_files_of_all_pinned_endpoints_are_pictures() -> None:
    assert all(issubclass(file_class(str(entry)), fal_typed.AnyImage) for entry in PINNED)


def test_image_size_is_one_class_for_all_nine() -> None:
    using = [entry for entry in PINNED if "image_size" in entry.member("Input").__annotations__]
    assert {str(entry) for entry in PINNED} - {str(entry) for entry in using} == WITHOUT_IMAGE_SIZE
    assert len(using) == 9
    for entry in using:
        assert import_module(entry.module_name).ImageSize is params.ImageSize
        branches = entry.member("Input").__annotations__["image_size"].__args__
        assert params.ImageSize in branches

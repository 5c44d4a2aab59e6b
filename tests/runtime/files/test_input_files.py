"""Files among the inputs of a call: uploaded before it, replaced by their URLs, on both clients."""

from __future__ import annotations

import asyncio
import copy
import gc
import io
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from fal_server import FalServer, Gate, Reply, faults
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter
from runtime import errors
from runtime.files.file_input import URL_ONLY
from runtime.files.uploads import async_storage
from runtime_sample import Image
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\nrest"


@pytest.fixture(autouse=True)
def _no_leak(server: FalServer) -> Iterator[None]:
    yield
    assert server.storage.leaks == []


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    return path


def call(twin: Twin, verb: str = "run", **given: Any) -> Any:
    return twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x", **given))


def sent(twin: Twin) -> Any:
    """The input that arrived."""
    (seen,) = twin.server.requests("POST", SCHNELL)
    return seen.json


def stored(twin: Twin, url: str) -> bytes | None:
    return twin.server.storage.files[url].content


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_every_kind_in_every_place(twin: Twin, cat: Path, verb: str) -> None:
    image = Image(url="https://v3.fal.media/a.png", width=64)
    call(
        twin,
        verb,
        image_url=cat,
        image_urls=(b"one", io.BytesIO(b"two"), "https://x.example/3.png", "data:,4", image),
        loras=[{"path": cat, "scale": 0.5}],
        long_url=b"long" * 100,
        anything={"deep": [b"five"]},
    )
    got = sent(twin)
    assert stored(twin, got["image_url"]) == PNG
    assert [stored(twin, url) for url in got["image_urls"][:2]] == [b"one", b"two"]
    assert got["image_urls"][2:] == ["https://x.example/3.png", "data:,4", image.url]
    assert got["loras"] == [{"path": got["image_url"], "scale": 0.5}]
    assert stored(twin, got["long_url"]) == b"long" * 100
    assert stored(twin, got["anything"]["deep"][0]) == b"five"
    assert got["prompt"] == "x"


def test_a_call_without_files_does_not_look_for_storage(twin: Twin) -> None:
    call(twin, image_url="https://x.example/1.png", image_urls=["data:,2"], loras=[{"path": "owner/repo"}])
    assert twin.server.storage.seen == []


def test_an_output_feeds_the_next_call_without_an_upload(twin: Twin) -> None:
    twin.server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": "data:image/png;base64,iVBO", "width": 1}]})
    out = call(twin)
    twin.server.seen.clear()
    call(twin, image_url=out.images[0], image_urls=out.images)
    assert sent(twin)["image_url"] == "data:image/png;base64,iVBO"
    assert twin.server.storage.seen == []


def test_one_token_for_all_and_each_file_once(twin: Twin, cat: Path) -> None:
    same = io.BytesIO(b"same")
    again = type(cat)(str(cat))
    call(twin, image_url=same, image_urls=[same, cat, again, *(bytes([n]) * 300 for n in range(10))])
    got = sent(twin)
    assert got["image_urls"][0] == got["image_url"]
    assert got["image_urls"][1] == got["image_urls"][2]
    assert sorted(twin.server.storage.steps()) == ["POST token"] + ["POST upload"] * 12


def test_files_go_side_by_side(twin: Twin) -> None:
    gate = Gate(opens_at=4)
    twin.server.storage.first["after single"] = [faults.held(gate)] * 4
    call(twin, image_urls=[bytes([n]) * 300 for n in range(4)])
    assert gate.arrived == 4


def test_the_callers_input_stays_as_it_is(twin: Twin, cat: Path) -> None:
    loras = [{"path": cat}]
    urls = [b"x"]
    before = copy.deepcopy((loras, urls))
    call(twin, image_urls=urls, loras=loras)
    assert (loras, urls) == before


def test_unchecked_inputs_and_extra_inputs_are_uploaded_too(twin: Twin, cat: Path) -> None:
    def steps(fal: Any) -> Any:
        return fal.flux_1.schnell.with_options(extra_input={"new_url": b"new"}).run(old_url=cat, nested=[{"a": b"b"}])

    twin.do(steps, validate_inputs=False)
    got = sent(twin)
    assert stored(twin, got["old_url"]) == PNG
    assert stored(twin, got["new_url"]) == b"new"
    assert stored(twin, got["nested"][0]["a"]) == b"b"


def test_an_endpoint_that_was_not_generated(twin: Twin, cat: Path) -> None:
    twin.do(lambda fal: fal.endpoint("me/private").run({"a": [{"b": cat}]}, c=io.BytesIO(b"c")))
    (seen,) = twin.server.requests("POST", "me/private")
    assert stored(twin, seen.json["a"][0]["b"]) == PNG
    assert stored(twin, seen.json["c"]) == b"c"


def test_a_url_that_is_taken_stays_as_it_is() -> None:
    """Who checks an input with pydantic gets it back."""
    checked = TypeAdapter(Annotated[str, Field(max_length=40), URL_ONLY])
    assert checked.validate_python("https://a.example/b.png") == "https://a.example/b.png"


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"prompt": b"x"}, "prompt: must be a string"),
        ({"image_url": 3}, "image_url: must be a URL or a file (pathlib.Path, bytes, a binary file object, an output"),
        ({"image_url": None}, "image_url: must be a URL or a file"),
        ({"image_url": {"url": "x"}}, "image_url: must be a URL or a file"),
        ({"image_url": [b"x"]}, "image_url: must be a URL or a file"),
        ({"image_url": io.StringIO("x")}, "image_url: must be a file opened in binary mode, 'rb'"),
        ({"image_urls": b"x"}, "image_urls: must be a list, not a single file"),
        ({"image_urls": Image(url="x")}, "image_urls: must be a list, not a single file"),
        ({"image_urls": "x"}, "image_urls: must be a list, not a single string"),
        ({"image_urls": ["http://x", 3]}, "image_urls.1: must be a URL or a file"),
        ({"image_url": "x"}, "image_url: must be an http or https URL, a data URI or a file (pathlib.Path, bytes, "),
        ({"image_url": ""}, "image_url: must be an http or https URL, a data URI or a file (pathlib.Path, bytes, "),
        ({"image_url": "file:///a.png"}, "image_url: must be an http or https URL, a data URI or a file"),
        ({"image_url": "no\0path"}, "image_url: must be an http or https URL, a data URI or a file"),
        ({"image_url": "~no\0path"}, "image_url: must be an http or https URL, a data URI or a file"),
        ({"long_url": "x"}, "long_url: must be an http or https URL, a data URI or a file"),
        ({"loras": [{"path": 3}]}, "loras.0.path: must be a URL or a file"),
        (
            {"long_url": "https://" + "x" * 33},
            "long_url: must be a string with at most 40 characters or a file (pathlib.Path, ",
        ),
        ({"long_url": 3}, "long_url: must be a string or a file (pathlib.Path, "),
    ],
)
def test_wrong_types(twin: Twin, given: Any, problem: str) -> None:
    with pytest.raises(errors.InvalidInputError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(**{"prompt": "x", **given}))
    (found,) = caught.value.problems
    assert str(found).startswith(problem)
    assert twin.server.seen == twin.server.storage.seen == []


@pytest.mark.parametrize("validate", [True, False])
def test_files_that_cannot_be_read_are_all_told_before_anything_is_sent(
    twin: Twin, tmp_path: Path, validate: bool
) -> None:
    closed = io.BytesIO(b"x")
    closed.close()
    nowhere = Image.model_construct(url=None)
    with pytest.raises(errors.InvalidInputError) as caught:
        twin.do(
            lambda fal: fal.flux_1.schnell.run(
                prompt="x", image_url=tmp_path / "nope.png", image_urls=[b"fine", tmp_path, closed, nowhere]
            ),
            validate_inputs=validate,
        )
    assert [f"{problem.path}: {problem.message}" for problem in caught.value.problems] == [
        "image_url: cannot be read: no such file or directory",
        "image_urls.1: cannot be read: is a directory",
        "image_urls.2: is a file that was closed already",
        "image_urls.3: is a file without a URL",
    ]
    assert twin.server.seen == twin.server.storage.seen == []


def test_files_that_can_be_read_do_not_stay_open_beside_one_that_cannot(twin: Twin, cat: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidInputError) as caught:
        call(twin, image_url=cat, image_urls=[tmp_path / "nope.png"])
    files = (each for each in gc.get_objects() if issubclass(type(each), io.IOBase) and not each.closed)
    assert [each for each in files if str(getattr(each, "name", "")) == str(cat)] == []
    assert caught.value.__traceback__ is not None  # whose frames would hold one that was left


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
@pytest.mark.parametrize("files", [1, 5])
def test_nothing_is_submitted_if_an_upload_fails(twin: Twin, verb: str, files: int) -> None:
    twin.server.storage.first["single"] = [Reply(400, {"detail": "virus"}) for _ in range(files)]
    with pytest.raises(errors.APIStatusError, match=r"^400 from the upload of image_urls\.\d: virus"):
        call(twin, verb, image_urls=[PNG + bytes([n]) for n in range(files)])
    assert twin.server.seen == []


def test_the_error_names_the_file_too(twin: Twin, cat: Path) -> None:
    twin.server.storage.first["single"] = [Reply(400, {"detail": "virus"})]
    with pytest.raises(errors.APIStatusError, match=r"^400 from the upload of loras\.0\.path \(cat.png\): virus$"):
        call(twin, loras=[{"path": cat}])


@pytest.mark.parametrize("files", [3, 4])  # four go side by side
def test_one_that_fails_stops_the_others(twin: Twin, files: int) -> None:
    """One is refused while the others still wait, and would for ever: they are given up."""
    gate = Gate(opens_at=files)
    refusal, silence = Reply(400, {"detail": "no"}, gate=gate), Reply(silent=True, gate=gate)
    twin.server.storage.first["after single"] = [silence, refusal, *[silence] * (files - 2)]
    with pytest.raises(errors.APIStatusError, match=r"400 from the upload of image_urls.*: no$"):
        twin.do(
            lambda fal: fal.flux_1.schnell.run(prompt="x", image_urls=[bytes([n]) * 300 for n in range(files)]),
            http_timeout=600,
        )
    assert twin.server.seen == []


def test_what_goes_wrong_while_one_is_given_up_is_told_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Another error is raised already; and asyncio logs what a task raised that nobody looked at."""

    async def upload() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise OSError("closing it failed")

    async def given_up() -> None:
        task = asyncio.create_task(upload())
        await asyncio.sleep(0)
        await async_storage._end([task])
        assert task.done()

    asyncio.run(given_up())
    gc.collect()
    assert caplog.messages == []


def test_the_deadline_of_the_call_covers_its_uploads(twin: Twin) -> None:
    twin.server.storage.first["after single"] = [faults.SILENT] * 2
    with pytest.raises(errors.DeadlineExceededError, match=r"the upload of image_urls.\d did not finish"):
        twin.do(
            lambda fal: fal.flux_1.schnell.with_options(timeout=1.0).subscribe(prompt="x", image_urls=[b"1", b"2"]),
            http_timeout=600,
        )
    assert twin.server.seen == []


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.binary(min_size=1, max_size=8))
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(tree=st.dictionaries(st.text("abc", max_size=3), TREES, max_size=4), is_async=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_tree_with_files_in_it(server: FalServer, tree: dict[str, Any], is_async: bool) -> None:
    server.seen.clear()
    before = copy.deepcopy(tree)
    Twin(server, is_async=is_async).do(lambda fal: fal.endpoint("me/private").run(tree))
    (seen,) = server.requests("POST", "me/private")
    assert tree == before
    assert _with_contents(server, seen.json, tree) == tree


def _with_contents(server: FalServer, got: Any, given: Any) -> Any:
    """What arrived, with the files' contents where a file was given."""
    if isinstance(given, bytes):
        return server.storage.files[got].content
    if isinstance(given, dict):
        return {key: _with_contents(server, got[key], value) for key, value in given.items()}
    return [_with_contents(server, *pair) for pair in zip(got, given, strict=True)] if isinstance(given, list) else got

"""Whatever there is, its `repr` is a line that a person can read; what is left out is counted."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from runtime import errors
from runtime.calls.status import Completed, LogEntry, Queued
from runtime.display.data import size_of, told_size
from runtime.display.short import short
from runtime.display.shown import Record, Shown
from runtime.outputs.carriers import JsonArray, JsonObject, JsonText, showing
from runtime.outputs.model import FalModel, ResponseInfo
from runtime.outputs.parse import parse_output
from runtime.webhooks.event import WebhookEvent
from runtime_sample import Anything, Image, SchnellOutput
from runtime_twin import OUTPUT

MOST = 2_000
PICTURE = "data:image/png;base64," + "iVBORw0K" * 500_000


def output(**fields: Any) -> SchnellOutput:
    return parse_output(SchnellOutput, {**OUTPUT, **fields})


def nested(depth: int, width: int = 1) -> Any:
    return [nested(depth - 1, width)] * width if depth else "x" * 100


MONSTERS: dict[str, Any] = {
    "data URI": {"images": [{"url": PICTURE}]},
    "many data URIs": {"images": [{"url": PICTURE}] * 100},
    "many files": {"images": [{"url": f"https://v3.fal.media/{at}.png"} for at in range(1_000)]},
    "long text": {"kind": "a" * 1_000_000},
    "many fields": {f"field_{at}": at for at in range(10_000)},
    "long names": {"x" * 100_000: 1, "y" * 100_000: 2},
    "many names in a dict": {"timings": {"n" * 500 + str(at): 0.5 for at in range(3_000)}},
    "wide and deep": {"more": nested(5, 8)},
    "deep": {"more": nested(400)},
    "no text": {"more": "\ud800" * 5_000, "\udfff" * 900: "\x00" * 900},
    "large number": {"seed": 10**4_000},
    "no object": PICTURE,
}


@pytest.mark.parametrize("monster", MONSTERS.values(), ids=MONSTERS)
def test_no_output_is_longer_than_a_screen(monster: Any) -> None:
    body = {**OUTPUT, **monster} if isinstance(monster, dict) else monster
    for out in (parse_output(SchnellOutput, body), parse_output(Anything, body)):
        assert all(len(shown) < MOST for shown in (repr(out), str(out), repr(out.__dict__.get("images"))))
        assert type(out).__name__ in repr(out)
        rich = [one if isinstance(one, tuple) else (None, one) for one in out.__rich_repr__()]
        assert sum(len(repr(one)) for _, one in rich) < MOST
    for carrier in (JsonObject(body) if isinstance(body, dict) else JsonText(body), JsonArray([body])):
        assert len(repr(carrier)) < MOST
        assert str(carrier) == (body if isinstance(body, str) and isinstance(carrier, str) else repr(carrier))


_json = st.recursive(
    st.none() | st.integers() | st.floats() | st.text() | st.text("a", min_size=400, max_size=900),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text() | st.just("images"), inner, max_size=30),
    max_leaves=60,
)


@given(_json)
def test_any_json_fits(body: Any) -> None:
    for shown in (repr(parse_output(SchnellOutput, body)), short(body), short(body, 200)):
        assert len(shown) < MOST
        assert shown.isprintable()


def test_what_fits_is_shown_as_python_shows_it() -> None:
    out = output(timings={"inference": 0.5}, extra=[(1,), ()], main="a text")
    assert repr(out) == f"SchnellOutput({BaseModel.__repr_str__(out, ', ')})"
    assert "images=[Image(url='https://v3.fal.media/a.png', width=64, height=64, " in repr(out)
    assert str(out).startswith("images=[Image(url='https://v3.fal.media/a.png'")
    for value in ([1, (2,), (), {"a": {1}}], {}, set(), frozenset({1}), frozenset(), b"x", 1.5, None, "it's", object):
        assert short(value) == repr(value)


def test_a_data_uri_is_its_beginning_and_its_size() -> None:
    out = output(images=[{"url": PICTURE}])
    assert f"url='{PICTURE[:40]}' … 3.0 MB, width=None" in repr(out)
    assert repr(out.images) == f"[{out.images[0]!r}]"
    assert repr(out.images[0]).startswith(f"Image(url='{PICTURE[:40]}' … 3.0 MB, ")
    short_one = "data:text/plain,hello"
    assert repr(output(main=short_one)).count(short_one) == 1


def test_what_is_left_out_is_counted() -> None:
    assert "'aaaa" in (shown := short("a" * 5_000))
    assert shown.endswith("' … 4,700 more characters")
    assert short(list(range(5_000))).endswith(", 29, … 4,970 more items]")
    assert short({str(at): at for at in range(5_000)}).endswith(", … 4,970 more items}")
    assert repr(parse_output(Anything, {f"field_{at}": at for at in range(900)})).endswith(" more fields)")
    assert "… 1 item]" in short(nested(400))
    # Each field has its share: none takes the whole line.
    out = output(images=[{"url": f"https://v3.fal.media/{at}.png"} for at in range(60)], seed=42, prompt="p" * 4_000)
    assert " more items], seed=42" in repr(out)
    assert "prompt='ppp" in repr(out)


def test_a_name_that_a_server_made_up_cannot_steer_a_terminal() -> None:
    out = parse_output(Anything, {"\x1b[2J=1, seed": 1, "a b": 2})
    assert repr(out).endswith(r"'\x1b[2J=1, seed'=1, 'a b'=2)")
    assert str(out).isprintable()


def test_everything_else_is_short_too() -> None:
    logs = tuple(LogEntry("line " * 50, "2026-01-01") for _ in range(1_000))
    info = ResponseInfo("id", {f"x-{at}": "v" * 300 for at in range(100)})
    detail = errors.ErrorDetail(("body", "image_url"), "too large", input=PICTURE)
    event = WebhookEvent(
        request_id="1", user_id="u", gateway_request_id=None, status="OK", payload={"image": PICTURE}, body={"a": 1}
    )
    failed = errors.RequestFailedError(error=PICTURE, body=PICTURE)
    for value in (Completed("id", logs), logs[0], info, detail, event, failed, errors.InputProblem("a", PICTURE)):
        assert len(repr(value)) < MOST
        assert repr(value).startswith(type(value).__name__ + "(")
    assert repr(Queued("id", 3)) == "Queued(request_id='id', queue_position=3, logs=())"
    assert "body=" not in repr(event)
    assert "3.0 MB" in repr(detail)


@pytest.mark.parametrize("body", [[1, 2], "short", 5, True, [], PICTURE])
def test_a_body_that_no_field_can_hold_is_shown(body: Any) -> None:
    out = parse_output(SchnellOutput, body)
    shown = repr(body) if body is not PICTURE else f"'{PICTURE[:40]}' … 3.0 MB"
    assert repr(out) == f"SchnellOutput(received={shown})"
    assert str(out) == f"received={shown}"
    ((name, value),) = out.__rich_repr__()
    assert (name, repr(value)) == ("received", shown)


class Broken:
    """What cannot be shown."""

    def __repr__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("value", "shown"), [(Broken(), "<Broken>"), (10**5_000, "<int>")], ids=["one that raises", "digits"]
)
def test_what_cannot_be_shown_is_its_kind(value: Any, shown: str) -> None:
    assert short(value) == shown
    assert f"prompt={shown}" in repr(output(prompt="x").model_copy(update={"prompt": value}))
    assert repr(JsonObject(a=[value])) == f"{{'a': [{shown}]}}"
    assert repr(JsonArray([value])) == f"[{shown}]"
    assert f"seed={shown}" in repr(Anything(seed=value))


def test_a_list_of_files_is_a_list() -> None:
    out = output(images=[{"url": "https://v3.fal.media/1.png"}], by_name={"a": {"url": "https://v3.fal.media/2.png"}})
    plain = [Image(url="https://v3.fal.media/1.png")]
    assert isinstance(out.images, list)
    assert out.images == list(out.images)
    assert [one.url for one in out.images + out.images[:1]] == [plain[0].url] * 2
    assert type(out.model_dump()["images"]) is list
    assert out.model_dump(exclude_unset=True)["images"] == [{"url": plain[0].url}]
    assert json.loads(out.model_dump_json(exclude_unset=True))["images"] == [{"url": plain[0].url}]
    for copied in (pickle.loads(pickle.dumps(out)), copy.deepcopy(out), copy.copy(out), out.model_copy(deep=True)):
        assert copied == out
        assert type(copied.images) is type(out.images)
    assert parse_output(SchnellOutput, out.model_dump()) == out
    assert SchnellOutput.model_validate(out, strict=True) is out
    assert SchnellOutput(images=out.images, seed=1).images == out.images
    assert "_repr_mimebundle_" in dir(type(out.images))


@pytest.mark.parametrize("seed", [7, "no number"])
def test_lists_of_files_show_wherever_they_are(seed: Any) -> None:
    """Also in an output that does not match its document; and what is no list of files stays as it is."""

    class Row(FalModel):
        images: list[Image]
        score: float

    class Table(FalModel):
        rows: list[Row]
        by_name: dict[str, list[Image]]
        seed: int
        numbers: list[int]
        none: list[Image]

    image = {"url": "https://v3.fal.media/1.png"}
    row = {"images": [image], "score": 0.5}
    body = {"rows": [row], "by_name": {"a": [image]}, "seed": seed, "numbers": [1, 2], "none": []}
    out = parse_output(Table, body)
    kinds = [type(one).__name__ for one in (out.rows[0].images, out.by_name["a"], out.rows, out.numbers, out.none)]
    assert kinds == ["ShownList", "ShownList", "list", "list", "ShownList"]
    assert out.model_dump(exclude_unset=True) == body


class Told(Shown):
    def __shown__(self) -> dict[str, Any]:
        return {"a": 1}

    def __repr__(self) -> str:
        return "<told>"


class Written(Told, Record):
    pass


def test_of_what_is_no_record_the_repr_is_shown() -> None:
    assert short([Told(), Written()]) == "[<told>, Written(a=1)]"


def test_what_is_made_of_a_list_of_files_shows_too() -> None:
    files = output(images=[{"url": f"https://v3.fal.media/{at}.png"} for at in range(3)]).images
    plain = list(files)
    made: list[tuple[Any, list[Any]]] = [
        (files[:1], plain[:1]),
        (files[::-1], plain[::-1]),
        (files + plain, plain + plain),
        (plain + files, plain + plain),
        (files * 2, plain * 2),
        (2 * files, plain * 2),
        (files.copy(), plain),
        (copy.copy(files), plain),
    ]
    for value, same in made:
        assert value == same
        assert "text/html" in value._repr_mimebundle_()
    assert files[0] is plain[0]
    assert type(JsonArray([1, 2])[:1].copy()).__name__ == "ShownList"
    for wrong in (lambda: files * "x", lambda: files["x"]):
        with pytest.raises(TypeError):
            wrong()


def test_lists_of_files_show_that_no_document_tells_of() -> None:
    file = {"url": "https://v3.fal.media/1.png"}
    body = {"new": [file], "deep": {"er": [[file]]}, "some": [None, "x", file], "texts": ["a"], "rows": [{"a": 1}]}
    wanted = ["ShownList", "ShownList", "ShownList", "list", "list"]
    for out in (parse_output(Anything, body), showing(body), showing([body])[0]):
        new, deep, *others = (out if isinstance(out, dict) else out.model_extra).values()
        assert [type(one).__name__ for one in (new, deep["er"][0], *others)] == wanted
        assert json.loads(json.dumps(out) if isinstance(out, dict) else out.model_dump_json(exclude_unset=True)) == body
    # The first item is no file, since the server sent something else.
    some = parse_output(SchnellOutput, {**OUTPUT, "images": [None, file]}).images
    assert type(some).__name__ == "ShownList"


@pytest.mark.parametrize(
    ("uri", "size"),
    [
        ("data:,", 0),
        ("data:,abc", 3),
        ("data:text/plain,a%20b", 3),
        ("data:;base64,YQ==", 1),
        ("data:;base64,YWI=", 2),
        ("data:;base64,YWJj", 3),
        ("data:image/png;base64," + "AAAA" * 1000, 3000),
    ],
)
def test_the_size_of_a_data_uri(uri: str, size: int) -> None:
    assert size_of(uri) == size


def test_sizes_are_told_in_words() -> None:
    told = [told_size(count) for count in (0, 1, 999, 1_000, 999_949, 999_950, 3_000_000, 5_250_000_000)]
    assert told == [
        "0 bytes",
        "1 byte",
        "999 bytes",
        "1.0 kB",
        "999.9 kB",
        "1.0 MB",
        "3.0 MB",
        "5.2 GB",
    ]

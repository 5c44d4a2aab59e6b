"""A result that was paid for is never lost."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field
from runtime.display.shown import ShownList
from runtime.outputs import mismatches, parse
from runtime.outputs.mismatches import Mismatch, tell
from runtime.outputs.model import FalModel, response_info
from runtime.outputs.parse import parse_output
from runtime_sample import Animal, Anything, Cat, Dog, Image, SchnellOutput
from runtime_twin import OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer
    from pydantic import BaseModel

GOOD: dict[str, Any] = {"images": [{"url": "u"}], "seed": 1}
NASTY = ("cls", "self", "model_fields", "copy", "model_config", "_fal", "__dict__", "_fields_set", "json", "from_")
# Nothing in them is missing or wrong.
ONLY_NEW: list[dict[str, Any]] = [{**GOOD, "extra": {"a": [1]}}, {**GOOD, **dict.fromkeys(NASTY, 1)}]


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def _dumped(out: Any) -> Any:
    assert json.loads(out.model_dump_json(exclude_unset=True)) == out.model_dump(exclude_unset=True)
    return out.model_dump(exclude_unset=True)


@pytest.mark.parametrize(
    "body",
    [
        {**GOOD, "kind": "unknown member"},
        {"images": []},
        {"seed": 1},
        {},
        ONLY_NEW[0],
        {**GOOD, "images": None},
        {**GOOD, "images": [None, {"url": None}, {"width": "wide"}, 7, [{"url": "x"}]]},
        {**GOOD, "images": {"url": "not a list"}},
        {**GOOD, "seed": "5"},
        {**GOOD, "seed": 5.0},
        {**GOOD, "seed": True},
        {**GOOD, "timings": {"a": "slow", "b": 1}},
        {**GOOD, "from": 3},
        {**GOOD, "main": {"url": 4}},
        {**GOOD, "main": ["?"]},
        {**GOOD, "by_name": {"a": {"url": 1}, "b": None}},
        ONLY_NEW[1],
        {**{key: {"a": 1} for key in NASTY}},
        {"images": [dict.fromkeys(NASTY, 2)], "seed": 1},
    ],
)
def test_what_does_not_match_comes_back_whole(body: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    received = copy.deepcopy(body)
    with caplog.at_level(logging.DEBUG):
        out = parse_output(SchnellOutput, body, endpoint=SCHNELL)
    assert type(out) is SchnellOutput
    assert _dumped(out) == received
    assert len(_warnings(caplog)) == (body not in ONLY_NEW)
    assert len(caplog.records) >= 1
    assert all(record.getMessage().startswith(SCHNELL) for record in caplog.records)
    for clone in (pickle.loads(pickle.dumps(out)), copy.deepcopy(out), out.model_copy()):
        assert clone == out
        assert clone.model_dump(exclude_unset=True) == received


def test_what_matches_is_validated_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    out = parse_output(SchnellOutput, {**GOOD, "from": "x", "main": {"url": "m"}, "by_name": {"a": {"url": "n"}}})
    assert (out.from_, type(out.main), type(out.by_name["a"]), out.kind) == ("x", Image, Image, "a")
    assert _warnings(caplog) == []


def test_nested_models_are_models_and_missing_fields_read_as_none() -> None:
    out = parse_output(
        SchnellOutput, {"images": [{"width": "wide"}, {"url": "x"}], "main": {"url": 1}, "by_name": {"a": {}}}
    )
    assert [type(image) for image in out.images] == [Image, Image]
    assert (out.images[0].url, out.images[0].width, out.images[0].content_type) == (None, "wide", "image/jpeg")
    assert out.seed is None
    assert "seed" not in out.model_fields_set
    assert out.kind == "a"
    assert (type(out.main), type(out.by_name["a"])) == (Image, Image)


def test_the_warning_names_paths_and_never_values(caplog: pytest.LogCaptureFixture) -> None:
    body = {"images": [{"url": "u", "width": "private"}], "seed": 1, "new": "private"}
    with caplog.at_level(logging.DEBUG):
        parse_output(SchnellOutput, body, endpoint="a/b")
    assert "private" not in caplog.text
    (warning,) = _warnings(caplog)
    assert warning == "a/b: the output does not match its document at images.0.width (int_type)"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"images": [{"url": "u"}, {"url": "u", "new": 1}]}, "images.1.new"),
        ({"by_name": {"a": {"url": "u", "new": 1}}}, "by_name.a.new"),
        ({"main": {"url": "u", "new": 1}}, "main.new"),
    ],
)
def test_an_unknown_field_is_told_wherever_it_is(body: Any, where: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        parse_output(SchnellOutput, {**GOOD, **body}, endpoint="a/b")
    told = [(one.levelno, one.getMessage()) for one in caplog.records]
    assert told == [(logging.DEBUG, f"a/b: the output has fields that its document does not name: {where}")]


class Renamed(FalModel):
    from_: int | None = Field(None, alias="from")


@pytest.mark.parametrize("output_type", [Renamed, Renamed | None])
@pytest.mark.parametrize(("body", "value"), [({"from": 1, "from_": 2}, 1), ({"from_": 2}, None), ({"from": 1}, 1)])
def test_on_the_wire_only_the_wires_names_count(output_type: Any, body: dict[str, int], value: int | None) -> None:
    out = parse_output(output_type, body)
    assert (out.from_, out.model_extra) == (value, {"from_": 2} if "from_" in body else {})
    assert out.model_dump(exclude_unset=True, by_alias=True) == body


@pytest.mark.parametrize("output", [Image(url="u"), [1], "x", 3, None])
def test_what_came_from_no_call_carries_no_response(output: Any) -> None:
    with pytest.raises(LookupError, match=f"this {type(output).__name__} carries no response"):
        response_info(output)


def test_who_makes_an_output_may_use_either_name() -> None:
    assert [Renamed.model_validate(body).from_ for body in ({"from": 1}, {"from_": 1})] == [1, 1]
    assert [Renamed(**body).from_ for body in ({"from": 1}, {"from_": 1})] == [1, 1]


@pytest.mark.parametrize("body", [[1, {"a": 2}], "text", 3, True, None, 1.5, []])
def test_a_body_that_is_no_object_is_held_by_the_model(body: Any, caplog: pytest.LogCaptureFixture) -> None:
    for kind in (SchnellOutput, Animal):
        out = parse_output(kind, body, endpoint="a/b")
        assert isinstance(out, FalModel)
        assert out.model_dump() == out.model_dump(exclude_unset=True) == body
        assert json.loads(out.model_dump_json()) == body
        assert pickle.loads(pickle.dumps(out)).model_dump() == body
        assert out == parse_output(kind, body)
        assert out != parse_output(kind, {"other": 1})
    assert "at the whole body (" in _warnings(caplog)[0]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"type": "cat", "lives": 9}, Cat),
        ({"type": "dog", "name": 3}, Dog),
        ({"type": "cat", "lives": "9"}, Cat),
        ({"type": "fish", "name": "x"}, Dog),
        ({"lives": 1}, Cat),
    ],
)
def test_a_union_of_models(body: dict[str, Any], kind: type[BaseModel]) -> None:
    for annotation in (Animal, cast("Any", Cat | Dog)):
        out = parse_output(annotation, body)
        assert type(out) is kind
        assert _dumped(out) == body


class Count(FalModel):
    value: int


class Word(FalModel):
    value: str


def test_what_matches_is_of_the_type_that_it_matches() -> None:
    """The names alone fit either."""
    for value, kind in ((3, Count), ("x", Word)):
        assert type(parse_output(cast("Any", Count | Word), {"value": value})) is kind


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | st.text("ab"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["images", "seed", "kind", "timings", "from", "main", "by_name", "url", "width", *NASTY]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, database=None, deadline=None)
@given(_json)
def test_any_json_is_given_back(body: Any) -> None:
    received = copy.deepcopy(body)
    out = parse_output(SchnellOutput, body)
    assert isinstance(out, SchnellOutput)
    assert _dumped(out) == received
    str(out)
    hash(repr(out))


def test_over_the_wire_with_its_info(server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    for body in ([1], {**OUTPUT, "seed": None}):
        server.plans[SCHNELL].output = body

        def steps(fal: Any, body: Any = body) -> Steps:
            out = yield fal.flux_1.schnell.subscribe(prompt="x")
            assert out.model_dump(exclude_unset=True) == body
            assert response_info(pickle.loads(pickle.dumps(out))).request_id == response_info(out).request_id
            assert response_info(copy.deepcopy(out)) == response_info(out)

        twin.do(steps)
    assert len(_warnings(caplog)) == 2


def test_a_document_that_welcomes_any_field_has_no_mismatch_in_one(caplog: pytest.LogCaptureFixture) -> None:
    body = {"known": 1, "more": {"a": 1}, "image": {"url": "u"}, "from": "f"}
    out = parse_output(Anything, body)
    assert _dumped(out) == body
    assert _warnings(caplog) == []


class Tree(FalModel):
    """Leads back to itself."""

    inner: Tree | None = None


@pytest.mark.parametrize("depth", [300, 5000])
def test_an_output_that_is_deeper_than_anything_is_not_lost(depth: int, caplog: pytest.LogCaptureFixture) -> None:
    body: dict[str, Any] = {}
    for _ in range(depth):
        body = {"inner": body}
    out = parse_output(Tree, body)
    assert type(out) is Tree
    assert out.model_dump_json(exclude_unset=True) == '{"inner":' * depth + "{}" + "}" * depth
    assert _warnings(caplog)[0].endswith(("(recursion_depth_exceeded)", "(recursion_loop)"))  # as pydantic calls it


def test_where_it_is_too_deep_for_the_stack_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def exhausted(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("runtime.outputs.parse._validate", exhausted)
    assert _dumped(parse_output(SchnellOutput, GOOD)) == GOOD
    told = "webhook: the output does not match its document at the whole body (too deep a nesting)"
    assert _warnings(caplog) == [told]


NEW = "has fields that its document does not name:"


@pytest.mark.parametrize(
    ("body", "level", "what"),
    [
        ({"known": "1", "more": 1}, logging.WARNING, "does not match its document at known (int_type)"),
        ({"image": {"url": "u", "new": 1}, "more": 1}, logging.DEBUG, f"{NEW} image.new"),
        ({"from": "f", "from_": 1}, logging.DEBUG, f"{NEW} from_"),
    ],
)
def test_what_it_does_name_is_still_compared(
    body: Any, level: int, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert _dumped(parse_output(Anything, body)) == body
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (level, f"webhook: the output {what}")
    ]


# What is told, and how often.


def test_a_new_field_is_told_at_debug_each_time(caplog: pytest.LogCaptureFixture) -> None:
    body = {**GOOD, "images": [{"url": "u", "new": 1}, {"url": "v", "new": 2}], "more": 1}
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            parse_output(SchnellOutput, body, endpoint="a/b")
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == 2 * [
        (logging.DEBUG, f"a/b: the output {NEW} more, images.0.new, images.1.new")
    ]


def test_a_mismatch_is_told_once_for_each_field_of_an_endpoint(caplog: pytest.LogCaptureFixture) -> None:
    wide, narrow = ({"images": [{"url": "u", "width": value}], "seed": 1} for value in ("wide", "narrow"))
    tried = [
        (wide, "a/b"),
        (narrow, "a/b"),
        ({"images": [{"url": "u"}, {"url": "u", "width": "wide"}], "seed": 1}, "a/b"),  # another item, the same field
        ({"images": [{"url": "u", "width": "wide"}]}, "a/b"),  # another field beside it
        (wide, "c/d"),
    ]
    for body, endpoint in tried:
        parse_output(SchnellOutput, body, endpoint=endpoint)
    assert _warnings(caplog) == [
        "a/b: the output does not match its document at images.0.width (int_type)",
        "a/b: the output does not match its document at seed (missing)",
        "c/d: the output does not match its document at images.0.width (int_type)",
    ]


def test_threads_tell_it_once_between_them(caplog: pytest.LogCaptureFixture) -> None:
    start = threading.Barrier(8)

    def parse(_: int) -> None:
        start.wait()
        for number in range(50):
            parse_output(SchnellOutput, {}, endpoint=f"a/b{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(parse, range(8)))
    assert len(_warnings(caplog)) == 50


def test_what_was_told_takes_bounded_memory(caplog: pytest.LogCaptureFixture) -> None:
    """Names of fields can be data: a server that makes them up must not fill the memory."""
    for number in range(3_000):
        tell("a/b", [Mismatch((f"name{number}",), "missing")], [])
    assert len(mismatches._told) <= 1_000
    assert len(_warnings(caplog)) == 3_000


def test_the_data_of_a_file_is_no_unknown_field(caplog: pytest.LogCaptureFixture) -> None:
    """Whether or not a document says so: it is a property of every file, and a field of none."""
    sent = {**GOOD, "images": [{"url": "u", "file_data": "abc"}, {"url": "v", "file_data": 3}, {"url": "w"}]}
    out = cast("SchnellOutput", parse_output(SchnellOutput, sent))
    assert [image.file_data for image in out.images] == ["abc", None, None]
    assert _dumped(out) == sent
    assert _warnings(caplog) == []
    with caplog.at_level(logging.DEBUG):
        parse_output(SchnellOutput, {**GOOD, "file_data": "x"}, endpoint="fal-ai/x")
    assert _warnings(caplog) == []
    (record,) = [one for one in caplog.records if one.levelno == logging.DEBUG]
    assert record.getMessage() == "fal-ai/x: the output has fields that its document does not name: file_data"


def test_what_is_in_a_list_of_numbers_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a long one: a mask has a million."""
    seen: list[Any] = []
    monkeypatch.setattr(parse, "_WITHOUT_PARTS", _Seen(parse._WITHOUT_PARTS, seen))
    output = parse_output(FalModel, {"mask": [0.5] * 1_500, "name": "a", "images": [{"url": "u"}]})
    assert output.model_extra is not None
    assert len(output.model_extra["mask"]) == 1_500
    assert seen.count(float) == 0
    assert str in seen


@pytest.mark.parametrize(("length", "kind"), [(1_000, ShownList), (1_001, list)])
def test_a_list_of_everything_is_looked_through_as_far_as_it_is_short(length: int, kind: type) -> None:
    body = {"parts": [0.5] * (length - 1) + [{"url": "https://x/a.png"}]}
    output = parse_output(FalModel, body)
    assert output.model_extra is not None
    assert type(output.model_extra["parts"]) is kind


class _Seen(frozenset[type]):
    """Kinds, and which of them were asked for one by one."""

    def __new__(cls, kinds: frozenset[type], seen: list[Any]) -> _Seen:
        made = super().__new__(cls, kinds)
        made.seen = seen
        return made

    seen: list[Any]

    def __contains__(self, kind: object) -> bool:
        self.seen.append(kind)
        return super().__contains__(kind)

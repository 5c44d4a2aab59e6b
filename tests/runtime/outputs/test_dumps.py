"""Every output can be dumped, whatever a server put into it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic_core import PydanticSerializationError
from runtime.outputs.model import as_received
from runtime.outputs.parse import models_in, parse_output
from runtime.outputs.plain import plain, to_json
from runtime_sample import Anything, SchnellOutput
from runtime_twin import OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer


def nested(depth: int) -> Any:
    value: Any = [1]
    for _ in range(depth):
        value = [value] if depth % 2 else {"a": value}
    return value


ODD: dict[str, Any] = {
    "half a character": {"more": "\ud800", "kind": "\udfff", "\ud801": 1},
    "deep lists": {"more": nested(899)},
    "deep objects": {"more": nested(900)},
    "deep in a field": {"timings": nested(900)},
    "no object": "\ud800",
}


def texts(value: dict[str, Any] | str) -> Any:
    """In a form that can be compared: comparing it would call itself 900 times."""
    return {name: to_json(item) for name, item in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_output_of_a_call_can_be_dumped(server: FalServer, twin: Twin, odd: Any) -> None:
    body: Any = odd if isinstance(odd, str) else {**OUTPUT, **odd}
    server.plans[SCHNELL].output = body

    def steps(fal: Any) -> Steps:
        for out in ((yield fal.flux_1.schnell.run(prompt="x")), (yield fal.flux_1.schnell.subscribe(prompt="x"))):
            assert type(out) is SchnellOutput
            for dumped in (out.model_dump(exclude_unset=True), json.loads(out.model_dump_json(exclude_unset=True))):
                assert texts(dumped) == texts(body)
            assert json.loads(out.model_dump_json(indent=2))

    twin.do(steps)


@pytest.mark.parametrize("depth", [50, 901])
@pytest.mark.parametrize(
    "options",
    [{}, {"indent": 2}, {"by_alias": False}, {"exclude_none": True}, {"exclude_unset": True, "exclude_none": True}],
)
def test_what_pydantic_does_not_write_is_written_alike(options: dict[str, Any], depth: int) -> None:
    """By the options that were given: the same as without the depth, but for the depth."""
    timings: dict[str, Any] = {"a": 1.5, "b": {}, "c": []}
    body = {**OUTPUT, "from": None, "unknown": None, "kind": "ü", "timings": timings}
    shallow = parse_output(SchnellOutput, body).model_dump_json(**options)
    deep = parse_output(SchnellOutput, {**body, "z": nested(depth)}).model_dump_json(**options)
    expected = json.loads(shallow)
    assert {**json.loads(deep), "z": None} == {**expected, "z": None}
    rest = deep[: deep.rindex('"z"')].rstrip(" \n,")
    assert rest.replace("\\u00fc", "ü") == shallow[:-1].rstrip("\n")


def test_what_is_no_number_is_null_as_in_pydantic() -> None:
    body = {**OUTPUT, "seed": float("nan"), "more": ["\ud800", float("inf"), True, 2**70, 1e300]}
    dumped = parse_output(SchnellOutput, body).model_dump_json(exclude_unset=True)
    assert json.loads(dumped) == {**body, "seed": None, "more": ["\ud800", None, True, 2**70, 1e300]}


@pytest.mark.parametrize("options", [{"exclude": {"seed"}}, {"include": {"seed", "more"}}, {"warnings": "error"}])
def test_an_option_that_cannot_be_followed_is_not_passed_over(options: dict[str, Any]) -> None:
    out = parse_output(SchnellOutput, {**OUTPUT, "more": "\ud800"})
    with pytest.raises(PydanticSerializationError):
        out.model_dump_json(**options)
    odd_name = parse_output(SchnellOutput, {**OUTPUT, "\udfff": 1, "seed": "7"})
    if options != {"exclude": {"seed"}}:  # where pydantic meets the name that it refuses
        options = {**options, "include": {"\udfff"}}
    try:
        dumped = odd_name.model_dump(**options)
    except (PydanticSerializationError, UnicodeEncodeError):
        return
    assert dumped.keys() == odd_name.model_dump().keys() & options.get("include", dumped)  # pydantic 2.12 can follow it


def test_no_depth_ends_in_an_error() -> None:
    """The limit of Python's own stack is about 1000, of which a caller has used some."""
    out = parse_output(Anything, {"more": [nested(50_000)], "image": {"url": "u"}})
    assert len(list(models_in(out))) == 2
    assert to_json(as_received(out)).count("{") == 50_002


def test_what_contains_itself_is_found_to_do_so() -> None:
    circle: list[Any] = []
    circle += [circle, {"a": circle}]
    with pytest.raises(RecursionError, match="contains itself"):
        plain(circle, lambda value: value)

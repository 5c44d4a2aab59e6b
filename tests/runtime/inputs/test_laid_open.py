# ruff: noqa: TC002, TC003 - pydantic reads the annotations at run time
"""Outputs as inputs: a model wherever an object is taken, sent as what the server sent of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required

import pytest
from pydantic import Field
from runtime.errors import InvalidInputError
from runtime.files.file_input import FileInput
from runtime.files.remote_file import RemoteFile
from runtime.inputs import validate
from runtime.inputs.spec import EndpointSpec
from runtime.inputs.types import OrModel, SequenceNotStr
from runtime.inputs.wire_names import by_python_names
from runtime.outputs.model import FalModel, OpenModel
from runtime.outputs.parse import parse_output
from runtime_sample import SPEC, Image
from runtime_twin import SCHNELL, Twin
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from pathlib import Path


class PartParam(TypedDict, total=False, closed=True):
    text: str
    image_url: FileInput


class SourceParam(TypedDict, total=False, closed=True):
    url: Required[str]
    content_type: str


class LooseParam(TypedDict, total=False, extra_items=Any):
    text: str


class TurnParam(TypedDict, total=False, closed=True):
    role: Required[Literal["user", "assistant"]]
    content: Required[str | SequenceNotStr[OrModel[PartParam, Part]]]
    name: str
    mood: str | None
    replies: SequenceNotStr[TurnParam]
    from_: Annotated[str, Field(alias="from")]
    copy: bool


class TalkInput(TypedDict, total=False, closed=True):
    turns: SequenceNotStr[TurnParam] | None
    turn: TurnParam
    by_name: Mapping[str, TurnParam]
    either: Literal["none"] | PartParam | TurnParam | SequenceNotStr[TurnParam]
    file: FileInput | SourceParam
    source: SourceParam
    sources: SequenceNotStr[SourceParam]
    loose: LooseParam
    notes: Mapping[str, Any]
    anything: Any


class Part(FalModel):
    text: str | None = None
    image_url: RemoteFile | str | None = None


class Turn(FalModel):
    role: str
    content: str | list[Part]
    name: str | None = None
    mood: str | None = None
    replies: list[Turn] | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    copy_: Annotated[bool | None, Field(alias="copy")] = None


class Source(RemoteFile):
    url: str
    content_type: str | None = None


class Free(OpenModel):
    pass


TALK = EndpointSpec(id="me/talk", input=TalkInput, output=None, renamed=True)
BODY: dict[str, Any] = {"role": "user", "content": "hello"}
FILE = {"url": "https://v3.fal.media/a.png", "content_type": "image/png"}


def turn(**more: Any) -> Turn:
    made = parse_output(Turn, {**BODY, **more})
    assert isinstance(made, Turn)
    return made


def checked(**given: Any) -> dict[str, Any]:
    """An input behind the check, under the names of the wire; the caller's values are as they were."""
    before = copy.deepcopy(given)
    taken = validate.wire_names(TALK, validate.check_input(TALK, given))
    assert given == before
    return taken


def problems(**given: Any) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        validate.check_input(TALK, given)
    return [str(problem) for problem in caught.value.problems]


DEEP = {"replies": [{**BODY, "replies": [{**BODY, "content": [{"text": "deep"}], "from": "me", "copy": True}]}]}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"turns": [turn(), turn(name="b")]}, {"turns": [BODY, {**BODY, "name": "b"}]}),
        ({"turns": (turn(), BODY)}, {"turns": [BODY, BODY]}),
        ({"turn": turn(**DEEP)}, {"turn": {**BODY, **DEEP}}),
        ({"turn": {**BODY, "replies": [turn(**DEEP)]}}, {"turn": {**BODY, "replies": [{**BODY, **DEEP}]}}),
        (
            {"turn": {**BODY, "content": [Part(text="a"), {"text": "b"}]}},
            {"turn": {**BODY, "content": [{"text": "a"}, {"text": "b"}]}},
        ),
        ({"by_name": {"a": turn(**{"from": "me"}), "b": BODY}}, {"by_name": {"a": {**BODY, "from": "me"}, "b": BODY}}),
        ({"either": turn()}, {"either": BODY}),
        ({"either": [turn(), BODY]}, {"either": [BODY, BODY]}),
        ({"either": Part(text="a")}, {"either": {"text": "a"}}),
        ({"source": Source(**FILE)}, {"source": FILE}),
        ({"notes": turn(new=1)}, {"notes": {**BODY, "new": 1}}),
        ({"notes": Free(a=1, b=None)}, {"notes": {"a": 1, "b": None}}),
        ({"loose": Free(text="a", more=[1])}, {"loose": {"text": "a", "more": [1]}}),
    ],
)
def test_a_model_is_taken_wherever_an_object_is(given: dict[str, Any], sent: dict[str, Any]) -> None:
    assert checked(**given) == sent


def test_a_file_is_a_file_where_one_is_taken_and_else_an_object() -> None:
    file = Source(**FILE)
    parts = turn(content=[{"image_url": FILE}])
    taken = checked(turn=parts, by_name={"a": {**BODY, "content": parts.content}}, file=file, source=file)
    for part in (taken["turn"], taken["by_name"]["a"]):
        assert part["content"][0]["image_url"].url == FILE["url"]
        assert isinstance(part["content"][0]["image_url"], RemoteFile)
    assert taken["file"] is file
    assert taken["source"] == FILE
    assert checked(notes=parts) == {"notes": {**BODY, "content": [{"image_url": FILE}]}}  # where anything goes


def test_what_the_server_did_not_send_is_not_sent() -> None:
    assert checked(turn=turn(mood=None)) == {"turn": {**BODY, "mood": None}}
    assert checked(turn=turn()) == {"turn": BODY}


def test_a_null_that_the_input_does_not_allow_is_left_out() -> None:
    one = turn(name=None, replies=None, **{"from": None})
    assert checked(turn=one, either=[one]) == {"turn": BODY, "either": [BODY]}
    assert problems(turn=turn(content=None)) == ["turn.content: is required"]
    assert problems(turn={**BODY, "name": None}) == ["turn.name: must be a string; got None"]  # the caller wrote it


def test_a_field_that_no_document_knows_goes_where_it_is_welcome() -> None:
    new = turn(new=1)
    assert checked(turns=[new], loose=Part(text="a", new=2), notes={"turn": new}) == {
        "turns": [BODY],
        "loose": {"text": "a", "new": 2},
        "notes": {"turn": new},  # laid open as it is written
    }
    assert problems(turn={**BODY, "new": 1}) == ["turn.new: is unknown"]


def test_what_python_calls_a_field_is_another_field_on_the_wire() -> None:
    assert checked(turn=turn(**{"from_": "x", "from": "y"})) == {"turn": {**BODY, "from": "y"}}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"turn": turn(role="judge")}, ["turn.role: must be one of 'user', 'assistant'; got 'judge'"]),
        ({"turns": [BODY, turn(content=[{"text": 3}])]}, ["turns.1.content.0.text: must be a string; got 3"]),
        (
            {"by_name": {"a": Part(text="b")}},
            ["by_name.a.role: is required", "by_name.a.content: is required", "by_name.a.text: is unknown"],
        ),
        ({"turns": turn()}, ["turns: must be a list; got Turn("]),
        ({"source": Image(url="a", width=3)}, ["source.width: is unknown"]),
        ({"turn": {**BODY, "name": turn()}}, ["turn.name: must be a string; got "]),
        ({"trun": turn()}, ["trun: is not an input of this endpoint; did you mean 'turn'?"]),
        ({"turn": [turn()]}, ["turn: must be a dict; got [Turn"]),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(given: dict[str, Any], expected: list[str]) -> None:
    found = problems(**given)
    assert len(found) == len(expected)
    assert all(one.startswith(start) for one, start in zip(found, expected, strict=True)), found


def test_every_problem_at_once() -> None:
    found = problems(turns=[turn(role="judge"), turn(name=None)], source=3, turn=turn(content=1))
    assert [each.partition(":")[0] for each in found] == ["turns.0.role", "turn.content", "source"]


def test_a_model_that_contains_itself_is_refused() -> None:
    endless = turn()
    endless.replies = [endless, endless]
    assert problems(turn=endless) == ["input: contains itself, or is nested too deeply"]
    with pytest.raises(InvalidInputError, match=r"anything(\.replies\.0)?: contains itself|input: contains itself"):
        validate.to_json("me/talk", {"anything": endless})


def test_a_model_in_two_places_is_no_circle() -> None:
    same = turn()
    assert checked(turns=[same, same, turn(replies=[])])["turns"][:2] == [BODY, BODY]


def test_a_deep_model_is_laid_open_to_the_bottom() -> None:
    body = BODY
    for _ in range(60):
        body = {**BODY, "replies": [body]}
    assert checked(turn=parse_output(Turn, body)) == {"turn": body}


def test_the_validator_knows_that_names_are_those_of_python() -> None:
    """To be told at each check is forgotten within sequences, before pydantic 2.14."""
    validate.check_input(TALK, {"turns": [BODY]})
    given = {"turns": [{**BODY, "from_": "me", "replies": [{**BODY, "from_": "you"}]}], "by_name": {"a": BODY}}
    assert by_python_names(TalkInput).validate_python(given, strict=True)["turns"][0]["replies"][0]["from_"] == "you"


def test_a_call_without_models_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs what it did: nothing is looked for, and nothing is copied."""
    checks: list[Any] = []
    refusal = validate._refusal  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(validate, "_refusal", lambda spec, given: checks.append(given) or refusal(spec, given))
    given = {"turns": [BODY], "anything": {"deep": [turn()]}}
    assert validate.check_input(TALK, given) is given
    assert len(checks) == 1
    validate.check_input(TALK, {"turns": [turn(**DEEP)]})
    assert len(checks) == 1 + 2  # however deep


# --- through both clients --------------------------------------------------------------------------------------------


class Size(FalModel):
    width: int | None = None
    height: int | None = None


class Lora(FalModel):
    path: Image | None = None
    scale: float | None = None


def sent(twin: Twin, endpoint: str = SCHNELL) -> Any:
    """The input that arrived."""
    (seen,) = twin.server.requests("POST", endpoint)
    return seen.json


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_what_is_sent(twin: Twin, verb: str) -> None:
    lora = Lora(path=Image(url="https://v3.fal.media/a.safetensors"), scale=0.5)
    given = {"image_size": Size(width=8, height=None), "loras": (lora, {"path": "b"}), "anything": {"deep": [lora]}}
    twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x", **given))
    laid_open = {"path": "https://v3.fal.media/a.safetensors", "scale": 0.5}
    assert sent(twin) == {
        "prompt": "x",
        "image_size": {"width": 8},
        "loras": [laid_open, {"path": "b"}],
        "anything": {"deep": [{**laid_open, "path": {"url": laid_open["path"]}}]},  # as it was received
    }
    assert isinstance(lora.path, Image)
    assert twin.server.storage.seen == []


def test_a_file_that_is_uploaded_beside_a_model(twin: Twin, tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"png")
    parts = [Size(width=1), "whole"]
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x", image_url=tmp_path / "cat.png", parts=parts))
    body = sent(twin)
    assert twin.server.storage.files[body["image_url"]].content == b"png"
    assert body["parts"] == [{"width": 1}, "whole"]


def test_where_nothing_is_checked_a_model_goes_as_it_was_received(twin: Twin) -> None:
    size = parse_output(Size, {"width": 8, "height": None, "new": 1})
    whole = {"width": 8, "height": None, "new": 1}

    def steps(fal: Any) -> Any:
        yield fal.flux_1.schnell.with_options(extra_input={"size": size}).run(prompt="x", anything=[size])
        yield fal.endpoint("me/app").run({"size": size, "image": Image(url="https://x.example/1.png")}, more=(size,))

    twin.do(steps)
    assert sent(twin) == {"prompt": "x", "anything": [whole], "size": whole}
    assert sent(twin, "me/app") == {"size": whole, "image": "https://x.example/1.png", "more": [whole]}


def test_a_file_within_a_model_goes_as_it_was_received_and_by_itself_as_its_url(twin: Twin) -> None:
    image = Image(url="https://v3.fal.media/a.png", width=3)
    twin.do(lambda fal: fal.endpoint("me/app").run(lora=Lora(path=image), image=image))
    assert sent(twin, "me/app") == {
        "lora": {"path": {"url": "https://v3.fal.media/a.png", "width": 3}},
        "image": "https://v3.fal.media/a.png",
    }


def test_what_a_caller_put_into_a_model_is_uploaded(twin: Twin) -> None:
    made = Lora.model_construct(path=b"weights")
    twin.do(lambda fal: fal.endpoint("me/app").run(loras=[made]))
    (lora,) = sent(twin, "me/app")["loras"]
    assert twin.server.storage.files[lora["path"]].content == b"weights"
    assert made.path == b"weights"


def test_without_validation(twin: Twin) -> None:
    size = Size(width=-1)
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x", image_size=size), validate_inputs=False)
    assert sent(twin) == {"prompt": "x", "image_size": {"width": -1}}


def test_an_answer_that_was_no_object_is_sent_as_what_it_was(twin: Twin) -> None:
    held = parse_output(Free, ["a", 1])
    twin.do(lambda fal: fal.endpoint("me/app").run(body=held))
    assert sent(twin, "me/app") == {"body": ["a", 1]}
    with pytest.raises(InvalidInputError, match=r"image_size: must be .*; got \['a', 1\]"):
        validate.check_input(SPEC, {"prompt": "x", "image_size": held})


def test_what_json_cannot_carry_is_named_within_a_model() -> None:
    with pytest.raises(InvalidInputError, match=r"size\.width: must be a finite number"):
        validate.to_json("me/app", {"size": Size.model_construct(width=float("nan"))})

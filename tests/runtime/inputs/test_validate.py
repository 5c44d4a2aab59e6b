"""What is refused before anything is sent, in which words, and what goes over the wire."""

from __future__ import annotations

import pickle
import threading
from collections import UserDict, UserList
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from runtime.errors import FalError, InvalidInputError
from runtime.inputs import validate
from runtime.outputs import parse
from runtime_sample import ALIAS, SPEC
from runtime_twin import SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer


def _problems(**given: Any) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        validate.check_input(SPEC, {"prompt": "x", **given})
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "given",
    [
        {"guidance": 3},
        {"guidance": 3.5, "num_images": 4},
        {"image_urls": ("https://a", "HTTP://b")},
        {"image_urls": ["data:,a"]},
        {"image_size": "square"},
        {"image_size": {"width": 1}},
        {"bpm": None},
        {"bpm": "auto"},
        {"loras": ({"path": "a", "scale": 1},)},
        {"parts": [{"width": 1}, "whole"]},
        {"things": ["abc", 1, None, {"a": ("b",)}]},
        {"things": ()},
        {"fps": 24},
        {"fps": "auto"},
        {"sizes": [1, True, "1", {"w": 1}, {"w": 2}]},
        {"anything": {"deep": [1, None]}},
    ],
)
def test_what_the_document_allows_passes(given: dict[str, Any]) -> None:
    validate.check_input(SPEC, {"prompt": "x", **given})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"prompt": 3}, "prompt: must be a string; got 3"),
        ({"num_images": "4"}, "num_images: must be an integer; got '4'"),
        ({"num_images": True}, "num_images: must be an integer; got True"),
        ({"num_images": 1.5}, "num_images: must be an integer; got 1.5"),
        ({"num_images": 9}, "num_images: must be at most 4; got 9"),
        ({"num_images": 0}, "num_images: must be at least 1; got 0"),
        ({"num_images": None}, "num_images: must be an integer; got None"),
        ({"guidance": True}, "guidance: must be a number; got True"),
        ({"enable_safety_checker": 1}, "enable_safety_checker: must be true or false; got 1"),
        ({"image_urls": "abc"}, "image_urls: must be a list, not a single string; got 'abc'"),
        ({"things": "abc"}, "things: must be a list, not a single string; got 'abc'"),
        ({"things": b"abc"}, "things: must be a list, not a single file; got b'abc'"),
        ({"fps": True}, "fps: must be one of 1, 24 or 'auto'; got True"),
        ({"fps": 1.0}, "fps: must be one of 1, 24 or 'auto'; got 1.0"),
        ({"sizes": "abc"}, "sizes: must be a list, not a single string; got 'abc'"),
        ({"sizes": ["a", "b", "a"]}, "sizes: must not have the same item twice; got ['a', 'b', 'a']"),
        ({"sizes": [{"w": [1]}, {"w": [1]}]}, "sizes: must not have the same item twice; got [{'w': [1]}, {'w': [1]}]"),
        (
            {"image_urls": ["data:,a", 3]},
            "image_urls.1: must be a URL or a file (pathlib.Path, bytes, a binary file object, an output file); got 3",
        ),
        ({"num_image": 1}, "num_image: is not an input of this endpoint; did you mean 'num_images'?"),
        ({"zzz": 1}, "zzz: is not an input of this endpoint"),
        (
            {"image_size": "big"},
            "image_size: must be ImageSize (a dict) or one of 'square_hd', 'square', 'landscape_4_3'; got 'big'",
        ),
        ({"image_size": {"width": 0}}, "image_size.width: must be at least 1; got 0"),
        ({"image_size": {"widht": 1}}, "image_size.widht: is unknown; did you mean 'width'?"),
        ({"bpm": 0}, "bpm: must be at least 1 or 'auto'; got 0"),
        ({"bpm": 1.5}, "bpm: must be an integer or 'auto'; got 1.5"),
        ({"loras": [{"scale": 1}]}, "loras.0.path: is required"),
        ({"parts": [{"width": 1}, {"width": 9999}]}, "parts.1.width: must be at most 4096; got 9999"),
        ({"parts": ["hole"]}, "parts.0: must be ImageSize (a dict) or 'whole'; did you mean 'whole'?; got 'hole'"),
        ({"tags": {"a": 1}}, "tags.a: must be a string; got 1"),
        ({"tags": ["a"]}, "tags: must be a dict; got ['a']"),
        ({"loras": {"path": "a"}}, "loras: must be a list; got {'path': 'a'}"),
    ],
)
def test_one_problem_in_words(given: dict[str, Any], problem: str) -> None:
    assert _problems(**given) == [problem]


def test_every_problem_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        validate.check_input(SPEC, {"num_images": 9, "promt": "x", "image_size": "big"})
    error = caught.value
    assert isinstance(error, ValueError)
    assert isinstance(error, FalError)
    assert [problem.path for problem in error.problems] == ["prompt", "num_images", "image_size", "promt"]
    assert str(error).startswith(f"4 problems with the input of {SCHNELL} (nothing was sent):\n  prompt: is required\n")
    assert "did you mean 'prompt'?" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_long_value_is_shortened() -> None:
    (problem,) = _problems(num_images="x" * 100_000)
    assert len(problem) < 200


def test_nothing_is_sent(server: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        for verb in ("run", "submit", "subscribe"):
            with pytest.raises(InvalidInputError):
                yield getattr(fal.flux_1.schnell, verb)(prompt=3)

    twin.do(steps)
    assert server.seen == []


def test_validation_can_be_turned_off(server: FalServer, twin: Twin) -> None:
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt=3, what="ever"), validate_inputs=False)
    assert server.seen[0].json == {"prompt": 3, "what": "ever"}


def test_extra_input_is_not_checked_and_wins(server: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        endpoint = fal.flux_1.schnell.with_options(extra_input={"new": [1], "num_images": 99})
        yield endpoint.with_options(extra_input={"newer": 2}).run(prompt="x", num_images=1)

    twin.do(steps)
    assert server.seen[0].json == {"prompt": "x", "num_images": 99, "new": [1], "newer": 2}


class _Odd(Mapping[str, Any]):
    def __getitem__(self, key: str) -> Any:
        return {"a": 1}[key]

    def __iter__(self) -> Any:
        return iter(["a"])

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ((1, (2,)), "[1,[2]]"),
        (UserList([1]), "[1]"),
        (range(3), "[0,1,2]"),
        (_Odd(), '{"a":1}'),
        (UserDict({"a": (1,)}), '{"a":[1]}'),
        ("\u2028é", '"\u2028é"'),
        (10**30, "1" + "0" * 30),
        (1e22, "1e+22"),
        (None, "null"),
    ],
)
def test_the_wire_form(value: Any, wire: str) -> None:
    assert validate.to_json("a/b", {"v": value}).decode() == f'{{"v":{wire}}}'


def _loop() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (float("nan"), "v.0"),
        (float("-inf"), "v.0"),
        (object(), "v.0"),
        ({1, 2}, "v.0"),
        ("\ud800", "v.0"),
        ({(1, 2): 3}, "v.0.(1, 2)"),
        ({"deep": {"er": float("inf")}}, "v.0.deep.er"),
        (_loop(), "v.0.0"),
    ],
)
def test_what_json_cannot_carry_is_refused_with_its_path(value: Any, path: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        validate.to_json("a/b", {"v": [value], "fine": 1})
    assert [problem.path for problem in caught.value.problems] == [path]


def test_nan_is_refused_on_a_typed_endpoint_too(server: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        with pytest.raises(InvalidInputError, match="guidance: must be a finite number"):
            yield fal.flux_1.schnell.run(prompt="x", guidance=float("nan"))

    twin.do(steps)
    assert server.seen == []


def test_renamed_inputs() -> None:
    validate.check_input(ALIAS, {"from_": "a"})
    assert validate.wire_names(ALIAS, {"from_": "a", "unchecked": 1}) == {"from": "a", "unchecked": 1}
    with pytest.raises(InvalidInputError, match="from_: is required"):
        validate.check_input(ALIAS, {"from": "a"})


def test_an_adapter_is_built_once_under_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Any] = []
    real = parse.TypeAdapter

    def counting(kind: Any) -> Any:
        built.append(kind)
        return real(kind)

    monkeypatch.setattr(parse, "TypeAdapter", counting)
    monkeypatch.setattr(parse, "_ADAPTERS", {})
    barrier = threading.Barrier(8)

    def check() -> None:
        barrier.wait()
        validate.check_input(SPEC, {"prompt": "x"})

    threads = [threading.Thread(target=check) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1

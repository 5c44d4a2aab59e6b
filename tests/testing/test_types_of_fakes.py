"""What type checkers say of tests that use a fake: nothing of good ones, something of every bad line."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import fal_typed.testing
import pytest
from fal_typed._runtime.testing.fake import FakeFal
from fal_typed._runtime.testing.scripting.endpoint import EndpointFake
from fal_typed._runtime.testing.tree import Tree
from support import CASES, INTEGER, REPOSITORY, STRING, Project, obj, ref
from support.static import CHECKERS, error_lines, lines_marked, mypy_cache

from generator.emit import fakes

if TYPE_CHECKING:
    from pathlib import Path

PINNED = """\
from unittest import mock
from typing_extensions import assert_type
from fal_typed import ModelError, RateLimitError
from fal_typed.endpoints.flux_1.schnell import Flux1SchnellInput, Flux1SchnellOutput, Image
from fal_typed.testing import Call, EndpointFake, FakeFal, fake_fal

def answer(input: Flux1SchnellInput) -> Flux1SchnellOutput:
    return Flux1SchnellOutput(images=[], timings={}, seed=1, has_nsfw_concepts=[], prompt=input["prompt"])

def takes(fake: EndpointFake[Flux1SchnellInput, Flux1SchnellOutput]) -> None:
    fake.returns(seed=1)

with fake_fal() as fake:
    assert_type(fake, FakeFal)
    schnell = fake.flux_1.schnell
    schnell.returns(images=[{"url": "https://v3.fal.media/a.png"}])
    schnell.returns(images=[{"url": "https://v3.fal.media/a.png", "width": 8}], seed=7).takes(9, queue=[3, 1, 0])
    schnell.returns(images=[Image(url="https://v3.fal.media/a.png", width=8, height=8)], timings={"a": 1.5})
    schnell.returns({"seed": 7, "images": []})
    schnell.returns(answer({"prompt": "a"})).then.returns(seed=2).then.fails(RateLimitError)
    schnell.fails(ModelError("no"))
    schnell.answers(lambda input: {"seed": 7, "prompt": input["prompt"]})
    schnell.answers(answer)
    schnell.answers(lambda input: ModelError("no"))
    schnell.assert_called_once_with(prompt="a", num_images=2, seed=mock.ANY)
    schnell.assert_any_call(prompt=mock.ANY)
    schnell.calls.assert_called_once_with(prompt="a")
    assert_type(schnell.calls[0], Call[Flux1SchnellInput])
    assert schnell.calls[0].input["prompt"] == "a"
    takes(schnell)
    fake.imagen4.preview.returns(seed=1)
    fake.imagen4.preview.fast.returns(seed=1)
    fake.recraft.v2.text_to_image.returns(images=[])
    fake.endpoint("fal-ai/any").returns(anything=1)

    schnell.returns(imagess=[])  # BAD
    schnell.returns(images=[{"urll": "https://v3.fal.media/a.png"}])  # BAD
    schnell.returns(images=[{"url": 7}])  # BAD
    schnell.returns(images={"url": "https://v3.fal.media/a.png"})  # BAD
    schnell.returns({"sed": 7})  # BAD
    schnell.returns(seed="7")  # BAD
    schnell.returns(prompt=None)  # BAD
    schnell.returns(answer)  # BAD
    schnell.answers(lambda input: {"sead": 7})  # BAD
    schnell.answers(lambda input: input["prommpt"])  # BAD
    schnell.assert_called_once_with(promt="a")  # BAD
    schnell.assert_called_with(prompt=7)  # BAD
    schnell.assert_any_call(prompt="a", num_images="2")  # BAD
    schnell.calls[0].input["prommpt"]  # BAD
    fake.flux_1.snell  # BAD
    fake.flux_1.schnell.fast  # BAD
    fake.recraft.v2.text_to_image.returns(images=[{"width": 8}])  # BAD

async def asynchronous() -> None:
    async with fake_fal(allow=["v3.fal.media"]) as fake:
        fake.flux_1.schnell.returns(seed=1)
        fake.flux_1.schnell.returns(sead=1)  # BAD
"""


@pytest.mark.slow
@pytest.mark.pinned
@pytest.mark.parametrize("checker", CHECKERS)
def test_the_pinned_endpoints(checker: str, tmp_path: Path) -> None:
    found = error_lines(checker, tmp_path, PINNED, REPOSITORY / "generated")
    assert set(found) == lines_marked(PINNED), found


ODD = """\
from fal_typed.testing import fake_fal

with fake_fal() as fake:
    fake.plain.returns(model=1).returns({"class_": "a", "int_": 3, "literal": "b", "tree": {"tree": {"leaf": 1}}})
    fake.plain.returns(level=2, either={"a": 1}, bag={"x": [{"leaf": 1}]}, when=None)
    fake.plain.below.returns(seed=1)
    fake.plain.calls.assert_not_called()
    fake.open.returns(anything=1, it=[2])
    fake.two.returns({"a": 1})
    fake.two.returns({"b": "x"})
    fake.nested.stream_.streams([{"seed": 1}, {"seed": 2}])
    fake.plain.returns(tree={"tree": {"leaf": "1"}})  # BAD
    fake.plain.returns(level=4)  # BAD
    fake.plain.returns(either={"c": 1})  # BAD
    fake.plain.returns(bag={"x": [{"leef": 1}]})  # BAD
    fake.two.returns({"c": 1})  # BAD
    fake.nested.stream_.streams([{"sead": 1}])  # BAD
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Outputs with names that collide with each other, with ours and with Python's."""
    project = Project(tmp_path_factory.mktemp("odd"))
    plain = obj(
        {
            "model": INTEGER,
            "class": STRING,
            "int": INTEGER,
            "literal": STRING,
            "tree": ref("Tree"),
            "level": {"type": "integer", "enum": [1, 2, 3]},
            "either": {"anyOf": [ref("PlainFake"), ref("TreeDict")]},
            "bag": {"type": "object", "additionalProperties": {"type": "array", "items": ref("Tree")}},
            "when": {"anyOf": [STRING, {"type": "null"}]},
            "PlainOutputDict": STRING,
            "output": STRING,
            "self": STRING,
        },
    )
    components = {
        "Tree": obj({"tree": ref("Tree"), "leaf": INTEGER}),
        "TreeDict": obj({"b": INTEGER, "Callable": ref("FalError")}),
        "PlainFake": obj({"a": INTEGER}),
        "FalError": obj({"EndpointFake": INTEGER}),
    }
    project.add("fal-ai/plain", output=plain, components=components)
    project.add("fal-ai/other", output=obj({"tree": ref("Tree"), "other": ref("TreeDict")}), components=components)
    for name in ("plain/below", "plain/calls", "calls", "iterable", "nested/stream", "a--b", "a__b", "a/_b"):
        project.add(f"fal-ai/{name}")
    project.add("fal-ai/open", output=obj({"it": STRING}, additionalProperties=True))
    two = {"anyOf": [ref("A"), ref("B")]}
    project.add("fal-ai/two", output=two, components={"A": obj({"a": INTEGER}), "B": obj({"b": STRING})})
    project.put("fal-ai/awkward", (CASES / "awkward.json").read_text(encoding="utf-8"))
    result = project.regenerate()
    assert not [one for one in result.diagnostics if one.code.value == "refused-module"]
    return project


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_odd_names(checker: str, odd: Project, tmp_path: Path) -> None:
    found = error_lines(checker, tmp_path, ODD, odd.output)
    assert set(found) == lines_marked(ODD), found


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_the_stubs_themselves_are_in_order(checker: str, odd: Project, tmp_path: Path) -> None:
    """Also for who vendors them, and has them checked."""
    settings = {"include": ["fal_typed/_fakes"], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (odd.output / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    commands = {
        "pyright": ["pyright", "--pythonpath", sys.executable],
        "mypy": ["mypy", "--strict", "--cache-dir", mypy_cache(), "-p", "fal_typed._fakes"],
    }
    environment = {"MYPYPATH": str(odd.output), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", *commands[checker]]
    done = subprocess.run(command, cwd=odd.output, env=environment, capture_output=True, text=True, check=False)
    assert "No source files" not in done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if "error:" in line and "_fakes" in line] == []
    assert "0 errors" in done.stdout or "source files)" in done.stdout or "Success" in done.stdout


# --- what the stubs say of the runtime -------------------------------------------------------------------------------


def own_names(kind: type) -> set[str]:
    return {name for one in kind.__mro__ if one is not object for name in vars(one) if not name.startswith("_")}


def test_names_that_fakes_have_for_themselves() -> None:
    assert own_names(EndpointFake) == fakes.OF_ENDPOINT
    instance: Any = FakeFal()
    assert own_names(FakeFal) | {name for name in vars(instance) if not name.startswith("_")} == fakes.OF_FAL
    assert own_names(Tree) == set()


def test_fake_fal_takes_what_its_stub_says() -> None:
    said = (REPOSITORY / "generated" / "fal_typed" / "_fakes" / "__init__.pyi").read_text(encoding="utf-8")
    signature = inspect.signature(fal_typed.testing.fake_fal)
    assert f"def fake_fal{signature}: ...".replace("'", "") in said


@pytest.mark.parametrize("method", ["returns", "streams", "answers", "assert_called_with"])
def test_the_methods_take_what_the_stubs_say(method: str) -> None:
    kinds = [(one.name, one.kind) for one in inspect.signature(getattr(EndpointFake, method)).parameters.values()]
    positional, keywords = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_KEYWORD
    wanted = {
        "returns": [("output", positional), ("fields", keywords)],
        "streams": [("events", positional)],
        "answers": [("function", positional)],
        "assert_called_with": [("input", keywords)],
    }
    assert kinds == [("self", positional), *wanted[method]]

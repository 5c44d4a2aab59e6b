"""Where a component of a document goes in and comes out, the type of what goes in says so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support import CASES, STRING, Project, obj, ref, sources

from generator.emit.annotations import annotation
from generator.ir.share import Kind
from generator.shapes import RefShape

ID, MODULE = "fal-ai/case/outputs-as-inputs", "endpoints/case/outputs_as_inputs.py"

MESSAGE = {"Message": obj({"text": STRING, "part": ref("Part")}), "Part": obj({"text": STRING})}
MESSAGES = {"messages": {"type": "array", "items": ref("Message")}}


@pytest.fixture
def emitted(project: Project) -> str:
    project.put(ID, (CASES / "outputs-as-inputs.json").read_text(encoding="utf-8"))
    project.regenerate()
    return project.module(MODULE)


def fields(module: str, name: str) -> dict[str, str]:
    """The annotations of a class."""
    body = re.search(rf"^class {name}\(.*?(?=^class |^SPEC )", module, re.DOTALL | re.MULTILINE)
    assert body is not None
    return dict(re.findall(r"^    (\w+): (.*)$", body[0], re.MULTILINE))


def test_every_place_of_an_object_says_which_model_is_taken(emitted: str) -> None:
    message = 'OrModel[MessageParam, "Message"]'
    assert fields(emitted, "CaseOutputsAsInputsInput") == {
        "prompt": "Required[str]",
        "messages": f"SequenceNotStr[{message}] | None",
        "either": f"str | {message} | SequenceNotStr[{message}]",
        "by_name": f"Mapping[str, {message}]",
        "turn": 'OrModel[TurnParam, "Turn"]',
        "scene": 'OrModel[SceneParam, "Scene"]',
        "notes": "Mapping[str, Any]",
        "anything": "Any",
        "size": "Size",
    }


def test_so_do_the_other_classes_of_the_module_and_no_output_does(emitted: str) -> None:
    assert fields(emitted, "ThreadParam") == {
        "turns": 'Required["SequenceNotStr[OrModel[TurnParam, Turn]]"]',  # no quotes in quotes
        "scenes": 'SequenceNotStr[OrModel[SceneParam, "Scene"]]',
    }
    assert fields(emitted, "Thread") == {"turns": '"list[Turn]"', "scenes": "list[Scene] | None = None"}


def test_a_shared_class_is_the_same_whatever_one_endpoint_answers(project: Project) -> None:
    project.add("fal-ai/a", input=obj(MESSAGES), components=MESSAGE)
    project.regenerate()
    before = project.module("params/_message.py")
    project.add("fal-ai/a", input=obj(MESSAGES), output=obj(MESSAGES), components=MESSAGE)
    project.add("fal-ai/b", input=obj(MESSAGES), components=MESSAGE)
    project.regenerate()
    assert project.module("params/_message.py") == before
    assert "part: Part" in before
    assert fields(project.module("endpoints/a.py"), "AInput") == {
        "messages": 'SequenceNotStr[OrModel[MessageParam, "Message"]]'
    }
    assert fields(project.module("endpoints/b.py"), "BInput") == {"messages": "SequenceNotStr[Message]"}


def test_components_of_two_documents_are_not_joined(project: Project) -> None:
    """Only where one document has a component on both sides, its types say so; the client takes any that fits."""
    project.add("fal-ai/a", output=obj(MESSAGES), components=MESSAGE)
    project.add("fal-ai/b", input=obj(MESSAGES), components=MESSAGE)
    project.regenerate()
    assert not [path for path, text in sources(project.tree()).items() if "OrModel" in text]


def test_a_root_that_is_on_the_other_side(project: Project) -> None:
    output = obj({"text": STRING, "before": ref("AInput")})
    project.add("fal-ai/a", input=obj({"last": ref("AOutput"), "like": ref("AInput")}), output=output)
    project.regenerate()
    module = project.module("endpoints/a.py")
    assert fields(module, "AInput") == {
        "last": 'OrModel[AOutputParam, "AOutput"]',
        "like": '"OrModel[AInput, AInputModel]"',
    }


def test_further_inputs(project: Project) -> None:
    talk: dict[str, Any] = {**obj({"text": STRING}), "additionalProperties": ref("Message")}
    project.add("fal-ai/a", input=talk, output=obj(MESSAGES), components=MESSAGE)
    project.regenerate()
    assert 'extra_items=OrModel[MessageParam, "Message"]' in project.module("endpoints/a.py")


def test_a_field_that_is_called_as_the_model_keeps_its_name(project: Project) -> None:
    """Type checkers take the field for the class, within quotes, too; and a new output must not rename an input."""
    project.add("fal-ai/a", input=obj({"Message": ref("Message")}), output=obj(MESSAGES), components=MESSAGE)
    project.regenerate()
    assert fields(project.module("endpoints/a.py"), "AInput") == {"Message": "MessageParam"}


def test_only_what_goes_in_may_be_either() -> None:
    assert annotation(RefShape(name="A", model="B"), Kind.PARAMS) == "OrModel[A, 'B']"
    assert annotation(RefShape(name="A", model="B"), Kind.PARAMS, quoted=True) == "OrModel[A, B]"
    assert annotation(RefShape(name="A", model="B"), Kind.MODELS) == "A"

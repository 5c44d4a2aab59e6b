"""How endpoints of one app differ, and which of them are near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from collected import collected
from support import INTEGER, STRING, Project, obj, ref

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.facts import Sibling

PROMPT = {"prompt": STRING}


def differences(tmp_path: Path, mine: dict[str, Any], theirs: dict[str, Any]) -> Sibling:
    """How the second of two endpoints differs, told on the page of the first."""
    project = Project(tmp_path)
    project.add("fal-ai/app/a", **mine)
    project.add("fal-ai/app/b", **theirs)
    first, _ = collected(project).endpoints
    (sibling,) = first.siblings
    assert (sibling.id, sibling.category) == ("fal-ai/app/b", "text-to-image")
    return sibling


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        (STRING, STRING, ()),
        (STRING, {**STRING, "description": "Other words."}, ()),
        ({**INTEGER, "default": 4}, {**INTEGER, "default": 1}, ("`it` is `1` by default, not `4`",)),
        (INTEGER, {**INTEGER, "default": 1}, ("`it` is `1` by default",)),
        ({**INTEGER, "default": 4}, INTEGER, ("`it` has no default",)),
        ({**STRING, "default": "x" * 80}, {**STRING, "default": "y"}, ("`it` has another default",)),
        (STRING, INTEGER, ("`it` is `int`, not `str`",)),
        (
            {**INTEGER, "maximum": 4},
            {**INTEGER, "minimum": 1, "maximum": 2},
            ("`it` has the limits `1 to 2`, not `at most 4`",),
        ),
        ({**INTEGER, "maximum": 4}, INTEGER, ("`it` has no limits",)),
        ({"enum": ["a", "b"]}, {"enum": ["b", "c"]}, ('`it` can also be `"c"`, but cannot be `"a"`',)),
        ({"enum": ["a", "b"]}, {"enum": ["b"]}, ('`it` cannot be `"a"`',)),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, ()),
        ({"enum": ["`"]}, {"enum": ["\x1b[31m`", "`"]}, ('`it` can also be ``"\\u001b[31m`"``',)),
    ],
)
def test_an_input_of_both(mine: Any, theirs: Any, said: tuple[str, ...], tmp_path: Path) -> None:
    sibling = differences(tmp_path, {"input": obj({"it": mine})}, {"input": obj({"it": theirs})})
    assert sibling.differences == said
    assert sibling.count == len(said)


def test_inputs_of_one(tmp_path: Path) -> None:
    mine = obj({**PROMPT, "old": STRING}, required=["prompt"])
    theirs = obj({**PROMPT, "mask_url": STRING, "more": STRING, "seed": {**INTEGER}}, required=["mask_url"])
    sibling = differences(tmp_path, {"input": mine}, {"input": theirs})
    assert sibling.differences == (
        "also takes `mask_url` (must be given), `more` and `seed`",
        "does not take `old`",
        "`prompt` may be left out",
    )


def test_what_need_not_be_given_because_of_its_default(tmp_path: Path) -> None:
    mine = obj(PROMPT, required=["prompt"])
    theirs = obj({"prompt": {**STRING, "default": "x"}})
    assert differences(tmp_path, {"input": mine}, {"input": theirs}).differences == (
        '`prompt` may be left out and is `"x"` by default',
    )


def test_outputs(tmp_path: Path) -> None:
    mine = obj({"seed": INTEGER, "video": STRING}, required=["seed", "video"])
    theirs = obj({"seed": STRING, "images": {"type": "array", "items": STRING}}, required=["seed", "images"])
    assert differences(tmp_path, {"output": mine}, {"output": theirs}).differences == (
        "also gives `images`",
        "does not give `video`",
        "its output's `seed` is `str`, not `int`",
    )


def test_fields_below(tmp_path: Path) -> None:
    def parts(**fields: Any) -> dict[str, Any]:
        return {"input": obj({"size": ref("Size")}), "components": {"Size": obj(fields)}}

    sibling = differences(tmp_path, parts(width=INTEGER), parts(width={**INTEGER, "maximum": 4}))
    assert sibling.differences == ("`size` has other fields",)


def test_the_number_of_sentences_is_bounded(tmp_path: Path) -> None:
    names = [f"field{number}" for number in range(40)]
    mine, theirs = obj(dict.fromkeys(names, STRING)), obj(dict.fromkeys(names, INTEGER))
    sibling = differences(tmp_path, {"input": mine}, {"input": theirs})
    assert (len(sibling.differences), sibling.count) == (8, 40)
    only = differences(tmp_path / "only", {"input": obj({})}, {"input": theirs})
    assert only.differences[0].endswith("`field5` and 34 more")


def test_the_nearest_come_first_and_others_are_strangers(tmp_path: Path) -> None:
    project = Project(tmp_path)
    shared = {f"f{number}": STRING for number in range(6)}
    project.add("fal-ai/app", input=obj(shared))
    project.add("fal-ai/app/same", input=obj(shared))
    project.add("fal-ai/app/far", input=obj({"other": STRING}))
    project.add("fal-ai/app/near", input=obj({**shared, "seed": INTEGER}))
    project.add("fal-ai/app/typed", input=obj({**shared, "f0": INTEGER}))
    project.add("fal-ai/application", input=obj(shared))
    project.add("other/app", input=obj(shared))
    first = collected(project).endpoints[0]
    assert [one.id for one in first.siblings] == [f"fal-ai/app/{one}" for one in ("same", "typed", "near", "far")]


def test_of_many_the_nearest_are_told(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for number in range(12):
        project.add(f"fal-ai/app/m{number:02}", input=obj({f"f{at}": STRING for at in range(number + 1)}))
    last = collected(project).endpoints[-1]
    assert [one.id[-3:] for one in last.siblings] == [f"m{number:02}" for number in range(10, 2, -1)]


def test_a_stream_beside_it(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.add("fal-ai/app/it")
    project.add("fal-ai/app/it/stream")
    first, second = collected(project).endpoints
    assert (first.siblings[0].differences, second.siblings[0].differences) == (("also streams",), ("does not stream",))

"""Documents made to exhaust whoever shows them, and to break out of what they are shown in."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest
from collected import collected, only
from hostile.documents import draw_documents
from support import INTEGER, STRING, Project, obj, ref
from support.exhausting import circles, laughs, quarrel

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.facts import EndpointFacts

SMALL = 1_000_000


def size(one: EndpointFacts) -> int:
    """The characters of all samples."""
    return sum(len(sample.code) for sample in one.samples)


def must(schema: Any, **components: Any) -> dict[str, Any]:
    """An endpoint whose one input must be given."""
    return {"input": obj({"it": schema}, required=["it"]), "components": components}


MANY = [f"p{at}" for at in range(500)]
BOTH = ["a", "b"]
LAUGHS = laughs(20, lambda below: obj({"a": ref(below), "b": ref(below)}, required=BOTH))
LISTS = laughs(12, lambda below: obj({"a": {"type": "array", "minItems": 9, "items": ref(below)}}, required=["a"]))
# Nested so deep, an engine that goes back on its steps would take longer than anybody waits.
SLOW = "^(((a+)+)+)+$"


@pytest.mark.parametrize(
    "parts",
    [
        must({**STRING, "minLength": 2**40}),
        must({"type": "array", "minItems": 2**40, "items": STRING}),
        must({"type": "array", "minItems": 2**40, "uniqueItems": True, "items": INTEGER}),
        must(ref("L0"), **LAUGHS),
        must(ref("L0"), **LISTS),
        must(ref("C0"), **circles(5)),
        must({**STRING, "pattern": SLOW, "examples": ["a" * 40 + "!"]}),
        must({**STRING, "examples": ["x" * 1_000_000]}),
        {
            "input": obj(
                {f"p{at}": {**STRING, "minLength": 2**30} for at in range(500)},
                required=[f"p{at}" for at in range(500)],
            )
        },
        {"output": obj({"it": ref("L0")}, required=["it"]), "components": LAUGHS},
    ],
    ids=["text", "list", "unique", "laughs", "lists", "circles", "pattern", "example", "many", "output"],
)
def test_samples_stay_small(parts: dict[str, Any], tmp_path: Path) -> None:
    one = only(tmp_path, **parts)
    assert size(one) < SMALL * 2
    for sample in one.samples:
        if sample.language == "python":
            ast.parse(sample.code)


def test_examples_that_fit_none_of_many_types(tmp_path: Path) -> None:
    data = json.loads(quarrel(12))
    inputs = data["components"]["schemas"]["XInput"]
    inputs["properties"]["it"]["examples"] = [inputs["properties"]["it"].pop("default")]
    inputs["required"] = ["it"]
    project = Project(tmp_path)
    project.put("fal-ai/x", json.dumps(data))
    (one,) = collected(project).endpoints
    assert size(one) < SMALL


# All that a sample names.
NAMES = {*"Fal AsyncFal fal out handle request_id print asyncio main None Path events event".split()}


def names_in(one: EndpointFacts) -> set[str]:
    """All names in the samples in Python, which have nothing to run but calls of what has those."""
    trees = [ast.parse(sample.code) for sample in one.samples if sample.language == "python"]
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_nothing_of_a_document_becomes_code(tmp_path: Path) -> None:
    """What a hostile document says stands in literals: nothing else of a sample is not ours."""
    evil = "\"\"\"'; __import__('os').system('x') #\n\\\u202e"
    one = only(tmp_path, input=obj({evil: {**STRING, "examples": [evil]}, "x": {"enum": [evil]}}, required=[evil, "x"]))
    assert names_in(one) <= NAMES
    assert not any("\u202e" in sample.code for sample in one.samples)
    assert [field.wire_name for field in one.input.fields] == [evil, "x"]


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("shard", [0, *(pytest.param(at, marks=pytest.mark.slow) for at in range(1, 6))])
def test_drawn_documents(shard: int, project: Project) -> None:
    drawn = draw_documents(60, shard)
    for at, document in enumerate(drawn):
        project.put(f"fal-ai/m{at}", json.dumps(document))
    facts = collected(project)
    assert len(facts.endpoints) > 20
    assert len(facts.endpoints) + len(facts.skipped) == len(drawn)
    for one in facts.endpoints:
        assert names_in(one) <= NAMES
        assert one.summary.isprintable()
        assert one.category.isprintable()
        for sibling in one.siblings:
            assert all(said.isprintable() for said in sibling.differences)
    assert all(reason.isprintable() for _, reason in facts.skipped)

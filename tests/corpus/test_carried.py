"""The schemas that the package carries say what the real documents say: compared with a second reading of those."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed._runtime.schemas import schemas_of
from jsonschema import Draft202012Validator

from corpus.corpus import PACKAGE, documents
from corpus.schemas import PREFIX, Schemas
from corpus.side_by_side import Comparison
from generator.diagnostics import Findings
from generator.parse.json_schema import schemas
from generator.parse.load import Document
from generator.parse.resolve import resolve

if TYPE_CHECKING:
    from corpus.corpus import Made

SIDES = ("input", "output")


@cache
def carried(endpoint_id: str) -> dict[str, Any]:
    document = Document(id=endpoint_id, path="", text="", data=documents()[endpoint_id])
    resolved = resolve(document, Findings())
    assert resolved is not None
    both: dict[str, Any] = json.loads(schemas(resolved))
    return both


@pytest.mark.sampled(20)
@pytest.mark.parametrize("endpoint_id", sorted(documents()))
def test_what_is_carried_is_what_the_document_says(endpoint_id: str) -> None:
    document, both = Schemas(documents()[endpoint_id]), carried(endpoint_id)
    for side, theirs in zip(SIDES, (document.input, document.output), strict=True):
        Draft202012Validator.check_schema(both[side])
        comparison = Comparison(document, both[side])
        comparison.root(theirs, both[side])
        assert comparison.compared > len(document.properties(theirs))
        wanted = set(document.reached(theirs)) - {theirs.get("$ref", "").removeprefix(PREFIX)}
        assert wanted <= both[side].get("$defs", {}).keys()


def test_the_package_carries_all_of_them(made: Made) -> None:
    for endpoint_id in documents():
        found = schemas_of(PACKAGE, endpoint_id)
        assert found is not None
        for side in SIDES:
            plain = {key: value for key, value in unmarked(getattr(found, side)).items() if key != "$schema"}
            assert json.dumps(plain) == json.dumps(carried(endpoint_id)[side])


def unmarked(value: Any) -> Any:
    """A schema without the marks of files, which test_described.py looks at."""
    if isinstance(value, list):
        return [unmarked(one) for one in value]
    return {key: unmarked(one) for key, one in value.items() if key != "x-file"} if isinstance(value, dict) else value


def test_they_are_small(made: Made) -> None:
    """A thousand endpoints have at most 400 kB."""
    size = (made.package / "_schemas.txt").stat().st_size
    assert size < 400_000 * max(len(documents()), 100) / 400

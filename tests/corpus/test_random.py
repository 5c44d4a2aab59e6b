"""Random values made from the raw documents: what a schema allows comes back unchanged, what it forbids is refused."""

from __future__ import annotations

import importlib
import json
import logging
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from corpus.corpus import PACKAGE, SEED, Made, documents, sample
from corpus.invalid import broken
from corpus.schemas import Schemas
from corpus.test_examples import adapter_of
from corpus.valid import values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SAMPLE = 40
OUTPUTS_EACH = 5
INPUTS_EACH = 2
_DRAWN = settings(
    max_examples=OUTPUTS_EACH,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Heard(logging.Handler):
    """Collects what the client logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def outputs_that_change(made: Made, ids: Iterable[str]) -> list[str]:
    """Every endpoint with an output that warns, or comes back as something else."""
    parse: Callable[..., Any] = importlib.import_module(f"{PACKAGE}._runtime.outputs.parse").parse_output
    logger: logging.Logger = importlib.import_module(f"{PACKAGE}._runtime.log").logger
    heard = Heard()
    logger.addHandler(heard)
    try:
        return [f"{one}: {found}" for one in ids if (found := _change(made.endpoint(one).SPEC, one, parse, heard))]
    finally:
        logger.removeHandler(heard)


def _change(spec: Any, endpoint_id: str, parse: Callable[..., Any], heard: Heard) -> str:
    schemas = Schemas(documents()[endpoint_id])
    schema = schemas.standard(schemas.output, closed=True)
    # Nothing is said of some outputs; the client reads an object, and holds what is none with a warning.
    whole = {"type": "object"} if schema in ({}, True) else schema
    found: list[str] = []

    @_DRAWN
    @given(values(whole))
    def drawn(body: Any) -> None:
        assert Draft202012Validator(schema).is_valid(body)
        heard.lines.clear()
        output = parse(spec.output, body)
        assert isinstance(output, BaseModel)
        back = output.model_dump(mode="json", exclude_unset=True, by_alias=True)
        if heard.lines and not found:
            found.append(f"{heard.lines} at {json.dumps(body)[:300]}")
        if back != body and not found:
            found.append(f"{json.dumps(body)[:300]} became {json.dumps(back)[:300]}")

    drawn()
    return "".join(found)


def inputs_let_through(made: Made, ids: Iterable[str]) -> tuple[int, list[str]]:
    """How many invalid inputs were tried, and those that the emitted check took."""
    tried, wrong = 0, list[str]()
    for endpoint_id in ids:
        adapter = adapter_of(made.endpoint(endpoint_id).SPEC.input)
        schemas = Schemas(documents()[endpoint_id])
        schema = schemas.standard(schemas.input, closed=True)
        judge = Draft202012Validator(schema)
        randomness = random.Random(f"{SEED} {endpoint_id}")
        for label, value in [one for _ in range(INPUTS_EACH) for one in broken(schema, randomness)]:
            if judge.is_valid(value):
                continue  # another branch of a union takes it
            tried += 1
            try:
                adapter.validate_python(value, strict=True, by_name=True, by_alias=False)
            except ValidationError:
                continue
            wrong.append(f"{endpoint_id}{label}: {json.dumps(value)[:200]}")
    return tried, wrong


def test_valid_outputs_come_back_as_they_were(made: Made) -> None:
    wrong = outputs_that_change(made, sample(SAMPLE))
    assert not wrong, "\n".join(wrong)


def test_invalid_inputs_are_refused(made: Made) -> None:
    tried, wrong = inputs_let_through(made, sample(SAMPLE))
    assert not wrong, "\n".join(wrong)
    assert tried > SAMPLE * INPUTS_EACH * 10


@pytest.mark.slow
def test_all_valid_outputs_come_back_as_they_were(made: Made) -> None:
    wrong = outputs_that_change(made, documents())
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_all_invalid_inputs_are_refused(made: Made) -> None:
    _, wrong = inputs_let_through(made, documents())
    assert not wrong, "\n".join(wrong)


def test_each_constraint_is_broken_in_turn() -> None:
    """The inputs above break what they say they break."""
    schema = {
        "type": "object",
        "required": ["a"],
        "additionalProperties": False,
        "properties": {
            "a": {"type": "integer", "minimum": 1, "maximum": 4, "multipleOf": 2},
            "b": {"anyOf": [{"enum": ["x"]}, {"type": "null"}]},
            "c": {"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1, "maxItems": 2},
        },
    }
    made = dict(broken(schema, random.Random(SEED)))
    assert sorted(made) == sorted(
        [" type", " additionalProperties", ".a required", ".a type", ".a minimum", ".a maximum", ".a multipleOf",
         ".b enum", ".c type", ".c minItems", ".c maxItems", ".c[] type", ".c[] maxLength"]
    )  # fmt: skip
    valid = [label for label, value in made.items() if Draft202012Validator(schema).is_valid(value)]
    assert valid in ([], [".b enum"])  # None is the other branch's

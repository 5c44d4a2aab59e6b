"""Problems of inputs in words, where the words depend on how many there are to choose from."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import TypeAdapter, ValidationError
from runtime.inputs.messages import describe
from typing_extensions import TypedDict


def told(annotation: Any, value: Any) -> list[str]:
    """What is said of a value of the one input that there is."""
    input_type: Any = TypedDict("Input", {"it": annotation})  # type: ignore[misc]
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(input_type).validate_python({"it": value}, strict=True)
    return [str(problem) for problem in describe(caught.value, {"it": value}, input_type)]


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (1, "must be 0"),
        (2, "must be one of 0, 1"),
        (12, "must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"),
        (13, "must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (1 more)"),
        (20, "must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (8 more)"),
    ],
)
def test_of_many_choices_the_first_dozen_is_shown(choices: int, words: str) -> None:
    assert told(Literal[tuple(range(choices))], -1) == [f"it: {words}; got -1"]

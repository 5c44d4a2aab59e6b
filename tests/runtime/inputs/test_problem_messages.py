"""Problems of inputs in words, where the words depend on how many there are to choose from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError
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


@pytest.mark.parametrize(
    ("annotation", "value", "words"),
    [
        (Annotated[str, Field(min_length=1)], "", "must have at least 1 character"),
        (Annotated[str, Field(min_length=2)], "", "must have at least 2 characters"),
        (Annotated[str, Field(max_length=1)], "ab", "must have at most 1 character"),
        (Annotated[str, Field(max_length=2)], "abc", "must have at most 2 characters"),
        (Annotated[list[int], Field(min_length=1)], [], "must have at least 1 item"),
        (Annotated[list[int], Field(min_length=2)], [], "must have at least 2 items"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "must have at most 1 item"),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3], "must have at most 2 items"),
        (Annotated[int, Field(ge=2)], 1, "must be at least 2"),
        (Annotated[float, Field(ge=2.0)], 1.0, "must be at least 2"),
        (Annotated[float, Field(gt=2.5)], 1.0, "must be greater than 2.5"),
        (Annotated[int, Field(multiple_of=8)], 9, "must be a multiple of 8"),
    ],
)
def test_limits_are_said_as_they_are(annotation: Any, value: Any, words: str) -> None:
    (said,) = told(annotation, value)
    assert said.startswith(f"it: {words}; got ")

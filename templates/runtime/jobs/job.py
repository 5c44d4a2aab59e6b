"""A job of a `map`: what was put in, and what came of it."""

# design: What comes out of `map`?

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from ..display.shown import ShownData

if TYPE_CHECKING:
    from pathlib import Path

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Job(ShownData, Generic[I, T]):
    """One input of a `map`, and what came of it: `output`, or `error`.

    Attributes:
        key: What the journal knows it by; empty where the input is none that the endpoint takes.
        index: Which of the inputs it is, from 0.
        number: Which of several with this very input it is, from 0.
        input: As it was given.
        output: The output; None where there is an error.
        error: What went wrong; None where there is an output.
        files: What was downloaded.
        request_id: fal's id, where it was submitted.
        billable_units: What fal counted for it; None where it does not say.
        how: Whether it was made now, was in the journal already, was picked up by its id, or found in fal's history.
    """

    key: str
    index: int
    number: int
    input: I
    output: T | None = None
    error: Exception | None = None
    files: tuple[Path, ...] = ()
    request_id: str | None = None
    billable_units: float | None = None
    how: Literal["made", "kept", "picked up", "adopted"] = "made"

    def result(self) -> T:
        """The output.

        Raises:
            FalError: What went wrong instead.
        """
        if self.error is not None:
            raise self.error
        output: Any = self.output
        found: T = output
        return found


if TYPE_CHECKING:
    # For type checkers, which know by `job.error is None` that there is an output. There are only Jobs.
    class DoneJob(Job[I, T]):
        """One that has an output."""

        output: T
        error: None

    class FailedJob(Job[I, T]):
        """One that has none."""

        output: None
        error: Exception

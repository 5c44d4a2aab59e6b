"""How much a change matters (the verdict), and the change itself as a value."""

# design: What does a change deserve?

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(Enum):
    """What a change asks of the version, in the words of semantic versioning; from least to most."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """Its place in the order."""
        return list(Verdict).index(self)


class Direction(Enum):
    """Which way a type goes: callers make inputs, so a narrower one breaks them; a wider output breaks its readers."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change that a user can notice.

    Attributes:
        kind: What it is, for programs; these words never change.
        where: The place: `input.prompt`, `output.Image.width`, `type.Image`, `endpoint`.
        text: A sentence for people. What comes from documents stands in code marks.
    """

    kind: str
    verdict: Verdict
    where: str
    text: str


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of several changes together."""
    return max(verdicts, key=lambda one: one.rank, default=Verdict.NONE)

"""What comes of holding a page against the emitted code: counts, and what does not agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum


class Facet(Enum):
    """What two sides can agree about."""

    FIELDS = "fields"
    ORDER = "order"
    TYPE = "type"
    REQUIRED = "required"
    DEFAULT = "default"
    ENUM = "enum"
    RANGE = "range"
    EXAMPLES = "examples"
    DESCRIPTION = "description"
    NESTED = "nested types"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A facet of a place about which the sides do not say the same.

    Attributes:
        place: Where: `input.seed`, `output`, `types.Image.url`.
        page: What the page says.
        emitted: What the emitted code says.
        line: The page's line; 0 where it has none.
    """

    facet: Facet
    place: str
    page: str
    emitted: str
    line: int = 0


@dataclass(slots=True)
class Comparison:
    """What came of holding a page against the emitted code.

    Attributes:
        compared: How many statements of the page there are, by facet.
        disagreements: Those with which the emitted code does not agree.
    """

    compared: Counter[Facet] = field(default_factory=Counter[Facet])
    disagreements: list[Disagreement] = field(default_factory=list[Disagreement])

    def agreed(self, facet: Facet) -> int:
        """With how many statements of the page the emitted code agrees."""
        return self.compared[facet] - sum(one.facet is facet for one in self.disagreements)

    def judge(self, *, agree: bool, facet: Facet, place: str, page: str, emitted: str, line: int = 0) -> None:
        """Count a statement, and keep it if the sides do not agree."""
        self.compared[facet] += 1
        if not agree:
            found = Disagreement(facet=facet, place=place, page=page, emitted=emitted, line=line)
            self.disagreements.append(found)

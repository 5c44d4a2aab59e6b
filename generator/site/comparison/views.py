"""What the templates of the comparison see: sections, bars and sentences, decided to the last word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class BarView:
    """A bar of a plot.

    Attributes:
        label: Whose.
        shown: The value with its unit.
        spread: The least and the most that was measured, as words; empty where there was one run.
        width: How long it is, in percent of the longest.
        least: Where the line of its spread begins, and where it ends at `most`; empty where there is none.
        ours: Whether it is this client's.
        top: Where its row begins, in pixels.
    """

    label: str
    shown: str
    spread: str
    width: str
    least: str
    most: str
    ours: bool
    top: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """A plot, with what is said below it.

    Attributes:
        told: All of it in words, for who does not see it.
        ratios: Sentences.
        how: When and how it was measured.
    """

    id: str
    name: str
    note: str
    told: str
    bars: tuple[BarView, ...]
    height: int
    ratios: tuple[str, ...]
    how: str
    command: str


class AnswerView(NamedTuple):
    """An answer; of who was not tried the verdict is empty."""

    who: str
    verdict: str
    seen: str
    shown_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureView:
    """A row of the table, and what is said of it below."""

    id: str
    name: str
    tried: str
    answers: tuple[AnswerView, ...]
    how: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """What belongs together."""

    id: str
    name: str
    features: tuple[FeatureView, ...] = ()
    figures: tuple[FigureView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """The page.

    Attributes:
        who: Those that have answers, in the order of the columns.
        measured: When, on what and of which versions, as sentences.
    """

    who: tuple[str, ...]
    measured: tuple[str, ...]
    features: tuple[SectionView, ...]
    figures: tuple[SectionView, ...]

    @property
    def columns(self) -> int:
        """How many the table of features has."""
        return len(self.who) + 1

"""What was measured and tried, as `make bench` records it and the page shows it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEST = re.compile(r"tests(/\w+)+\.py(::\w+(\[.+\])?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What something was measured on: `Linux x86_64`, `CPython 3.12.4`."""

    processors: int
    system: str
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured of one of those that are compared.

    Attributes:
        who: The name of its package.
        how: Which of its ways, where it has several: `map`; else empty.
        value: The median, or the best, as the figure's note says.
        least: The least that was measured; None where there was one run.
        most: The most.
    """

    who: str
    value: float
    how: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def label(self) -> str:
        """Who, and how."""
        return f"{self.who}, {self.how}" if self.how else self.who

    def __post_init__(self) -> None:
        """Refuse what no bar can show."""
        for number in (self.value, self.least, self.most):
            if number is not None and not (math.isfinite(number) and number >= 0):
                raise ValueError("what is measured is a number from 0 on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The first value of a figure divided by another one's, in the median of the pairs.

    Attributes:
        by: Whose: its label.
    """

    by: str
    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something that was measured, of several.

    Attributes:
        name: What: "import and naming the client".
        topic: The section of the page.
        better: Which end is.
        values: Of each; ours stands first.
        runs: How often each was measured.
        unit: `ms`; empty where things are counted.
        note: How, in a sentence.
        ratios: Of ours, where they were measured in pairs.
    """

    name: str
    topic: str
    better: Literal["less", "more"]
    values: tuple[Measured, ...]
    runs: int
    unit: str = ""
    note: str = ""
    ratios: tuple[Ratio, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a figure of nothing."""
        if not self.values:
            raise ValueError("a figure has values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of trying a feature with one of those that are compared.

    Attributes:
        who: The name of its package.
        verdict: What the program concluded.
        seen: What it saw.
        shown_by: Tests of ours that show it at length.
    """

    who: str
    verdict: Literal["yes", "partly", "no"]
    seen: str
    shown_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what names no test."""
        for test in self.shown_by:
            if not _TEST.fullmatch(test):
                raise ValueError(f"{test!r} names no test, as `tests/room/test_it.py` does")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something that a client does or does not.

    Attributes:
        name: What: "checks inputs before it sends them".
        topic: The section of the page.
        tried: What the program did to see it, in a sentence.
        answers: Of each that was tried.
    """

    name: str
    topic: str
    tried: str
    answers: tuple[Tried, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRun:
    """A test that measured, and how it can be run again.

    Attributes:
        test: Its file and name.
        command: For a shell, at the root of the repository.
        date: YYYY-MM-DD.
        machine: On what.
        versions: Of the packages that were compared.
        figures: What it measured.
        features: What it tried.
    """

    test: str
    command: str
    date: str
    machine: Machine
    versions: dict[str, str]
    figures: tuple[Figure, ...] = ()
    features: tuple[Feature, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be run again."""
        if not _TEST.fullmatch(self.test):
            raise ValueError(f"{self.test!r} names no test, as `tests/room/test_it.py::test_so` does")
        if not self.command.isprintable() or "`" in self.command:
            raise ValueError("a command is one line without backticks")
        if not _DATE.fullmatch(self.date):
            raise ValueError(f"{self.date!r} is no date, as 2026-01-31 is")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientComparison:
    """All that was measured, by test."""

    runs: tuple[BenchRun, ...]

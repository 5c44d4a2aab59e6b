"""Changes put in the order in which people read them: what breaks first, and each endpoint's together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.releases import Entry

# Verdict → heading, in the order of a changelog.
_TITLES = {"major": "Breaking", "minor": "New and changed", "patch": "Small"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is said about one endpoint (its id), or about the package (empty)."""

    about: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All that matters equally much."""

    title: str
    topics: tuple[Topic, ...]


def sections(entries: Iterable[Entry]) -> tuple[Section, ...]:
    """Entries by how much they matter, then by what they are about: the package first, then the endpoints by id."""
    texts: dict[str, dict[str, list[str]]] = {}
    for entry in entries:
        texts.setdefault(entry.verdict, {}).setdefault(entry.about, []).append(entry.text)
    return tuple(
        Section(
            title=title,
            topics=tuple(Topic(about=about, texts=tuple(said)) for about, said in sorted(texts[verdict].items())),
        )
        for verdict, title in _TITLES.items()
        if verdict in texts
    )

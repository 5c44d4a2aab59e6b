"""What a fetch did, endpoint by endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .answers import Failed


@dataclass(slots=True)
class FetchReport:
    """The outcome of a run, by endpoint id.

    Attributes:
        new: Documents that were not there before.
        changed: Documents whose content is another now.
        unchanged: Documents that fal still has as they are here.
        skipped: Endpoints that the interrupted run before this one was done with.
        vanished: Endpoints that fal no longer has, with the day this was found. Their documents stay.
        aliases: Endpoints whose document describes another one, with the id they are called by.
        failed: Endpoints without an answer that could be used; what was there of them is as it was.
        streams: Endpoints of which it was noted that they stream.
        ended: Endpoints of which that was noted before, and which the catalogue does not call so any more.
        notes: What is odd about fal's answers as a whole, for people.
        is_partial: Whether the catalogue was not read to its end.
    """

    new: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    unchanged: list[str] = field(default_factory=list[str])
    skipped: list[str] = field(default_factory=list[str])
    vanished: dict[str, str] = field(default_factory=dict[str, str])
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    failed: dict[str, Failed] = field(default_factory=dict[str, "Failed"])
    streams: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    is_partial: bool = False

    def miss(self, note: str) -> None:
        """Note why some endpoints may be missing."""
        self.notes.append(note)
        self.is_partial = True

    @property
    def is_network(self) -> bool:
        """Whether something got no proper answer, so that trying again may help."""
        return self.is_partial or any(one.is_network for one in self.failed.values())

    @property
    def count(self) -> int:
        """How many endpoints the run was about."""
        kept = (self.new, self.changed, self.unchanged, self.skipped, self.vanished, self.failed)
        return sum(map(len, kept))

    def as_json(self) -> dict[str, object]:
        """The report for programs."""
        return {
            "new": sorted(self.new),
            "changed": sorted(self.changed),
            "unchanged": sorted([*self.unchanged, *self.skipped]),
            "vanished": dict(sorted(self.vanished.items())),
            "aliases": dict(sorted(self.aliases.items())),
            "failed": {
                one: {"problem": failed.problem, "network": failed.is_network}
                for one, failed in sorted(self.failed.items())
            },
            "streams": sorted(self.streams),
            "ended_streams": sorted(self.ended),
            "notes": self.notes,
            "partial": self.is_partial,
        }

"""How far an unfinished run came, so that the next one goes on there.

The note lies in the cache folder, which anybody may delete, and counts for an hour: after that, what was fetched is as
old as everything else.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from ..project import cache
from .clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..project.settings import Settings

_COUNTS_FOR = timedelta(hours=1)


@dataclass(slots=True)
class Progress:
    """The ids that an unfinished run is done with.

    Args:
        settings: The project.
        bases: The addresses that are asked; a run against others is another run.
    """

    settings: Settings
    bases: tuple[str, ...]
    done: set[str] = field(init=False, default_factory=set[str])
    _began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._began = now()
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = cast("dict[str, list[str]]", json.loads(self._path.read_bytes()))
            began = datetime.fromisoformat(str(note["began"]))
            if tuple(note["bases"]) == self.bases and timedelta() <= self._began - began < _COUNTS_FOR:
                self._began, self.done = began, {str(one) for one in note["done"]}

    @property
    def _path(self) -> Path:
        return _note(self.settings)

    def add(self, ids: Iterable[str]) -> None:
        """Note more endpoints as done."""
        self.done |= set(ids)
        note = {"began": self._began.isoformat(), "bases": self.bases, "done": sorted(self.done)}
        cache.keep(self._path, json.dumps(note).encode())

    def forget(self) -> None:
        """The run is finished."""
        self.done.clear()
        forget(self.settings)


def forget(settings: Settings) -> None:
    """Let the next run begin from the start."""
    cache.forget(_note(settings))


def _note(settings: Settings) -> Path:
    return settings.root / cache.FOLDER / "fetch.json"

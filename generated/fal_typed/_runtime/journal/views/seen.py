"""What a journal shows of itself: its jobs, what they came to, a table of them, and a picture."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ...checks import suggestion
from ..records import JobState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Literal, TextIO, TypeAlias

    from matplotlib.figure import Figure

    from ..money import Price
    from ..records import JobRecord
    from ..store import Store
    from .export import Format
    from .summary import Summary

    State: TypeAlias = JobState | Literal["claimed", "sending", "submitted", "done", "failed", "unclear"]


class Seen:
    """The part of a journal that changes nothing. It may be asked for while jobs go on; memory does not grow with them.

    What is read meanwhile may be of different moments.
    """

    store: Store

    def jobs(self, *, state: State | None = None, endpoint: str | None = None) -> Iterator[JobRecord]:
        """The jobs, in the order in which they were first taken, read as they are asked for.

        Args:
            state: Only those in this state.
            endpoint: Only those of this endpoint, by its id.

        Raises:
            ValueError: There is no such state.
            JournalError: The journal cannot be read.
        """
        return self.store.each(state=_state(state), endpoint=endpoint)

    def summary(self, *, prices: Mapping[str, Price] | None = None) -> Summary:
        """How many jobs there are, how long they took, and what they cost.

        Args:
            prices: What units cost, by endpoint. Those that the journal has of the last day are known anyway: `map`
                asks for them where there is a `max_cost`, and `fal_typed.batch.prices` does.

        Raises:
            JournalError: The journal cannot be read.
        """
        from ..money import kept_price
        from .summary import summarized
        from .tally import Tally

        tally = Tally.of(self.store.times())
        known = dict(prices or {})
        for endpoint in tally.endpoints.keys() - known.keys():
            if (price := kept_price(self.store, endpoint)) is not None:
                known[endpoint] = price
        return summarized(tally, known)

    def export(
        self,
        target: str | os.PathLike[str] | TextIO,
        *,
        format: Format | None = None,
        state: State | None = None,
        endpoint: str | None = None,
    ) -> int:
        """Write a table of the jobs, and return how many those are.

        JSONL has everything as it is. CSV is for spreadsheets: a text that one of those could take for a formula has an
        apostrophe before it. Times are ISO 8601, in UTC.

        Args:
            target: A path, whose file is replaced once all is written; or a file that takes text, opened with
                `newline=""`.
            format: `csv` or `jsonl`; by default as the path ends.
            state: Only jobs in this state.
            endpoint: Only those of this endpoint, by its id.

        Raises:
            ValueError: The format is none, or is not said; there is no such state; or it would replace the journal.
            OSError: The file cannot be written. The one that was there is as before.
            JournalError: The journal cannot be read.
        """
        from .export import checked_format, write

        chosen = checked_format(target, format)
        if isinstance(target, str | os.PathLike) and self._is_kept_in(Path(target)):
            raise ValueError(f"{os.fspath(target)} is the journal itself; export it to another file")
        return write(self.jobs(state=state, endpoint=endpoint), target, chosen)

    def plot(self, *, since: datetime | None = None, endpoint: str | None = None) -> Figure:
        """A picture of the throughput, of how many were in flight, and of what became of the jobs over time.

        It takes matplotlib (the extra `plot`), and no display: `journal.plot().savefig("run.png")`.

        Args:
            since: From when on; without a time zone it is the local one. By default from the first job on.
            endpoint: Only jobs of this endpoint, by its id.

        Raises:
            ImportError: There is no matplotlib.
            ValueError: There are no jobs to show.
            JournalError: The journal cannot be read.
        """
        from .plot import plotted

        return plotted(lambda: self.store.times(endpoint=endpoint), None if since is None else since.timestamp())

    def _is_kept_in(self, path: Path) -> bool:
        """Whether a file is the one that the journal is in, or belongs to it."""
        kept = self.store.address.removeprefix("sqlite:///").partition("?")[0]
        try:
            return path.exists() and any(
                path.samefile(name) for name in (kept, f"{kept}-wal", f"{kept}-shm") if Path(name).exists()
            )
        except OSError:
            return False


def _state(state: State | None) -> JobState | None:
    if state is None or isinstance(state, JobState):
        return state
    try:
        return JobState(state)
    except ValueError:
        known = [each.value for each in JobState]
        hint = suggestion(str(state), known)
        raise ValueError(f"there is no state {state!r}{hint}; there are {', '.join(known)}") from None

"""What a journal is kept in: the interface of the stores. Every call is short, may block, and is safe in threads."""

# design: What does a journal promise?

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from .records import Claim, Count, Held, JobError, JobRecord, JobState, JobTimes, Sending, Wanted


class Store(Protocol):
    """Jobs by their keys. A change that is made with a `Held` is made only while that worker has the job.

    Raises:
        LeaseLostError: By such a change, where another has taken the job meanwhile. Nothing was changed.
        JournalError: What it is kept in cannot be read or written.
    """

    @property
    def address(self) -> str:
        """Where it is, for messages and for other processes; without a password."""
        ...

    @property
    def is_lost(self) -> bool:
        """Whether it is not there any more, and another one may be made in its place."""
        ...

    def now(self) -> float:
        """Seconds since 1970, by the clock that all workers share."""
        ...

    def claim(
        self,
        wanted: Wanted,
        owner: str,
        lease: float,
        *,
        retry: bool = False,
        is_gone: Callable[[str], bool] = ...,
    ) -> Claim:
        """Take a job, if nobody has it. One that failed is begun anew where `retry` says so.

        Args:
            wanted: Which; its input, number and salt are kept where it is new.
            owner: Who takes it.
            lease: For how many seconds.
            retry: Whether one that failed is to be tried again.
            is_gone: Whether an owner whose lease still lasts is known to be no more.

        Raises:
            JobMismatchError: The key belongs to a job with another endpoint or input.
        """
        ...

    def renew(self, owner: str, keys: Collection[str], lease: float) -> dict[str, int]:
        """Prolong the leases of those jobs that the owner still has; their keys, and which taking of each it is."""
        ...

    def sending(
        self,
        held: Held,
        wire: str,
        lease: float,
        *,
        max_in_flight: int | None = None,
        units: float | None = None,
        max_units: float | None = None,
    ) -> Sending:
        """CLAIMED → SENDING, with the input as it will go over the wire; the lease begins anew.

        Args:
            held: The job.
            wire: Its input, as JSON text.
            lease: For how many seconds.
            max_in_flight: How many jobs, of all endpoints and workers, may be SENDING or SUBMITTED with a living lease.
            units: What it will take, where that is limited.
            max_units: What all jobs of its endpoint together may take, with those that ended.
        """
        ...

    def submitted(self, held: Held, handle: Mapping[str, str]) -> None:
        """SENDING → SUBMITTED.

        Raises:
            LeaseLostError: Another has taken the job. If it had no id, it is SUBMITTED with this one, and nobody has
                it, so that it can be picked up.
            TwiceSubmittedError: It has another id already.
            JobMismatchError: Another job has that id.
        """
        ...

    def adopt(self, held: Held, handle: Mapping[str, str]) -> bool:
        """SENDING or UNCLEAR → SUBMITTED with an id from fal's history; False where that id is known already."""
        ...

    def withdraw(self, held: Held) -> None:
        """SENDING, UNCLEAR or CLAIMED → CLAIMED, still held: it is certain that fal does not have it.

        What was reserved for it is free again.
        """
        ...

    def done(self, held: Held, output: str, files: tuple[str, ...] = (), units: float | None = None) -> None:
        """SUBMITTED → DONE, without a lease. To say so again changes nothing."""
        ...

    def saved(self, key: str, files: tuple[str, ...]) -> None:
        """Of a job that is DONE: the paths of what was downloaded since. Whoever has downloaded it says so."""
        ...

    def failed(self, held: Held, error: JobError, units: float | None = None) -> None:
        """SENDING or SUBMITTED → FAILED, without a lease. To say so again changes nothing."""
        ...

    def unclear(self, held: Held, note: str) -> None:
        """SENDING or UNCLEAR → UNCLEAR, without a lease."""
        ...

    def release(self, held: Held) -> None:
        """Give the lease back, if it is still had; a job that was merely CLAIMED is forgotten."""
        ...

    def open_alike(self, record: JobRecord) -> list[JobRecord]:
        """The other jobs of its endpoint that are SENDING or UNCLEAR with the same wire input (as JSON values)."""
        ...

    def known_ids(self, request_ids: Collection[str]) -> set[str]:
        """Those of the ids that some job has, or had before it was begun anew or forgotten."""
        ...

    def get(self, key: str) -> JobRecord | None:
        """A job by its key."""
        ...

    def each(self, *, state: JobState | None = None, endpoint: str | None = None) -> Iterator[JobRecord]:
        """All jobs, in the order in which they were first claimed, read as they are asked for."""
        ...

    def times(self, *, endpoint: str | None = None) -> Iterator[JobTimes]:
        """As `each`, of what is short: for sums and pictures of many jobs."""
        ...

    def counts(self) -> list[Count]:
        """How many jobs there are, by endpoint and state."""
        ...

    # By hand.

    def assign(self, key: str, handle: Mapping[str, str], *, is_gone: Callable[[str], bool] = ...) -> None:
        """A job that nobody has, UNCLEAR or SENDING, becomes SUBMITTED with an id that a person has found.

        Raises:
            KeyError: There is no such job.
            ValueError: It is in another state; as JobMismatchError: the id is known already.
            LeaseLostError: A worker has it.
        """
        ...

    def forget(self, key: str, *, is_gone: Callable[[str], bool] = ...) -> bool:
        """Remove a job; False where there is none. What it took counts on.

        Raises:
            LeaseLostError: A worker has it.
        """
        ...

    def retry(self, key: str | None = None) -> int:
        """Have a job that failed, or all of them, done anew when it is claimed next; how many those are."""
        ...

    # Facts that are kept for a while, as prices.

    def keep(self, name: str, value: str, seconds: float) -> None:
        """Keep a text for so long."""
        ...

    def kept(self, name: str) -> str | None:
        """A text that is kept, if its time is not over."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...

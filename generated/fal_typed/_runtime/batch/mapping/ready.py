"""Jobs that are ready and not read yet, in the order in which they are to be read."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from ...jobs.job import Job

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


class Ready(Generic[I, T]):
    """Not safe in threads.

    Args:
        ordered: Whether they are read in the order of their inputs.
    """

    def __init__(self, *, ordered: bool) -> None:
        self._ordered = ordered
        self._next = 0
        self._waiting: dict[int, Job[I, T]] = {}
        self._jobs: deque[Job[I, T]] = deque()

    def put(self, job: Job[I, T]) -> None:
        """One is ready."""
        if not self._ordered:
            self._jobs.append(job)
            return
        self._waiting[job.index] = job
        while (following := self._waiting.pop(self._next, None)) is not None:
            self._jobs.append(following)
            self._next += 1

    @property
    def has_some(self) -> bool:
        """Whether one can be read."""
        return bool(self._jobs)

    def take(self) -> Job[I, T] | None:
        """The next one to be read, if it is ready."""
        return self._jobs.popleft() if self._jobs else None

    def rest(self) -> None:
        """No more will come of those that are missing: give out what is there, in its order."""
        for index in sorted(self._waiting):
            self._jobs.append(self._waiting.pop(index))

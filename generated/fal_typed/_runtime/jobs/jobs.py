"""The jobs of a `map` as they are ready."""

# design: What comes out of `map`?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from .job import DoneJob, FailedJob, Job
    from .tally import MapSummary

C = TypeVar("C")  # jedi knows no Self
I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


class Running(Protocol[I, T]):
    """What does the jobs of a synchronous `map`."""

    def next(self) -> Job[I, T] | None:
        """The next job that is ready; None when all are done. Waits, and reads more inputs meanwhile."""
        ...

    def close(self, *, waits: bool = True) -> None:
        """Submit no more, and leave what is in flight as it is; `waits` until nothing goes on here."""
        ...

    def summary(self) -> MapSummary:
        """What came of the jobs so far."""
        ...


class AsyncRunning(Protocol[I, T]):
    """The same of an asynchronous one."""

    async def next(self) -> Job[I, T] | None:
        """As `Running.next`."""
        ...

    async def close(self) -> None:
        """As `Running.close`."""
        ...

    def drop(self) -> None:
        """The same for who cannot wait; in any thread."""
        ...

    def summary(self) -> MapSummary:
        """As `Running.summary`."""
        ...


class Jobs(Generic[I, T]):
    """The jobs of a `map`, for a `for` loop: `I` is an input, `T` the endpoint's output.

    Leaving the loop, or the `with` block around it, submits no more. What is in flight then goes on at fal; with a
    journal the same call picks it up.
    """

    def __init__(self, running: Running[I, T]) -> None:
        self._running = running

    def __enter__(self: C) -> C:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self: C) -> C:
        return self

    def __next__(self) -> DoneJob[I, T] | FailedJob[I, T]:
        """The next job that is ready.

        Raises:
            TooManyErrorsError: More jobs than `max_errors` ended with an error.
            InvalidInputError: With `check="all"`: some inputs are none that the endpoint takes. Nothing was sent.
            OverBudgetError: The next call would cost more than is left of `max_cost`.
            JournalError: The journal cannot be read or written.
        """
        job: Any = self._running.next()
        if job is None:
            raise StopIteration
        found: DoneJob[I, T] | FailedJob[I, T] = job
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.summary()}>"

    def close(self) -> None:
        """Submit no more. Returns when nothing goes on here; what is in flight goes on at fal."""
        self._running.close()

    def summary(self) -> MapSummary:
        """What came of the jobs so far."""
        return self._running.summary()

    def __del__(self) -> None:
        running = self.__dict__.get("_running")
        if running is not None:
            running.close(waits=False)


class AsyncJobs(Generic[I, T]):
    """As `Jobs`, for `async for` and `async with`."""

    def __init__(self, running: AsyncRunning[I, T]) -> None:
        self._running = running

    async def __aenter__(self: C) -> C:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __aiter__(self: C) -> C:
        return self

    async def __anext__(self) -> DoneJob[I, T] | FailedJob[I, T]:
        """As `Jobs.__next__`."""
        job: Any = await self._running.next()
        if job is None:
            raise StopAsyncIteration
        found: DoneJob[I, T] | FailedJob[I, T] = job
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.summary()}>"

    async def aclose(self) -> None:
        """As `Jobs.close`."""
        await self._running.close()

    def summary(self) -> MapSummary:
        """As `Jobs.summary`."""
        return self._running.summary()

    def __del__(self) -> None:
        running = self.__dict__.get("_running")
        if running is not None:
            running.drop()

"""`map` in the tasks of an event loop: one reads the inputs, and one for each request in flight does a job."""

# design: Who reads the inputs of a `map`?

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio

from ... import checks, stand_in
from ...jobs.jobs import AsyncJobs
from ..drive import live_async
from .begin import Begin
from .checking import all_checked, all_checked_async
from .ready import Ready
from .run import Task
from .transports import AsyncJobTransport, with_transport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from ...calls.async_endpoint import AsyncEndpoint
    from ...jobs.job import Job
    from ...jobs.settings import MapSettings
    from ...jobs.tally import MapSummary
    from .run import Run

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


def begun(endpoint: AsyncEndpoint[I, T], inputs: Any, settings: MapSettings) -> AsyncJobs[I, T]:
    """The jobs of an endpoint for inputs. Nothing happens before the first is asked for."""
    return AsyncJobs(Tasks(Begin(endpoint, inputs, settings, is_async=True)))


class Tasks(Generic[I, T]):
    """See AsyncRunning.

    Args:
        begin: What it begins with.
    """

    def __init__(self, begin: Begin[I, T]) -> None:
        self._begin = begin
        self._run: Run[I, T] = begin.run()
        self._ready: Ready[I, T] = Ready(ordered=begin.settings.ordered)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reader: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_read = self._is_stopped = self._is_closed = False
        self._read = self._given_out = 0
        self._transport: AsyncJobTransport | None = None
        self._endpoint: Any = None

    async def next(self) -> Job[I, T] | None:
        """See AsyncRunning. One that is cancelled ends all, as in an asynchronous generator."""
        try:
            if self._reader is None and not self._is_stopped:
                self._start()
            while not self._is_stopped:
                if (job := self._ready.take()) is not None:
                    self._given_out += 1
                    self._room.set()
                    return job
                if self._is_over():
                    break
                self._news.clear()
                await self._news.wait()
        except BaseException as error:
            if not isinstance(error, Exception):
                error.add_note(self._run.how_to_go_on(self._run.in_flight))
            await self.close()
            raise
        was_stopped = self._is_stopped
        await self.close()
        if not was_stopped:
            self._run.check()
        return None

    async def close(self) -> None:
        """See AsyncRunning."""
        self._stop()
        with anyio.CancelScope(shield=True):  # those that submit do so to the end, also where all is cancelled
            while going_on := {task for task in (self._reader, *self._tasks) if task is not None and not task.done()}:
                await asyncio.wait(going_on)
            if self._transport is not None and not self._is_closed:
                self._is_closed = True
                await self._transport.aclose()

    def drop(self) -> None:
        """See AsyncRunning."""
        loop = self._loop
        if loop is None or loop.is_closed():
            self._stop()
        else:
            with suppress(RuntimeError):  # it was closed just now
                loop.call_soon_threadsafe(self._stop)

    def summary(self) -> MapSummary:
        """See AsyncRunning."""
        return self._run.summary()

    def _stop(self) -> None:
        if self._is_stopped:
            return
        self._is_stopped = True
        self._run.end()
        if self._transport is None:
            return
        self._transport.stop()
        for task in (self._reader, *self._tasks):
            if task is not None and task not in self._transport.submitting:
                task.cancel()
        self._news.set()

    # Inputs.

    def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._transport = AsyncJobTransport(self._begin.endpoint._session.transport)
        self._endpoint = with_transport(self._begin.endpoint, self._transport)
        self._reader = self._loop.create_task(self._read_all(), name="fal-map")

    async def _read_all(self) -> None:
        """Read the inputs as there is room for them, and begin their jobs."""
        try:
            await self._endpoint._do(self._run.learnt_cost(), self._run.call.limits())
            async for given in await self._inputs():
                task = await self._prepared(given)
                self._read += 1
                if isinstance(task, Task):
                    self._begin_one(task)
                else:
                    self._put(task)
                if not await self._may_read():
                    break
        except Exception as error:  # of the caller's generator: what it gave before is done first
            self._run.input_error = error
        finally:
            self._is_read = True
            self._news.set()

    async def _inputs(self) -> AsyncIterator[I]:
        inputs: AsyncIterable[I] | Iterable[I] = self._begin.inputs
        call, is_checked = self._run.call, self._begin.settings.check == "each"
        if isinstance(inputs, AsyncIterable):
            inputs = inputs if is_checked else await all_checked_async(call, inputs)
        elif not is_checked:
            inputs = all_checked(call, inputs)
        return aiter(inputs) if isinstance(inputs, AsyncIterable) else _each(inputs)

    async def _prepared(self, given: I) -> Task | Job[I, T]:
        """The job of an input; one with files, which are read, in a thread."""
        if _is_plain(given):
            return self._run.prepared(self._read, given)
        return await asyncio.to_thread(self._run.prepared, self._read, given)

    async def _may_read(self) -> bool:
        """Wait until there is room for one more; False where there is to be none."""
        most = 2 * self._begin.settings.window
        while not self._run.is_ending:
            if self._read - self._given_out < most and self._run.may_begin():
                return True
            self._room.clear()
            await self._room.wait()
        return False

    # Jobs.

    def _begin_one(self, task: Task) -> None:
        assert self._loop is not None
        self._run.in_flight += 1
        self._run.show()
        doing = self._loop.create_task(self._do(task), name="fal-map-job")
        self._tasks.add(doing)
        doing.add_done_callback(self._tasks.discard)

    async def _do(self, task: Task) -> None:
        try:
            await self._put_done(task)
        except Exception as error:
            self._run.error = self._run.error or error
        finally:
            if self._run.is_ending and self._reader is not None:
                self._reader.cancel()  # nobody knows when there is another input
            self._room.set()
            self._news.set()

    async def _put_done(self, task: Task) -> None:
        while True:
            begun = stand_in.now()
            try:
                finished = await live_async(self._endpoint, task.prepared, self._run.journal, self._run.rules_of(task))
            finally:
                self._run.in_flight -= 1
            again = self._run.refused(task, finished, begun)
            if again is None:
                self._put(self._run.job(task, finished))
                return
            assert self._transport is not None
            task, rest = again
            await self._transport.rest(rest)
            while not self._run.is_ending and not self._run.may_begin():
                await self._transport.rest(max(self._run.pace.resting_until - stand_in.now(), _LOOK))
            if self._run.is_ending:
                return
            self._run.in_flight += 1

    def _put(self, job: Job[I, T]) -> None:
        self._ready.put(job)
        self._run.note(job)
        self._news.set()

    def _is_over(self) -> bool:
        over = self._is_read and all(task.done() for task in self._tasks)
        if over:
            self._ready.rest()
        return over and not self._ready.has_some


# Seconds between two looks whether one that was refused may be begun again.
_LOOK = 0.1
_PLAIN = (str, int, float, bool, type(None))


def _is_plain(given: Any) -> bool:
    """Whether an input holds no file for certain."""
    if checks.is_object(given):
        return all(map(_is_plain, given.values()))
    if checks.is_array(given):
        return all(map(_is_plain, given))
    return isinstance(given, _PLAIN)


async def _each(inputs: Iterable[I]) -> AsyncIterator[I]:
    for given in inputs:
        yield given

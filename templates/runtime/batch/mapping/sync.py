"""`map` in threads. Inputs are read, and jobs given out, in the thread of who reads; a thread each does them."""

# design: Who reads the inputs of a `map`?

from __future__ import annotations

import os
import threading
from collections import deque
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ... import stand_in
from ...jobs.jobs import Jobs
from ...log import logger
from ..drive import live
from .begin import Begin
from .checking import all_checked
from .ready import Ready
from .run import Task
from .transports import JobTransport, StoppedJobs, with_transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...calls.endpoint import Endpoint
    from ...jobs.job import Job
    from ...jobs.settings import MapSettings
    from ...jobs.tally import MapSummary
    from ..life import Finished
    from .run import Run

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")
# Seconds of one wait: a lock that is waited for without an end cannot be interrupted on Windows.
_LOOK = 0.5
# So many inputs are read before it is looked whether a job is ready.
_AT_ONCE = 2


def begun(endpoint: Endpoint[I, T], inputs: Iterable[I], settings: MapSettings) -> Jobs[I, T]:
    """The jobs of an endpoint for inputs. Nothing happens before the first is asked for."""
    return Jobs(Threads(Begin(endpoint, inputs, settings)))


class Threads(Generic[I, T]):
    """See Running.

    Args:
        begin: What it begins with.
    """

    def __init__(self, begin: Begin[I, T]) -> None:
        self._begin = begin
        self._run: Run[I, T] = begin.run()
        self._ready: Ready[I, T] = Ready(ordered=begin.settings.ordered)
        self._pending: deque[Task] = deque()
        self._inputs: Iterator[I] | None = None
        self._is_read = self._is_stopped = False
        self._read = self._given_out = self._idle = self._living = 0
        self._threads: list[threading.Thread] = []
        self._transport: JobTransport | None = None
        self._endpoint: Any = None
        self._process: int | None = None
        # One that nobody reads any more may be collected, and so closed, by a thread that has the lock.
        self._lock = lock = threading.RLock()
        self._work, self._news = threading.Condition(lock), threading.Condition(lock)

    def next(self) -> Job[I, T] | None:
        """See Running."""
        if self._is_of_parent:
            raise RuntimeError("the jobs of a map are done by the process that began it, not by a fork of that")
        try:
            while not self._is_stopped:
                read = self._read_some()
                with self._lock:
                    if (job := self._ready.take()) is not None:
                        self._given_out += 1
                        return job
                    if self._is_over():
                        break
                    if not read:
                        self._news.wait(_LOOK)
        except BaseException as error:
            self._interrupted(error)
            raise
        self._ended()
        return None

    def close(self, *, waits: bool = True) -> None:
        """See Running."""
        if self._is_of_parent:
            return
        with self._lock:
            was_stopped, self._is_stopped = self._is_stopped, True
            self._pending.clear()
            self._work.notify_all()
        if self._transport is not None:
            self._transport.stop()
        if waits:
            for thread in self._threads:
                thread.join()
        if not self._living and self._transport is not None:
            self._transport.close()
        if not was_stopped:
            self._run.end()

    def summary(self) -> MapSummary:
        """See Running."""
        with self._lock:
            return self._run.summary()

    @property
    def _is_of_parent(self) -> bool:
        """Whether this is a child that was forked since: it has none of the threads, and may have lost the lock."""
        return self._process not in (None, os.getpid())

    # In the thread of who reads.

    def _read_some(self) -> bool:
        """Read some more inputs, if there is room; whether one was read."""
        if self._inputs is None:
            self._start()
        for _ in range(_AT_ONCE):
            if not self._has_room():
                return False
            self._read_one()
        return True

    def _start(self) -> None:
        begin, self._process = self._begin, os.getpid()
        inputs = begin.inputs if begin.settings.check == "each" else all_checked(self._run.call, begin.inputs)
        self._transport = JobTransport(begin.endpoint._session.transport)
        self._endpoint = with_transport(begin.endpoint, self._transport)
        self._endpoint._do(self._run.learnt_cost(), self._run.call.limits())
        self._inputs = iter(inputs)

    def _has_room(self) -> bool:
        with self._lock:
            return not self._is_read and self._read - self._given_out < 2 * self._begin.settings.window

    def _read_one(self) -> None:
        assert self._inputs is not None
        try:
            given = next(self._inputs)
            task = self._run.prepared(self._read, given)
        except StopIteration:
            with self._lock:
                self._is_read = True
            return
        except Exception as error:  # of the caller's generator: what it gave before is done first
            self._run.input_error = error
            with self._lock:
                self._is_read = True
            return
        with self._lock:
            self._read += 1
            if isinstance(task, Task):
                self._pending.append(task)
                self._work.notify()
                is_wanted = self._idle < len(self._pending) and len(self._threads) < self._begin.settings.window
            else:
                self._put(task)
                return
        if is_wanted:
            self._add_thread()

    def _add_thread(self) -> None:
        thread = threading.Thread(target=copy_context().run, args=(self._do_jobs,), name="fal-map", daemon=True)
        with self._lock:
            self._living += 1
        try:
            thread.start()
        except RuntimeError:  # there is no more to be had: those that are there do it
            with self._lock:
                self._living -= 1
            if not self._threads:
                raise
            return
        self._threads.append(thread)

    def _is_over(self) -> bool:
        over = self._is_read and not self._pending and not self._run.in_flight
        if over:
            self._ready.rest()
        return over and not self._ready.has_some

    def _ended(self) -> None:
        was_stopped = self._is_stopped
        self.close()
        if not was_stopped:
            self._run.check()

    def _interrupted(self, error: BaseException) -> None:
        if not isinstance(error, Exception):
            with self._lock:
                in_flight = self._run.in_flight
            error.add_note(self._run.how_to_go_on(in_flight))
        self.close()

    # In the threads that do the jobs.

    def _do_jobs(self) -> None:
        try:
            while (task := self._taken()) is not None:
                self._do(task)
        except BaseException as error:  # about all of them: they are stopped, or the journal cannot be written
            logger.debug("map: ended by %r", error)
        finally:
            with self._lock:
                self._living -= 1
                self._news.notify()
                is_last = self._is_stopped and not self._living
            if is_last and self._transport is not None:
                self._transport.close()

    def _taken(self) -> Task | None:
        with self._lock:
            self._idle += 1
            while not (self._is_stopped or (self._pending and self._run.may_begin())):
                if self._is_read and not self._pending and not self._run.in_flight:
                    break
                self._work.wait()
            self._idle -= 1
            if self._is_stopped or not self._pending:
                self._work.notify_all()
                return None
            self._run.in_flight += 1
            self._run.show()
            return self._pending.popleft()

    def _do(self, task: Task) -> None:
        assert self._transport is not None
        begun, rest = stand_in.now(), None
        try:
            with self._lock:
                rules = self._run.rules_of(task)
            finished = live(self._endpoint, task.prepared, self._run.journal, rules)
            with self._lock:
                rest = self._settle(task, finished, begun)
        except BaseException as error:
            if not isinstance(error, StoppedJobs):
                self._fail(error)
            raise
        finally:
            with self._lock:
                self._run.in_flight -= 1
                self._work.notify()
                self._news.notify()
        if rest is not None:
            self._transport.rest(rest)
            with self._lock:
                self._work.notify_all()

    def _settle(self, task: Task, finished: Finished, begun: float) -> float | None:
        """Take what came of a job; one that fal had no room for goes back, to be done after so many seconds."""
        again = self._run.refused(task, finished, begun)
        if again is None or self._is_stopped:
            self._put(self._run.job(task, finished))
            return None
        if not self._run.is_ending:
            self._pending.appendleft(again[0])
        return again[1]

    def _put(self, job: Job[I, T]) -> None:
        self._ready.put(job)
        self._run.note(job)
        if self._run.is_ending:
            self._no_more()
        self._news.notify()

    def _no_more(self) -> None:
        self._is_read = True
        self._pending.clear()
        self._work.notify_all()

    def _fail(self, error: BaseException) -> None:
        """End the whole: nothing more is begun, and what is in flight is given out."""
        with self._lock:
            self._run.error = self._run.error or error
            self._no_more()
            self._news.notify()

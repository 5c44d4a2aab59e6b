"""Changes of several threads in one transaction: they wait for the disk once, and not for each other's locks."""

# design: How is a journal kept in a database?

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sqlalchemy import Connection

R = TypeVar("R")


class Change(Generic[R]):
    """Something to do in a transaction, and what came of it.

    Attributes:
        lasting: Whether it must outlive a failure of the power, too.
        over: Whether its transaction is.
        error: What ended it.
    """

    def __init__(self, work: Callable[[Connection], R], lasting: bool) -> None:
        self._work = work
        self.lasting = lasting
        self.over = False
        self.error: Exception | None = None

    def run(self, connection: Connection) -> bool:
        """Do it, and keep what it gives, or raises; whether it gave something."""
        try:
            self._result = self._work(connection)
        except Exception as error:  # whose change it is will raise it
            self.end(error)
            return False
        return True

    def end(self, error: Exception | None = None) -> None:
        """The transaction is over; with an error nothing of it holds."""
        self.error = error
        self.over = True

    def outcome(self) -> R:
        """What it gave.

        Raises:
            Exception: What ended it.
        """
        if self.error is not None:
            raise self.error
        return self._result


class Queue:
    """The changes that wait. Whose turn it is makes those of all others, too, and wakes them when they are made.

    Args:
        make: Makes changes in one transaction, and ends each; or raises, and none is made.
    """

    def __init__(self, make: Callable[[list[Change[Any]]], None]) -> None:
        self._make = make
        self._waiting: deque[Change[Any]] = deque()
        self._turn = threading.Condition()
        self._whose: int | None = None
        self._line: deque[int] = deque()  # of threads; without it, one that is always busy would let nobody in
        self._depth = 0

    def run(self, change: Change[R]) -> R:
        """Have a change made."""
        self._waiting.append(change)
        try:
            with self.alone(change):
                if not change.over:
                    self._make_all()
        finally:
            change.over = True  # who is stopped while it waits does not want it any more
        return change.outcome()

    @contextmanager
    def alone(self, change: Change[Any] | None = None) -> Generator[None]:
        """Keep all other threads from the connection; or do not, where a change was made meanwhile.

        A thread that has the turn has it again, as a finalizer does.
        """
        depth = self._depth if self._whose == threading.get_ident() else 0
        try:
            self.enter(change)
            yield
        finally:
            self.leave(depth)

    def enter(self, change: Change[Any] | None = None) -> None:
        """Wait for one's turn, or until a change is made."""
        me = threading.get_ident()
        with self._turn:
            if self._whose != me:
                self._stand_in_line(me, change)
            if not (change and change.over):
                self._whose = me
                self._depth += 1

    def _stand_in_line(self, me: int, change: Change[Any] | None) -> None:
        if me in self._line:  # a finalizer, while this thread waits: it would wait for itself
            self._line.appendleft(me)
        else:
            self._line.append(me)
        try:
            while (self._whose is not None or self._line[0] != me) and not (change and change.over):
                self._turn.wait()
        finally:
            self._line.remove(me)
            self._turn.notify_all()  # the next one may be asleep already

    def leave(self, depth: int = 0) -> None:
        """The turn is another's, but for those of this thread that it had before; nothing, if it is not ours."""
        with self._turn:
            if self._whose == threading.get_ident() and self._depth > depth:
                self._depth = depth
                if not depth:
                    self._whose = None
                    self._turn.notify_all()

    def _make_all(self) -> None:
        changes = [self._waiting.popleft() for _ in range(len(self._waiting))]
        wanted = [change for change in changes if not change.over]
        try:
            self._make(wanted)
        except Exception as error:  # all of them raise it
            for change in wanted:
                change.end(error)
        except BaseException:  # Ctrl-C in this thread: those of others are made by the next one
            self._waiting.extendleft(reversed(wanted))
            raise

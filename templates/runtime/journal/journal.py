"""A journal as workers use it: a store, this process as an owner, and its leases."""

# design: What does a journal promise?

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Self, TypeVar

from .. import checks, forks
from . import clock
from .addresses import absolute, open_store
from .errors import LeaseLostError
from .leases import Leases
from .owners import is_gone, new_owner
from .records import Sending
from .views.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .records import Claim, Held, JobError, Wanted
    from .store import Store

R = TypeVar("R")
# Whatever fal may call one, if it can be a part of a URL's path.
_ID = re.compile(r"(?!\.+$)[\w.:~-]{1,255}", re.ASCII)
# Seconds.
DEFAULT_LEASE = 60.0


class Journal(Seen):
    """What is known of jobs, kept in a file or a database, for any number of threads and processes.

    It can be pickled, as its address, and used in a forked child, which is a worker of its own.

    Args:
        address: The path of an SQLite file, which is made where there is none; or a URL: `sqlite:///run.sqlite`,
            `postgresql://user:password@host/database`.
        lease: For how many seconds a worker has a job before it must say that it still lives. After so long, another
            takes the jobs of one that is gone without a word.

    Raises:
        JournalError: It cannot be opened, or is no journal.
    """

    def __init__(self, address: str | os.PathLike[str], *, lease: float = DEFAULT_LEASE) -> None:
        url = absolute(address)
        self._begin(open_store(url), lease, url)

    @classmethod
    def in_memory(cls, *, lease: float = DEFAULT_LEASE, forgetful: bool = False) -> Self:
        """One for this process's life.

        Args:
            lease: See above.
            forgetful: Only count the jobs that ended, so that memory does not grow with them.
        """
        from .memory import MemoryStore

        made = cls.__new__(cls)
        made._begin(MemoryStore(forgetful=forgetful), lease, None)
        return made

    def _begin(self, store: Store, lease: float, url: str | None) -> None:
        self.store: Store = store
        self.is_closed: bool = False
        self.lease: float = float(checks.seconds("lease", lease) or 0)
        self._url = url
        self._new_worker()
        forks.note(self)

    def _new_worker(self) -> None:
        self.owner: str = new_owner()
        self._leases = Leases(self.store, self.owner, self.lease)

    @property
    def is_in_memory(self) -> bool:
        """Whether it is this process's alone, and gone with it."""
        return self._url is None

    def after_fork(self) -> None:
        """See Forked: a child has none of its parent's jobs."""
        self._new_worker()

    @property
    def address(self) -> str:
        """Where it is, without a password."""
        return self.store.address

    # One job.

    def claim(self, wanted: Wanted, *, retry: bool = False) -> Claim:
        """See Store."""
        begun = clock.awake()
        found = self.store.claim(wanted, self.owner, self.lease, retry=retry, is_gone=is_gone)
        if found.held is not None:
            self._leases.taken(found.held, begun + self.lease)
        return found

    def good_until(self, held: Held) -> float:
        """Until when the lease of a job lasts for certain, by `clock.awake`. A thread prolongs it meanwhile."""
        return self._leases.good_until(held)

    def still_mine(self, held: Held) -> bool:
        """Ask whether this process still has a job, and prolong its lease if so."""
        self._leases.renew(held)
        return self.good_until(held) > clock.awake()

    def sending(
        self,
        held: Held,
        wire: str,
        *,
        max_in_flight: int | None = None,
        units: float | None = None,
        max_units: float | None = None,
    ) -> Sending:
        """See Store."""
        begun = clock.awake()
        found = self._changed(
            held,
            lambda: self.store.sending(
                held, wire, self.lease, max_in_flight=max_in_flight, units=units, max_units=max_units
            ),
        )
        if found is Sending.GO:
            self._leases.taken(held, begun + self.lease)
        return found

    def submitted(self, held: Held, handle: Mapping[str, str]) -> None:
        """See Store."""
        self._changed(held, lambda: self.store.submitted(held, handle))

    def found(self, held: Held, handle: Mapping[str, str]) -> bool:
        """See `Store.adopt`."""
        return self._changed(held, lambda: self.store.adopt(held, handle))

    def withdraw(self, held: Held) -> None:
        """See Store."""
        self._changed(held, lambda: self.store.withdraw(held))

    def done(self, held: Held, output: str, files: tuple[str, ...] = (), units: float | None = None) -> None:
        """See Store."""
        self._leases.ending(held)
        self._changed(held, lambda: self.store.done(held, output, files, units))
        self._leases.given_back(held)

    def saved(self, key: str, files: tuple[str, ...]) -> None:
        """See Store."""
        self.store.saved(key, files)

    def failed(self, held: Held, error: JobError, units: float | None = None) -> None:
        """See Store."""
        self._leases.ending(held)
        self._changed(held, lambda: self.store.failed(held, error, units))
        self._leases.given_back(held)

    def unclear(self, held: Held, note: str) -> None:
        """See Store."""
        self._leases.ending(held)
        self._changed(held, lambda: self.store.unclear(held, note))
        self._leases.given_back(held)

    def release(self, held: Held) -> None:
        """See Store."""
        self._leases.given_back(held)
        self.store.release(held)

    def not_prolonged(self, held: Held) -> None:
        """Let a lease end by itself, where the store could not be told."""
        self._leases.given_back(held)

    def _changed(self, held: Held, change: Callable[[], R]) -> R:
        try:
            return change()
        except LeaseLostError:
            self._leases.given_back(held)
            raise

    # By hand.

    def adopt(self, key: str, request_id: str) -> None:
        """Say which of fal's requests is that of an unclear job. The next run picks it up.

        Raises:
            KeyError: There is no such job.
            TypeError: The id is no text.
            ValueError: The id is none, or the job is not unclear; as JobMismatchError: the id is known already.
            LeaseLostError: A worker has it.
        """
        if not isinstance(request_id, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"a request id must be a str, not {type(request_id).__name__}")
        if not _ID.fullmatch(request_id):
            raise ValueError(f"{request_id!r} is not a request id")
        record = self.store.get(key)
        endpoint = "" if record is None else record.endpoint
        self.store.assign(key, {"endpoint": endpoint, "request_id": request_id}, is_gone=is_gone)

    def forget(self, key: str) -> bool:
        """Remove a job that no worker has, so that the next run does it anew; False where there is none.

        Raises:
            LeaseLostError: A worker has it.
        """
        return self.store.forget(key, is_gone=is_gone)

    def retry(self, key: str | None = None) -> int:
        """Have the next run do anew what failed: one job, or all; how many those are."""
        return self.store.retry(key)

    # The journal as a whole.

    def close(self) -> None:
        """Let go of the file or the connections. What is still held is not prolonged any more."""
        self.is_closed = True
        self._leases.stop()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address}>"

    def __reduce__(self) -> tuple[Callable[[str, float], Journal], tuple[str, float]]:
        if self._url is None:  # in memory
            raise TypeError("a journal in memory is this process's alone: give the others one in a file or a database")
        return _opened, (self._url, self.lease)


_OPENED: dict[tuple[str, float], Journal] = {}
_OPENING = forks.Lock()


def opened(journal: Journal | str | os.PathLike[str] | None) -> Journal:
    """A journal as callers give it: itself; one for a path or a URL, opened once in this process; or one in memory.

    Raises:
        JournalError: It cannot be opened, or is no journal.
    """
    if journal is None:
        return Journal.in_memory()
    if isinstance(journal, Journal):
        return journal
    if not isinstance(journal, str | os.PathLike):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"journal must be a Journal, a path or a URL, not {type(journal).__name__}")
    return _opened(os.fspath(journal), DEFAULT_LEASE)


def _opened(address: str, lease: float) -> Journal:
    which = absolute(address), lease
    with _OPENING:
        kept = _OPENED.get(which)
        if kept is None or kept.is_closed or kept.store.is_lost:
            kept = _OPENED[which] = Journal(address, lease=lease)
        return kept

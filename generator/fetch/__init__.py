"""Stage fetch: the endpoints' documents, from fal to `specs/`, with the lock that says what they are.

    the catalogue's list, with documents ─────────────┐
    wanted ids ─> platform API, 50 at a time ─> by id ┴─> documents + lock ─> listed, streams noted

One bad endpoint spoils no other. What came is written as it comes, so a run that is cut off has done what it has done,
and the next one goes on there. This is what the command line calls; `run.py` is the straight line.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..diagnostics import FetchError
from ..project.catalogue import Filters
from ..project.endpoints import covered, uncover
from ..project.ids import find_documents, is_endpoint_id
from ..project.run_lock import lock_project
from ..project.settings import Settings, SettingsError
from . import clock
from .answers import Failed
from .http import Limits
from .options import Count, Options
from .progress import forget
from .report import FetchReport
from .run import Run
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path


def fetch(settings: Settings, options: Options, *, restart: bool = False) -> FetchReport:
    """Refresh the documents of all endpoints that the project covers, and find new ones where it follows the catalogue.

    Args:
        settings: The project.
        options: Whom to ask, and how.
        restart: Ask for all, also for what an interrupted run was done with.

    Raises:
        SettingsError: The lists or the lock cannot be read.
        BusyError: Another run writes in this project.
        FetchError: The catalogue could not be read, and the project covers nothing yet.
    """
    with _alone(settings):
        run = _resuming(settings, options, restart=restart)
        if settings.catalogue is None:
            return asyncio.run(run.these(covered(settings)))
        return asyncio.run(run.catalogue(settings.catalogue, keeps_up=True))


def fetch_catalogue(settings: Settings, options: Options, filters: Filters, *, restart: bool = False) -> FetchReport:
    """Cover and fetch the whole catalogue, or the part of it that passes the filters.

    Raises:
        FetchError: The catalogue itself could not be read.
        SettingsError: See `fetch`; a BusyError likewise.
    """
    with _alone(settings):
        return asyncio.run(_resuming(settings, options, restart=restart).catalogue(filters, keeps_up=False))


def fetch_some(settings: Settings, options: Options, ids: Sequence[str], *, from_fal: bool = False) -> FetchReport:
    """Fetch these endpoints, and cover those that the project does not cover yet.

    Args:
        settings: The project.
        options: Whom to ask, and how.
        ids: Their ids.
        from_fal: Ask fal also for those whose document came from a file.

    Raises:
        SettingsError: See `fetch`; or one of them is no endpoint id.
        BusyError: See `fetch`.
    """
    _check_ids(ids)
    with _alone(settings):
        return asyncio.run(Run(settings, options).these(ids, from_fal=from_fal))


def add_from_file(settings: Settings, options: Options, endpoint_id: str, path: Path) -> FetchReport:
    """Cover an endpoint whose document is a file; `fetch` will read that file again.

    Raises:
        SettingsError: See `fetch_some`; a BusyError likewise.
    """
    _check_ids([endpoint_id])
    with _alone(settings):
        return Run(settings, options).local(endpoint_id, path)


def remove(settings: Settings, ids: Sequence[str]) -> None:
    """Take endpoints out of the project: from the list, the documents and the lock.

    Raises:
        SettingsError: One of them is none of the project's; nothing is removed.
        BusyError: See `fetch`.
    """
    _check_ids(ids)
    with _alone(settings):
        store = Store(settings, clock.today())
        store.recover()
        known = {*covered(settings), *find_documents(settings.specs), *store.lock.endpoints}
        for unknown in sorted(set(ids) - known):
            raise SettingsError(f"{unknown} is no endpoint of this project; `list` shows those it has")
        store.refuse_linked(ids)
        # First from the list: a listed endpoint without a document is an error, a document nobody lists a warning.
        uncover(settings, ids)
        store.remove(ids)


def _resuming(settings: Settings, options: Options, *, restart: bool) -> Run:
    if restart:
        forget(settings)
    return Run(settings, options, resumes=True)


def _check_ids(ids: Sequence[str]) -> None:
    for one in ids:
        if not is_endpoint_id(one):
            raise SettingsError(f"{one!r} is not an endpoint id (owner/name…)")


@contextmanager
def _alone(settings: Settings) -> Generator[None]:
    """Two runs at once would write one lock over the other; what one read before the other wrote is not so any more."""
    with lock_project(settings, settings.specs):
        settings.refuse_stale()
        yield


__all__ = [
    "Count",
    "Failed",
    "FetchError",
    "FetchReport",
    "Filters",
    "Limits",
    "Options",
    "add_from_file",
    "covered",
    "fetch",
    "fetch_catalogue",
    "fetch_some",
    "remove",
]

"""One run of fetch: asks for what is wanted, writes what comes, and notes the rest."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..diagnostics import FetchError
from ..project.endpoints import cover, covered
from ..project.ids import find_documents, is_endpoint_id
from . import answers, clock, openapi, platform
from .answers import Answer, Failed, Found, Gone
from .http import Http, Limits
from .progress import Progress
from .report import FetchReport
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from ..project.settings import Settings
    from .platform import Filters

# That so many endpoints, and most of those asked for, are gone at once is a fault at fal and not a fact about them.
_SUSPICIOUS = 3


@dataclass(slots=True)
class Run:
    """One run: what it knows and what it has found.

    Args:
        settings: The project.
        options: Whom to ask, and how.
        resumes: Whether it goes on where an interrupted run stopped, and leaves a note for the next one.
    """

    settings: Settings
    options: Options
    resumes: bool = False
    report: FetchReport = field(init=False, default_factory=FetchReport)
    _store: Store = field(init=False)
    _progress: Progress = field(init=False)
    _gone: list[str] = field(init=False, default_factory=list[str])
    _asked: int = field(init=False, default=0)
    _answered: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._store = Store(self.settings, self.options.today or clock.today())
        self._store.recover()
        self._progress = Progress(self.settings, (self.options.openapi_url, self.options.platform_url))

    async def catalogue(self, filters: Filters) -> FetchReport:
        """Fetch what the catalogue lists; without filters, also what it does not list and the project covers.

        Raises:
            FetchError: The catalogue could not be read.
        """
        known = covered(self.settings)
        async with Http(self.options.key, self.options.limits) as http:
            listed = await platform.list_ids(http, self.options.platform_url, filters)
            wanted = self._storable(listed)
            return await self._refresh(http, wanted if filters else {*wanted, *known})

    async def these(self, ids: Sequence[str], *, from_fal: bool = False) -> FetchReport:
        """Fetch these endpoints.

        Args:
            ids: Their ids.
            from_fal: Ask fal also for those whose document came from a file.
        """
        async with Http(self.options.key, self.options.limits) as http:
            return await self._refresh(http, self._storable(ids), from_fal=from_fal)

    def local(self, endpoint_id: str, path: Path) -> FetchReport:
        """Take the document of one endpoint from a file."""
        if self._storable([endpoint_id]):
            self._take({endpoint_id: answers.ask(self.settings, endpoint_id, answers.url_of(self.settings, path))})
        return self.report

    def _storable(self, ids: Sequence[str]) -> list[str]:
        """Those ids that can have a document here; the others are reported."""
        by_case = {one.casefold(): one for one in covered(self.settings)}
        wanted: list[str] = []
        for one in ids:
            if not is_endpoint_id(one):
                problem = "the catalogue lists this, which is no endpoint id"
            elif by_case.setdefault(one.casefold(), one) != one:
                problem = f"differs only by case from {by_case[one.casefold()]}, and so would its file"
            else:
                wanted.append(one)
                continue
            self.report.failed[ascii(one)[1:-1]] = Failed(problem=problem, is_network=False)
        return wanted

    async def _refresh(self, http: Http, ids: Collection[str], *, from_fal: bool = False) -> FetchReport:
        done = {one for one in self._progress.done & set(ids) if self.resumes and self._store.is_whole(one)}
        self.report.skipped = sorted(done)
        self._cover(done, {})
        wanted = sorted(set(ids) - done)
        self._asked = len(wanted)
        entries = {} if from_fal else self._store.lock.endpoints
        files = {one: entries[one].url for one in wanted if one in entries and answers.is_local(entries[one].url)}
        self._take({one: answers.ask(self.settings, one, url) for one, url in files.items()})
        self._tick(len(files))
        await self._ask_fal(http, [one for one in wanted if one not in files])
        self._settle_gone(len(set(ids)))
        if self.resumes and not self.report.is_network:
            self._progress.forget()
        return self.report

    async def _ask_fal(self, http: Http, ids: Sequence[str]) -> None:
        groups = [ids[at : at + platform.GROUP] for at in range(0, len(ids), platform.GROUP)]
        tasks = [asyncio.create_task(self._ask_group(http, group)) for group in groups]
        try:
            for finished in asyncio.as_completed(tasks):
                self._take(await finished)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_group(self, http: Http, ids: Sequence[str]) -> dict[str, Answer]:
        listed: Mapping[str, Found | Failed] = {}
        if not self.options.by_id:
            # Where there is no answer for the group, each is asked for by its id, and fares as it fares there.
            with suppress(FetchError):
                listed = await platform.ask(http, self.options.platform_url, ids)
        answers: dict[str, Answer] = {one: answer for one, answer in listed.items() if isinstance(answer, Found)}
        self._tick(len(answers))
        rest = [one for one in ids if one not in answers]
        own = await asyncio.gather(*[self._ask_one(http, one) for one in rest])
        for one, answer in zip(rest, own, strict=True):
            # What the catalogue lists is there, although nobody can say what it looks like.
            answers[one] = answer if isinstance(answer, Found) else listed.get(one, answer)
        return answers

    async def _ask_one(self, http: Http, endpoint_id: str) -> Answer:
        answer = await openapi.ask(http, self.options.openapi_url, endpoint_id)
        self._tick(1)
        return answer

    def _tick(self, count: int) -> None:
        self._answered += count
        self.options.watch(self._answered, self._asked)

    def _take(self, answers: Mapping[str, Answer]) -> None:
        """Write what came, and note the rest."""
        found = {one: answer for one, answer in answers.items() if isinstance(answer, Found)}
        self._gone += [one for one, answer in answers.items() if isinstance(answer, Gone)]
        self.report.failed |= {one: answer for one, answer in answers.items() if isinstance(answer, Failed)}
        kinds = {"new": self.report.new, "changed": self.report.changed, "unchanged": self.report.unchanged}
        for one, outcome in self._store.put(found).items():
            if outcome in kinds:
                kinds[outcome].append(one)
            else:
                del found[one]
                self.report.failed[one] = Failed(problem=outcome, is_network=False)
        self._cover(found, {one: answer.streams for one, answer in found.items()})
        if self.resumes and found:
            self._progress.add(found)

    def _cover(self, ids: Collection[str], sources: Mapping[str, str | None]) -> None:
        """List endpoints whose document is there now; and say of each whether it is called by another id."""
        self.settings = cover(self.settings, {one: sources.get(one) for one in sorted(ids)})
        for one in ids:
            called = self._store.lock.endpoints[one].called_as
            if called is not None:
                self.report.aliases[one] = called

    def _settle_gone(self, total: int) -> None:
        """Mark what is gone, if that can be believed of so many."""
        lock, there = self._store.lock.endpoints, find_documents(self.settings.specs)
        for one in set(self._gone) - there.keys():
            self.report.failed[one] = Failed(problem="fal has no such endpoint", is_network=False)
        gone = {one for one in self._gone if one in there}
        fresh = {one for one in gone if one not in lock or lock[one].vanished is None}
        if len(fresh) > _SUSPICIOUS and len(fresh) * 2 > total:
            problem = f"fal says that {len(fresh)} of {total} endpoints are gone at once, which is not believed"
            self.report.failed |= {one: Failed(problem=problem, is_network=True) for one in fresh}
            gone -= fresh
        if gone:
            self._store.mark_vanished({one: f"{self.options.openapi_url}?endpoint_id={one}" for one in sorted(gone)})
        self.report.vanished = {one: self._store.lock.endpoints[one].vanished or "" for one in sorted(gone)}


def _unwatched(_done: int, _total: int) -> None:
    """What `watch` is where nobody looks on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Whom to ask, and how.

    Attributes:
        openapi_url: Where one document is to be had.
        platform_url: The Platform API, with its version.
        key: The fal key; public endpoints need none.
        limits: How much patience there is.
        by_id: Ask for each document by its id only, not the Platform API.
        watch: Is told now and then how many endpoints are done, and of how many.
        today: The day to date changes with (YYYY-MM-DD), if not the day it is.
    """

    openapi_url: str = openapi.URL
    platform_url: str = platform.URL
    key: str | None = None
    limits: Limits = field(default_factory=Limits)
    by_id: bool = False
    watch: Callable[[int, int], None] = _unwatched
    today: str | None = None

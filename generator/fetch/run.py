"""One run of fetch: asks for what is wanted, writes what comes, and notes the rest."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..diagnostics import FetchError
from ..project.endpoints import cover, covered
from ..project.ids import find_documents
from . import answers, clock, openapi, platform
from .answers import Answer, Failed, Found, Gone
from .discovery import Discovery
from .http import Http
from .options import Count
from .places import Places, real_one
from .platform import Catalogue
from .progress import Progress
from .report import FetchReport
from .store import Store
from .streams import note_streams

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from ..project.catalogue import Filters
    from ..project.settings import Settings
    from .options import Options

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
    _catalogue: Catalogue = field(init=False)
    _done: set[str] = field(init=False)
    _places: Places = field(init=False)
    # What the catalogue told of endpoints: who streams, and what stands where a document should.
    _streams: dict[str, str] = field(init=False, default_factory=dict[str, str])
    _broken: dict[str, Failed] = field(init=False, default_factory=dict[str, Failed])
    _gone: list[str] = field(init=False, default_factory=list[str])
    _total: int = field(init=False, default=0)
    _fetched: int = field(init=False, default=0)
    _without: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._store = Store(self.settings, self.options.today or clock.today())
        self._store.recover()
        self._progress = Progress(self.settings, (self.options.openapi_url, self.options.platform_url))
        self._places = Places(covered(self.settings))
        self._done = {one for one in self._progress.done if self.resumes and self._store.is_whole(one)}

    async def catalogue(self, filters: Filters, *, keeps_up: bool) -> FetchReport:
        """Fetch what the catalogue lists, as far as it passes the filters.

        Args:
            filters: What of it is meant.
            keeps_up: Whether to fetch also what the project covers and they leave out; so it is without filters.

        Raises:
            FetchError: The catalogue could not be read, and there is nothing else to do.
        """
        known = covered(self.settings) if keeps_up or not filters else []
        async with Http(self.options.key, self.options.limits) as http:
            self._catalogue = Catalogue(http, self.options.platform_url)
            found = self._discovery()
            try:
                await self._discover(found, filters)
            except FetchError as error:
                if not (found.count or (keeps_up and known)):
                    raise
                self.report.miss(f"the catalogue could not be read to its end: {error}")
            listed = await self._settle_rivals(http, found)
            self.report.failed |= found.refused
            self.report.notes += found.remarks()
            if found.doubt:
                self.report.miss(f"{found.doubt}: some endpoints may be missing")
            return await self._refresh(http, {*found.taken, *listed, *known}, taken=found.taken)

    def _discovery(self) -> Discovery:
        lock = self._store.lock.endpoints
        own = {one for one, entry in lock.items() if answers.is_local(entry.url)}
        there = {one for one, entry in lock.items() if entry.vanished is None} - own
        return Discovery(self._places, self.options.listed, left_alone=own | self._done, expected=there)

    async def _discover(self, found: Discovery, filters: Filters) -> None:
        """Read the catalogue, and take the documents that come with it."""
        self._streams, self._broken = found.streams, found.broken
        # To go on is to ask for what is missing; all documents once more would be more than that.
        expands = not (self.options.by_id or self._done)
        async for documents in found.documents(self._catalogue, filters, expands=expands):
            self._take(documents)

    async def these(self, ids: Sequence[str], *, from_fal: bool = False) -> FetchReport:
        """Fetch these endpoints.

        Args:
            ids: Their ids.
            from_fal: Ask fal also for those whose document came from a file.
        """
        async with Http(self.options.key, self.options.limits) as http:
            self._catalogue = Catalogue(http, self.options.platform_url)
            return await self._refresh(http, self._storable(ids), from_fal=from_fal)

    def local(self, endpoint_id: str, path: Path) -> FetchReport:
        """Take the document of one endpoint from a file."""
        if self._storable([endpoint_id]):
            self._take({endpoint_id: answers.ask(self.settings, endpoint_id, answers.url_of(self.settings, path))})
        return self.report

    def _storable(self, ids: Sequence[str]) -> list[str]:
        """Those ids that can have a document here; the others are reported."""
        wanted: list[str] = []
        for one in ids:
            problem = self._places.problem(one)
            if problem is None:
                self._places.give(one)
                wanted.append(one)
            else:
                self.report.failed[one] = Failed(problem=problem, is_network=False)
        return wanted

    async def _settle_rivals(self, http: Http, found: Discovery) -> list[str]:
        """Of ids that differ only by case, take the real one; the others, which have no rivals, are the answer."""
        listed: list[str] = []
        for ids in found.rivals():
            came: dict[str, Answer] = {one: found.held[one] for one in ids if one in found.held}
            if len(ids) > 1:
                came |= await self._ask_group(http, [one for one in ids if one not in came])
            one = ids[0] if len(ids) == 1 else real_one(came)
            self._places.give(one)
            if one in came:
                self._take({one: came[one]})
                found.taken.add(one)
            else:
                listed.append(one)
            for other in set(ids) - {one}:
                found.refuse(other)
        return listed

    async def _refresh(
        self, http: Http, ids: Collection[str], *, taken: Collection[str] = (), from_fal: bool = False
    ) -> FetchReport:
        """Ask for what is neither taken already nor done by the interrupted run before."""
        done = (self._done & set(ids)) - set(taken)
        self.report.skipped = sorted(done)
        self._cover(done)
        wanted = sorted(set(ids) - done - set(taken))
        self._total = len(wanted) + len(taken)
        self._fetched = len(self.report.new) + len(self.report.changed) + len(self.report.unchanged)
        self._without = len(taken) - self._fetched
        self._tick(0, 0)
        entries = {} if from_fal else self._store.lock.endpoints
        files = {one: entries[one].url for one in wanted if one in entries and answers.is_local(entries[one].url)}
        read = {one: answers.ask(self.settings, one, url) for one, url in files.items()}
        self._take(read)
        self._tick_for(read)
        await self._ask_fal(http, [one for one in wanted if one not in files])
        self._settle_gone(len(set(ids)))
        self.report.notes += self._catalogue.remarks()
        if self.resumes and not self.report.is_network:
            self._progress.forget()
        return self.report

    async def _ask_fal(self, http: Http, ids: Sequence[str]) -> None:
        async def ask_and_take(group: Sequence[str]) -> None:
            self._take(await self._ask_group(http, group))  # here: what is taken need not be kept

        groups = [ids[at : at + platform.GROUP] for at in range(0, len(ids), platform.GROUP)]
        tasks = [asyncio.create_task(ask_and_take(group)) for group in groups]
        try:
            for finished in asyncio.as_completed(tasks):
                await finished
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_group(self, http: Http, ids: Sequence[str]) -> dict[str, Answer]:
        asked = [] if self.options.by_id else [one for one in ids if one not in self._broken]
        told = await self._catalogue.ask(asked)
        self._streams |= {one: model.streams for one, model in told.items() if model.streams is not None}
        listed = {one: model.answer for one, model in told.items()}
        answers: dict[str, Answer] = {one: answer for one, answer in listed.items() if isinstance(answer, Found)}
        self._tick_for(answers)
        rest = [one for one in ids if one not in answers]
        own = await asyncio.gather(*[self._ask_one(http, one) for one in rest])
        broken = self._broken | {one: answer for one, answer in listed.items() if isinstance(answer, Failed)}
        for one, answer in zip(rest, own, strict=True):
            # What the catalogue lists is there, although nobody can say what it looks like.
            answers[one] = answer if isinstance(answer, Found) else broken.get(one, answer)
        return answers

    async def _ask_one(self, http: Http, endpoint_id: str) -> Answer:
        answer = await openapi.ask(http, self.options.openapi_url, endpoint_id)
        self._tick_for({endpoint_id: answer})
        return answer

    def _tick_for(self, answers: Mapping[str, Answer]) -> None:
        found = sum(isinstance(answer, Found) for answer in answers.values())
        self._tick(found, len(answers) - found)

    def _tick(self, fetched: int, without: int) -> None:
        self._fetched += fetched
        self._without += without
        if self._total:
            self.options.watch(Count(total=self._total, fetched=self._fetched, without=self._without))

    def _take(self, answers: Mapping[str, Answer]) -> None:
        """Write what came, and note the rest."""
        found = {one: answer for one, answer in answers.items() if isinstance(answer, Found)}
        self._gone += [one for one, answer in answers.items() if isinstance(answer, Gone)]
        self.report.failed |= {one: answer for one, answer in answers.items() if isinstance(answer, Failed)}
        kinds = {"new": self.report.new, "changed": self.report.changed, "unchanged": self.report.unchanged}
        if self.settings.is_new:  # documents without that table would make a project of another kind
            self.settings = cover(self.settings, sorted(found))
        for one, outcome in self._store.put(found).items():
            if outcome in kinds:
                kinds[outcome].append(one)
            else:
                del found[one]
                self.report.failed[one] = Failed(problem=outcome, is_network=False)
        self._cover(found)
        if self.resumes and found:
            self._progress.add(found)

    def _cover(self, ids: Collection[str]) -> None:
        """List endpoints whose document is there now, and note what is known of each."""
        self.settings = cover(self.settings, sorted(ids))
        noted = note_streams(self.settings, {one: self._streams[one] for one in sorted(ids) if one in self._streams})
        self.report.streams += noted.began
        self.report.ended += noted.ended
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

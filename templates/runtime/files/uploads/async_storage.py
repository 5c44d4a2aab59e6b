"""fal's storage, asynchronous: uploads by the steps of `upload_steps.py`, side by side in tasks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from ...hinting import hinting
from ...http.exchange import Exchange
from ...session import AsyncSession
from ..progress import shown
from .input_files import InputFiles
from .library_objects import is_picture, png_of
from .storage_base import SIDE_BY_SIDE, StorageBase, shown_name
from .upload_steps import Parallel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ...http.async_transport import AsyncTransport
    from ...http.exchange import Limits
    from ...media.limits import MediaLimits
    from ..progress import Progress
    from .sources import Uploadable
    from .storage_api import CdnToken, ExpiresIn, InitialAcl
    from .tokens import TokenWanted
    from .upload_steps import Flow

T = TypeVar("T")
_LOOK_AGAIN = 0.05


class AsyncStorage(StorageBase[AsyncSession]):
    """fal's storage: `fal.storage`."""

    async def upload(
        self,
        file: Uploadable,
        *,
        content_type: str | None = None,
        file_name: str | None = None,
        expires_in: ExpiresIn | None = None,
        initial_acl: InitialAcl | None = None,
        progress: Progress | bool | None = None,
        timeout: float | None = None,
    ) -> str:
        """As `Storage.upload`; `progress` is called in the event loop, and not awaited."""
        limits = self.limits(timeout)
        with shown(self._shown(progress), shown_name(file, file_name), "uploading") as report:
            if is_picture(file):
                file = await asyncio.to_thread(png_of, file)
            opened, upload = self._opened(file, content_type, file_name, expires_in, initial_acl, report)
            with opened:
                driver = _Driver(self._session.transport, limits)
                return await driver.run(upload.steps(), blocks=upload.source.size is None)

    if not TYPE_CHECKING:
        upload = hinting(upload)

    async def upload_all(self, files: InputFiles, limits: Limits) -> list[str]:
        """The URLs of an input's files."""
        if not files.uploads:
            return []
        driver = _Driver(self._session.transport, limits)
        flows = iter([upload.steps() for upload in files.uploads])
        blocks = any(upload.source.size is None for upload in files.uploads)
        return await driver.side_by_side(Parallel(flows), blocks=blocks)


async def upload_inputs(
    storage: AsyncStorage,
    endpoint: str,
    arguments: Mapping[str, Any],
    limits: Limits,
    media: Mapping[str, MediaLimits] | None = None,
) -> dict[str, Any]:
    """The arguments with URLs in the places of their files. Nothing was submitted if it fails."""
    files = InputFiles(arguments, media, limits.watch)
    if files.has_pictures:
        await asyncio.to_thread(files.encode)
    with files.open(storage, endpoint):
        return files.with_urls(await storage.upload_all(files, limits))


class _Driver:
    """Does what flows want. Steps that may wait for a pipe are taken in a thread."""

    def __init__(self, transport: AsyncTransport, limits: Limits) -> None:
        self._transport = transport
        self._limits = limits

    async def run(self, flow: Flow[T], *, blocks: bool = False) -> T:
        """A flow's result."""
        if not blocks:
            return await self._transport.run(flow, self._limits, self._asked)
        value: Any = None
        try:
            while True:
                has_ended, step = await _called(_advance, flow, value, in_thread=True)
                if has_ended:
                    result: T = step
                    return result
                value = await self._done(step)
        finally:
            with suppress(ValueError):  # a thread is in it still, and waits for a pipe
                flow.close()

    async def _done(self, step: Exchange | Parallel | TokenWanted) -> Any:
        return await (self._transport.send(step, self._limits) if isinstance(step, Exchange) else self._asked(step))

    async def _asked(self, step: Parallel | TokenWanted) -> Any:
        if isinstance(step, Parallel):
            return await self.side_by_side(step)

        def ask() -> Awaitable[CdnToken]:
            return self._transport.run(step.steps(), self._limits)

        return await step.tokens.aget(ask, step.requests.label, self._limits)

    async def side_by_side(self, parallel: Parallel, *, blocks: bool = False) -> list[Any]:
        """The results of several flows, in their order. If one fails, the others are cancelled."""
        tasks: list[asyncio.Task[Any]] = []
        running: set[asyncio.Task[Any]] = set()
        try:
            while (flow := await _called(next, parallel.flows, None, in_thread=parallel.blocks)) is not None:
                tasks.append(asyncio.create_task(self.run(flow, blocks=blocks)))
                running.add(tasks[-1])
                if len(running) >= SIDE_BY_SIDE:
                    done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                    _raise_first(done)
            if running:
                _raise_first((await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION))[0])
            return [task.result() for task in tasks]
        finally:
            await _end(tasks)


def _advance(flow: Flow[Any], value: Any) -> tuple[bool, Any]:
    """A flow's next step, or its result. A StopIteration would not come through a task."""
    try:
        return False, flow.send(value)
    except StopIteration as stop:
        return True, stop.value


async def _called(function: Callable[..., Any], *arguments: Any, in_thread: bool) -> Any:
    return await asyncio.to_thread(function, *arguments) if in_thread else function(*arguments)


async def _end(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel what still runs, and wait for it.

    One that a timer of its own is cancelling is left to it: a second cancellation would break its closing of sockets.
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            if not task.cancelling():
                task.cancel()
        await asyncio.wait(pending, timeout=_LOOK_AGAIN)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # it was seen, or another one is raised


def _raise_first(done: set[asyncio.Task[Any]]) -> None:
    for task in done:
        task.result()

"""fal's storage, synchronous: uploads by the steps of `upload_steps.py`, side by side in threads."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, TypeVar

from ...hinting import hinting
from ...http.worker_transport import StoppedError, WorkerTransport
from ...session import Session
from ..progress import shown
from .input_files import InputFiles
from .storage_base import SIDE_BY_SIDE, StorageBase, shown_name
from .upload_steps import Parallel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ...http.exchange import Limits
    from ...http.transport import Transport
    from ...media.limits import MediaLimits
    from ..progress import Progress
    from .sources import Uploadable
    from .storage_api import CdnToken, ExpiresIn, InitialAcl
    from .tokens import TokenWanted
    from .upload_steps import Flow

T = TypeVar("T")


class Storage(StorageBase[Session]):
    """fal's storage: `fal.storage`."""

    def upload(
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
        """Upload a file, and return its URL. Whatever its size, it is read piece by piece.

        Args:
            file: A `pathlib.Path`, bytes, or a binary file object, read from where it stands. A pipe goes too.
            content_type: Its media type; by default guessed by its name, else by its first bytes.
            file_name: Its name; by default its own.
            expires_in: When fal deletes it: `"1h"`, `"7d"` …, or seconds. By default as your account says.
            initial_acl: Who may see it. By default everybody who has the URL.
            progress: Called with the bytes sent so far and in all (None for a pipe), maybe from another thread.
                True shows it on a terminal (see `with_options`); a notebook does so by itself.
            timeout: Seconds for the whole upload; by default the client's `timeout`.

        Raises:
            OSError: There is no such file, it is a directory, or it may not be read.
            FileTransferError: It changed while it was being uploaded.
            APIStatusError: Storage refused it.
            APIConnectionError: Storage cannot be reached.
            DeadlineExceededError: It took longer than `timeout`.
        """
        limits = self.limits(timeout)
        with shown(self._shown(progress), shown_name(file, file_name), "uploading") as report:
            opened, upload = self._opened(file, content_type, file_name, expires_in, initial_acl, report)
            with opened, _Driver(self._session.transport, limits) as driver:
                return driver.run(upload.steps())

    if not TYPE_CHECKING:
        upload = hinting(upload)

    def upload_all(self, files: InputFiles, limits: Limits) -> list[str]:
        """The URLs of an input's files."""
        if not files.uploads:
            return []
        flows = [upload.steps() for upload in files.uploads]
        with _Driver(self._session.transport, limits) as driver:
            if len(flows) == 1:
                return [driver.run(flows[0])]
            return driver.side_by_side(Parallel(iter(flows)))


def upload_inputs(
    storage: Storage,
    endpoint: str,
    arguments: Mapping[str, Any],
    limits: Limits,
    media: Mapping[str, MediaLimits] | None = None,
) -> dict[str, Any]:
    """The arguments with URLs in the places of their files. Nothing was submitted if it fails."""
    with InputFiles(arguments, media, limits.watch).open(storage, endpoint) as files:
        return files.with_urls(storage.upload_all(files, limits))


class _Driver:
    """Does what flows want. A single exchange is done in the caller's thread, with the client's own connections."""

    def __init__(self, transport: Transport, limits: Limits) -> None:
        self._transport = transport
        self._limits = limits
        self._workers: WorkerTransport | None = None

    def run(self, flow: Flow[T], transport: Transport | None = None) -> T:
        """A flow's result."""
        used = transport or self._transport

        def do(step: Parallel | TokenWanted) -> Any:
            return self.side_by_side(step) if isinstance(step, Parallel) else self._token(step, used)

        return used.run(flow, self._limits, do)

    def _token(self, wanted: TokenWanted, transport: Transport) -> CdnToken:
        def ask() -> CdnToken:
            return transport.run(wanted.steps(), self._limits)

        check = transport.check if isinstance(transport, WorkerTransport) else _nobody_stops
        return wanted.tokens.get(ask, wanted.requests.label, self._limits, check)

    def side_by_side(self, parallel: Parallel) -> list[Any]:
        """The results of several flows, in their order. If one fails, the others are stopped."""
        workers = self._workers = self._workers or WorkerTransport(self._transport)
        pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="fal-upload")
        futures: list[Future[Any]] = []
        running: set[Future[Any]] = set()
        try:
            for flow in parallel.flows:
                futures.append(pool.submit(self.run, flow, workers))
                running.add(futures[-1])
                if len(running) >= SIDE_BY_SIDE:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    _raise_first(done)
            _raise_first(wait(running, return_when=FIRST_EXCEPTION).done)
            return [future.result() for future in futures]
        except BaseException:
            workers.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._workers is not None:
            self._workers.close()


def _nobody_stops() -> None:
    """In the caller's own thread, an interrupt is an exception."""


def _raise_first(done: set[Future[Any]]) -> None:
    errors = [error for future in done if (error := future.exception()) is not None]
    if errors:  # one that was stopped was so because of another
        raise next((error for error in errors if not isinstance(error, StoppedError)), errors[0])

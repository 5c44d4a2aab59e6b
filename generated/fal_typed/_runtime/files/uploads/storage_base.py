"""What the storage of both clients shares: from a caller's arguments to an upload that can begin."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ... import checks
from ...http.exchange import Deadline, Limits
from ...session import BaseSession
from .. import media_type
from ..progress import Meter
from .sources import open_source
from .storage_api import StorageRequests, lifecycle_headers
from .tokens import Tokens
from .upload_steps import Upload

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ..progress import Progress
    from .sources import Source, Uploadable
    from .storage_api import ExpiresIn, InitialAcl

S = TypeVar("S", bound=BaseSession)
# Files, and parts of each; with a pipe, each part in flight is in memory.
SIDE_BY_SIDE = 4


class StorageBase(Generic[S]):
    """fal's storage, of a client."""

    def __init__(self, session: S) -> None:
        self._session = session

    if not TYPE_CHECKING:  # type checkers know the names

        def __getattr__(self, name: str) -> Any:
            from ...habits.names import storage_hint

            hint = "" if name.startswith("_") else storage_hint(name) or checks.suggestion(name, ["upload"])
            # Without `obj`: the interpreter would suggest names of its own, private ones too.
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {checks.quoted(name)}{hint}", name=name
            )

    def limits(self, timeout: float | None = None) -> Limits:
        """The limits of an upload that starts now."""
        settings = self._session.settings
        seconds = settings.timeout if timeout is None else timeout
        return Limits(Deadline(checks.seconds("timeout", seconds)), settings.http_timeout, settings.max_retries)

    def upload_of(
        self,
        source: Source,
        label: str,
        headers: dict[str, str],
        progress: Progress | None,
        finished: Callable[[int], object] | None = None,
    ) -> Upload:
        """An upload that can begin."""
        settings = self._session.settings
        requests = StorageRequests(settings.hosts, self._session.user_agent, label, headers)
        kind = Upload
        if settings.proxy_url is not None:
            from .presigned import PresignedUpload as kind
        # Threads may make several; one of them is kept.
        tokens: Tokens = self._session.kept_by_uploads.get().setdefault("tokens", Tokens())
        return kind(source, requests, tokens, Meter(progress, source.size, finished))

    def _shown(self, progress: Progress | bool | None) -> Progress | bool | None:
        return self._session.settings.progress if progress is None else progress

    def _opened(
        self,
        file: Uploadable,
        content_type: str | None,
        file_name: str | None,
        expires_in: ExpiresIn | None,
        initial_acl: InitialAcl | None,
        progress: Progress | None,
    ) -> tuple[AbstractContextManager[Source], Upload]:
        """The upload of one file, and what closes it."""
        lifecycle = lifecycle_headers(expires_in, initial_acl)
        media_type.check(content_type)
        if file_name is not None and not isinstance(file_name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"file_name must be a str, not {type(file_name).__name__}")
        source = open_source(file)
        headers = {**file_headers(source, content_type, file_name), **lifecycle}
        label = f"the upload of {headers[NAME_HEADER]}" if file_name or source.name else "the upload"
        return closing(source), self.upload_of(source, label, headers, progress)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


NAME_HEADER, TYPE_HEADER = "x-fal-file-name", "content-type"


def shown_name(file: object, file_name: object = None) -> str:
    """What the display of progress calls a file, before it is opened."""
    if isinstance(file, os.PathLike):
        return file_name if isinstance(file_name, str) else Path(file).name  # pyright: ignore[reportUnknownArgumentType]
    name = file_name or getattr(file, "name", None)
    return name if isinstance(name, str) else "a file"


def file_headers(source: Source, content_type: str | None = None, file_name: str | None = None) -> dict[str, str]:
    """What the CDN is told about a file: its media type and its name, given or guessed."""
    name = media_type.ascii_name(file_name or source.name or "")
    kind = content_type or media_type.guess(name, source.head)
    # A URL without an ending tells a model nothing.
    return {TYPE_HEADER: kind, NAME_HEADER: name or f"upload{media_type.ending_of(kind)}"}

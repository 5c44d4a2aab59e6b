"""What the commands that ask fal share: where it is, with which key, how progress and outcome are shown."""

from __future__ import annotations

import ipaddress
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..fetch import Limits, Options, openapi, platform
from ..project.settings import SettingsError
from .app import err

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ..fetch import Count

OPENAPI_URL, PLATFORM_URL = "FAL_TYPED_OPENAPI_URL", "FAL_TYPED_PLATFORM_URL"
OpenapiUrl = Annotated[
    str, typer.Option(envvar=OPENAPI_URL, metavar="URL", help="Where one endpoint's document is to be had.")
]
PlatformUrl = Annotated[
    str, typer.Option(envvar=PLATFORM_URL, metavar="URL", help="fal's Platform API, with its version.")
]
ById = Annotated[bool, typer.Option("--by-id", help="Ask for each document by its id; not the Platform API.")]
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Requests at once.")]
Deadline = Annotated[float, typer.Option(min=1, help="Seconds for the whole run.")]
AsJson = Annotated[bool, typer.Option("--json", help="The outcome as JSON, for programs.")]
DEFAULTS = Limits()
# The first page of so many has a line in a log.
_PAGES = 5
# What a command that is run again does with what the interrupted one did.
RESUMED, KEPT = "it goes on where it stopped", "what it wrote stays"


@contextmanager
def asking(
    openapi_url: str = "",
    platform_url: str = "",
    *,
    by_id: bool = False,
    concurrency: int = DEFAULTS.concurrency,
    deadline: float = DEFAULTS.deadline,
    again: str = KEPT,
) -> Generator[Options]:
    """The options of a fetch, while a progress bar (or lines, where nobody looks at a screen) shows how it goes.

    Args:
        openapi_url: Where one document is to be had, if not at fal's address.
        platform_url: The same of the Platform API.
        by_id: See `Options`.
        concurrency: See `Limits`.
        deadline: See `Limits`.
        again: What the same command does after an interrupted one.

    Raises:
        SettingsError: An address or the key cannot be right.
    """
    openapi_url = _address(openapi_url or os.environ.get(OPENAPI_URL) or openapi.URL)
    platform_url = _address(platform_url or os.environ.get(PLATFORM_URL) or platform.URL)
    limits = Limits(concurrency=concurrency, deadline=deadline)
    key = _key(os.environ)
    try:
        with _watching() as shown:
            yield Options(
                openapi_url=openapi_url,
                platform_url=platform_url,
                key=key,
                limits=limits,
                by_id=by_id,
                listed=shown.listed,
                watch=shown.fetched,
            )
    except KeyboardInterrupt:
        err.print(f"interrupted: run the same command again: {again}", markup=False)
        raise


def _address(url: str) -> str:
    """A base URL without its last slash. The key is sent there, so it must be encrypted or stay on this machine."""
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise SettingsError("an address must not hold a name or a password; set FAL_KEY instead")
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise SettingsError(f"{url!r} is not an address of the form https://host/path")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise SettingsError(f"{url!r} is not encrypted; http is for this machine only")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _key(environment: Mapping[str, str]) -> str | None:
    """The fal key, as fal's own clients find it. It is in no message."""
    key = environment.get("FAL_KEY", "")
    parts = environment.get("FAL_KEY_ID", ""), environment.get("FAL_KEY_SECRET", "")
    if not key and all(parts):
        key = ":".join(parts)
    if any(not "!" <= character <= "~" for character in key):
        raise SettingsError("FAL_KEY holds a space, a line break or another character that no key has")
    return key or None


@contextmanager
def _watching() -> Generator[_Bar | _Lines]:
    if err.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=err, transient=True) as progress:
            yield _Bar(progress)
    else:
        yield _Lines()


class _Bar:
    """A bar that grows."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("fetching", total=None)

    def listed(self, count: int) -> None:
        self._progress.update(self._task, description="listing", completed=count, total=None)

    def fetched(self, count: Count) -> None:
        done = count.fetched + count.without
        self._progress.update(self._task, description="fetching", completed=done, total=count.total)


class _Lines:
    """A line for every few pages of the catalogue, and for every tenth of the way."""

    def __init__(self) -> None:
        self._pages = self._tenths = 0

    def listed(self, count: int) -> None:
        if count and self._pages % _PAGES == 0:
            err.print(f"read {count} endpoints of the catalogue", markup=False)
        self._pages += 1

    def fetched(self, count: Count) -> None:
        tenths = (count.fetched + count.without) * 10 // count.total
        if tenths > self._tenths:
            self._tenths = tenths
            without = f", {count.without} could not be" if count.without else ""
            err.print(f"fetched {count.fetched} of {count.total}{without}", markup=False)

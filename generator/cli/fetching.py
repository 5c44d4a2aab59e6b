"""What the commands that ask fal share: where it is, with which key, how progress and outcome are shown."""

from __future__ import annotations

import ipaddress
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..diagnostics import visible
from ..fetch import Limits, Options, openapi, platform
from ..project.settings import SettingsError
from .app import BROKEN, CLEAN, NETWORK, err

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from ..fetch import FetchReport

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
# More than so many lines of one kind say less than their number.
_MANY = 20


@contextmanager
def asking(
    openapi_url: str = "",
    platform_url: str = "",
    *,
    by_id: bool = False,
    concurrency: int = DEFAULTS.concurrency,
    deadline: float = DEFAULTS.deadline,
) -> Generator[Options]:
    """The options of a fetch, while a progress bar (or lines, where nobody looks at a screen) shows how it goes.

    Raises:
        SettingsError: An address or the key cannot be right.
    """
    openapi_url = _address(openapi_url or os.environ.get(OPENAPI_URL) or openapi.URL)
    platform_url = _address(platform_url or os.environ.get(PLATFORM_URL) or platform.URL)
    limits = Limits(concurrency=concurrency, deadline=deadline)
    with _watching() as watch:
        yield Options(
            openapi_url=openapi_url,
            platform_url=platform_url,
            key=_key(os.environ),
            limits=limits,
            by_id=by_id,
            watch=watch,
        )


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
def _watching() -> Generator[Callable[[int, int], None]]:
    if err.is_terminal:
        columns = (TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task("fetching", total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    else:
        yield _Lines().show


class _Lines:
    """A line for every tenth of the way."""

    def __init__(self) -> None:
        self._shown = 0

    def show(self, done: int, total: int) -> None:
        tenth = done * 10 // total if total else 0
        if tenth > self._shown:
            self._shown = tenth
            err.print(f"fetched {done} of {total}", markup=False)


def show(report: FetchReport, shown: str) -> None:
    """What a fetch did, a line each for what somebody wants to know.

    Args:
        report: The outcome.
        shown: How messages call the folder of the documents.
    """
    _lines("new", dict.fromkeys(report.new, ""))
    _lines("changed", dict.fromkeys(report.changed, ""))
    _lines("alias", {one: f" is called as {called}" for one, called in report.aliases.items()})
    kept = "; its document is kept, and so is the client's part"
    _lines("vanished", {one: f": fal has not had it since {day}{kept}" for one, day in report.vanished.items()})
    for one, failed in sorted(report.failed.items()):
        err.print(visible(f"failed    {one}: {failed.problem}"), markup=False)
    skipped = f", {len(report.skipped)} done by the interrupted run before" if report.skipped else ""
    err.print(
        f"{shown}: {_count(report.count)}, {len(report.new)} new, {len(report.changed)} changed, "
        f"{len(report.unchanged)} unchanged{skipped}, {len(report.vanished)} vanished, {len(report.failed)} failed",
        markup=False,
    )


def _lines(kind: str, texts: Mapping[str, str]) -> None:
    for one in sorted(texts)[:_MANY]:
        err.print(visible(f"{kind:<10}{one}{texts[one]}"), markup=False)  # documents say what they are called as
    if len(texts) > _MANY:
        err.print(f"{kind:<10}… and {len(texts) - _MANY} more", markup=False)


def _count(number: int) -> str:
    return f"{number} endpoint{'' if number == 1 else 's'}"


def exit_code(report: FetchReport) -> int:
    """What the run comes to: 3 if trying again may help, 4 if fal has no document for some endpoint."""
    if report.is_network:
        return NETWORK
    return BROKEN if report.failed else CLEAN

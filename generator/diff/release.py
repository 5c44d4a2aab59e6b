"""What `release` does: from what changed since the last release to the next one."""

# design: Which version does a release get?

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..project.files import replace_file
from ..project.releases import (
    Release,
    ReleaseNote,
    Releases,
    bumped,
    read_releases,
    releases_path,
    render_releases,
    version_of,
)
from ..project.settings import Settings, SettingsError
from .compare import compare
from .entries import entries
from .load import load_old, load_state
from .record import record
from .report import paragraphs
from .verdict import Verdict, worst

if TYPE_CHECKING:
    from .load import State
    from .surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the maintainer adds to what the documents say.

    Attributes:
        notes: Sentences about the package as a whole: changes of the client itself, which no document tells.
        at_least: The verdict that those deserve.
        version: The version to give, in place of the one that follows from the verdict; empty for the latter.
    """

    notes: tuple[str, ...] = ()
    at_least: Verdict = Verdict.NONE
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The coming release.

    Attributes:
        before: The releases so far.
        after: With the coming one; None where there is nothing to release.
        removable: Endpoints that fal does not list any more and that the last release has as deprecated stubs.
        new: The specs as they are.
    """

    before: Releases
    after: Releases | None
    removable: tuple[str, ...]
    new: State


def plan(settings: Settings, wish: Wish, date: str) -> Plan:
    """Compare the specs with the last release and decide on the next; nothing is written.

    Args:
        settings: The project's.
        wish: What the maintainer adds.
        date: The day of the release, YYYY-MM-DD.

    Raises:
        SettingsError: `releases.json` is not as it should be, or the wished version is not above the last one.
    """
    before = read_releases(settings)
    new = load_state(settings, None)
    released = None if before.released is None else load_old(settings, None).surface
    moved: tuple[tuple[str, str], ...] = ()
    if released is None:
        changes, verdict = _first(new.surface), Verdict.MINOR
    else:
        difference = compare(released, new.surface, new.unreadable, package=settings.package)
        changes, verdict, moved = entries(difference), difference.verdict, tuple(difference.moved.items())
    verdict = worst([verdict, wish.at_least, *[Verdict.PATCH for _ in wish.notes]])
    notes = tuple(
        ReleaseNote(about="", verdict=worst([wish.at_least, Verdict.PATCH]).value, text=note) for note in wish.notes
    )
    after = None
    if verdict is not Verdict.NONE or wish.version:
        verdict = worst([verdict, Verdict.PATCH])
        version = _version(before, verdict, wish)
        release = Release(version=version, date=date, verdict=verdict.value, entries=(*notes, *changes), moved=moved)
        after = Releases(all=(release, *before.all), released=record(new.surface))
    return Plan(before=before, after=after, removable=_removable(released, new.surface), new=new)


def as_text(before: Releases, after: Releases) -> str:
    """A release for people: its version, then its sentences."""
    coming = after.all[0]
    head = f"{before.version} → {coming.version}" if before.all else coming.version
    return "\n\n".join([f"{head} ({coming.verdict})", *paragraphs(coming.entries)]) + "\n"


def write(settings: Settings, releases: Releases) -> str:
    """Record the releases, and tell where."""
    path = releases_path(settings)
    replace_file(path, render_releases(releases).encode(), durable=True)
    return settings.shown(path)


def _first(surface: Surface) -> tuple[ReleaseNote, ...]:
    count = len(surface.endpoints)
    text = f"First release, with {count} endpoint{'' if count == 1 else 's'}."
    return (ReleaseNote(about="", verdict=Verdict.MINOR.value, text=text),)


def _version(before: Releases, verdict: Verdict, wish: Wish) -> str:
    follows = bumped(before.version, verdict.value) if before.all else before.version
    if not wish.version:
        return follows
    try:
        wished = version_of(wish.version)
    except ValueError as error:
        raise SettingsError(f"--version: {error}") from None
    if before.all and wished < version_of(follows):
        raise SettingsError(f"--version: {wish.version} is below {follows}, which these changes ask for")
    return wish.version


def _removable(released: Surface | None, new: Surface) -> tuple[str, ...]:
    """Stubs that users have been told about in a release."""
    if released is None:
        return ()
    told = {one.id for one in released.endpoints.values() if one.vanished}
    return tuple(one.id for one in new.endpoints.values() if one.vanished and one.id in told)

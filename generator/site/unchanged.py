"""Whether a build would do what the last one did: then there is nothing to do, and it is known at once."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from ..places import SKILL, TEMPLATES
from ..project.cache import key_of
from ..project.files import bytes_of
from ..project.type_lock import lock_path
from ..write.manifest import digest, manifest_path
from ..write.unchanged import fingerprint, keep, kept
from .guides import guide_files
from .store import MANIFEST, is_whole

if TYPE_CHECKING:
    from pathlib import Path

    from ..project.settings import Settings

_TABLE = "site"
_TOOLS = ("markdown-it-py", "markupsafe", "pygments")


def made_from(settings: Settings) -> str:
    """A hash of everything that the site is made of: documents, templates, the generator, settings, guides, figures."""
    site = settings.site
    read = [
        lock_path(settings),
        settings.output / manifest_path(settings),  # endpoints whose documents are broken have their names of it
        settings.output / settings.package / SKILL,
        *guide_files(settings),
        *([] if site.comparison is None else [site.comparison]),
    ]
    files = [repr((settings.shown(path), data and digest(data))) for path in read for data in [bytes_of(str(path))]]
    told = repr((site.title, site.url, site.thumbnails, [version(tool) for tool in _TOOLS]))
    return key_of(fingerprint(settings, TEMPLATES), told, files)


def remember(settings: Settings, folder: Path, key: str, messages: list[str], endpoints: int) -> None:
    """Keep what a build had to say that left nothing to do.

    Args:
        settings: The project.
        folder: Of the site, as the build left it.
        key: What it was made from, found out before the build: what changed meanwhile must not pass for what it read.
        messages: What it had to say.
        endpoints: How many have a page.
    """
    keep(settings, _TABLE, _key(folder, key), messages, endpoints)


def recall(settings: Settings, folder: Path, key: str) -> tuple[list[str], int] | None:
    """The messages and the number of endpoints of the last build, if its folder is still as it was left."""
    last = kept(settings, _TABLE, _key(folder, key))
    return last if last is not None and is_whole(folder) else None


def _key(folder: Path, key: str) -> str:
    return key_of(key, str(folder), digest(bytes_of(f"{folder}/{MANIFEST}") or b""))

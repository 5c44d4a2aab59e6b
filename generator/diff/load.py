"""A state of the specs, from wherever it is: a folder, a git revision, or what was released last."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import pipeline
from ..diagnostics import Findings
from ..project.releases import read_releases, releases_path
from ..project.settings import Settings, SettingsError
from ..project.type_lock import read_lock
from .record import recall
from .surface import Surface, surface_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ..diagnostics import Diagnostic
    from ..project.type_lock import TypesLock


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One side of a diff.

    Attributes:
        name: What messages call it.
        surface: What users of its client see.
        unreadable: The endpoints whose document cannot be generated from, so that nothing is known of them.
        diagnostics: What is wrong with those.
        texts: The documents' text by path, for the diagnostics' lines.
        lock: The names of its shared types, where it has any.
    """

    name: str
    surface: Surface
    unreadable: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str]
    lock: TypesLock | None = None


def load_old(settings: Settings, given: str | None) -> State:
    """What is compared with: a folder or a revision by its name; else the last release, or HEAD if there is none yet.

    Raises:
        SettingsError: There is no such folder or revision, or what is there is not as it should be.
    """
    if given is not None:
        return load_state(settings, given)
    releases = read_releases(settings)
    if releases.released is None:
        return _at_revision(settings, "HEAD")
    shown = releases_path(settings)
    try:
        surface = recall(releases.released)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{settings.shown(shown)}: the record of the last release is damaged ({error})"
        raise SettingsError(f"{what}; restore it from version control") from None
    names = read_lock(settings)
    return State(name=f"release {releases.version}", surface=surface, texts={}, lock=names)


def load_state(settings: Settings, given: str | None, *, names: TypesLock | None = None) -> State:
    """A folder of documents, a git revision of the project's, or (None) the project's own folder as it is now.

    Args:
        settings: The project's.
        given: A folder, or else a revision; a folder that has the name of a revision is a folder.
        names: The other side's names of shared types, for a folder that has none of its own.

    Raises:
        SettingsError: There is no such folder or revision, or what is there is not as it should be.
    """
    if given is None:
        return _in_folder(settings, settings.specs, settings.shown(settings.specs), names)
    folder = Path(given)
    if folder.is_dir():
        if (folder / "pyproject.toml").is_file():
            raise SettingsError(f"{given}: this is a project; name its folder of documents, e.g. {folder / 'specs'}")
        absolute = folder.absolute()
        state = _in_folder(settings, absolute, settings.shown(absolute), names)
        if (absolute / "endpoints.toml").is_file():
            return state
        if not state.surface.endpoints and not state.unreadable:
            raise SettingsError(f"{given}: no documents in there; they are expected at <owner>/<name>.json")
        return _documents_alone(state)
    if folder.exists():
        raise SettingsError(f"{given}: this is a file; name a folder of documents, or a git revision")
    return _at_revision(settings, given)


def _documents_alone(state: State) -> State:
    """A bare folder of documents: whether their endpoints stream stands in `endpoints.toml`, which is not there."""
    endpoints = {one.id: replace(one, streams=None) for one in state.surface.endpoints.values()}
    return replace(state, surface=replace(state.surface, endpoints=endpoints))


def _in_folder(settings: Settings, folder: Path, shown: str, names: TypesLock | None) -> State:
    """Read a folder; messages call it `shown`."""
    findings = Findings()
    there = settings.shown(folder)
    try:
        found = pipeline.understand(replace(settings, specs=folder), findings, types=names)
    except SettingsError as error:
        raise SettingsError(str(error).replace(there, shown)) from None
    known = {document.id for document in found.loaded.documents} | set(found.loaded.broken)
    surface = surface_of(found)

    def renamed(path: str) -> str:
        return shown + path.removeprefix(there) if path.startswith(there) else path

    return State(
        name=shown,
        surface=surface,
        unreadable=frozenset(known - surface.endpoints.keys()),
        diagnostics=tuple(replace(d, source=replace(d.source, path=renamed(d.source.path))) for d in findings.errors()),
        texts={renamed(path): text for path, text in found.loaded.texts.items()},
        lock=found.lock,
    )


# --- git -------------------------------------------------------------------------------------------------------------


def _at_revision(settings: Settings, revision: str) -> State:
    with _checked_out(settings, revision) as folder:
        return _in_folder(settings, folder, f"{revision}:{settings.shown(settings.specs)}", None)


@contextmanager
def _checked_out(settings: Settings, revision: str) -> Generator[Path]:
    """The folder of the documents as a revision has it, for as long as the context lasts."""
    name = f"{revision}^{{commit}}"
    found = _git(settings, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    if found.returncode:
        reason = found.stderr.decode(errors="replace").strip()
        raise SettingsError(
            f"{revision}: neither a folder nor a revision of {settings.root}'s git repository"
            + (f" (git: {reason})" if reason else "")
        )
    archive = _git(settings, "archive", "--format=tar", found.stdout.decode().strip(), "--", ".")
    if archive.returncode:
        raise SettingsError(f"{revision}: has no {settings.shown(settings.specs)}")
    with tempfile.TemporaryDirectory(prefix="fal-typed-") as folder:
        try:
            with tarfile.TarFile(fileobj=io.BytesIO(archive.stdout)) as tar:
                tar.extractall(folder, filter="data")
        except tarfile.FilterError as error:  # a link that leads out of the folder
            raise SettingsError(f"{revision}: {error}") from None
        yield Path(folder)


def _git(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in the folder of the documents, so that `.` is that folder in every revision."""
    command = ["git", "-C", str(settings.specs), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise SettingsError("git is not installed: only folders of documents can be compared") from None

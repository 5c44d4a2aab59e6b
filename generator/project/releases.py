"""`specs/releases.json`: what was released, and when, and what it changed. Version and changelog come from here.

Beside the releases stands a record of what users of the last one have, so that the next one can be compared with it:
no git history is needed, and a shallow checkout, an export or a vendored project will do.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from ..json_text import Json, NotJsonError, is_text, parse
from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

FIRST_VERSION = "0.1.0"
_FORMAT = 1
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_CLASS = re.compile(r"(models|params)\.[A-Za-z][A-Za-z0-9_]*")
_PLACE = re.compile(r"(models|params|endpoints(\.[a-z_][a-z0-9_]*)+)\.[A-Za-z][A-Za-z0-9_]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
VERDICTS = ("patch", "minor", "major")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNote:
    """One sentence of a release.

    Attributes:
        about: The endpoint's id; empty for what is about the package as a whole.
        verdict: How much it matters: patch, minor or major.
        text: The sentence, as Markdown.
        kind: What it is, in the words of `diff --json`; empty where nobody said.
    """

    about: str
    verdict: str
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release.

    Attributes:
        date: YYYY-MM-DD.
        moved: The shared classes that are gone with it, each with the one that is in its place: `models.Image` →
            `models.SizedImage`. Until the next release the old name is an alias.
    """

    version: str
    date: str
    verdict: str
    entries: tuple[ReleaseNote, ...]
    moved: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """All releases, the last one first, and the record of what that one contained."""

    all: tuple[Release, ...] = ()
    released: Json = None

    @property
    def version(self) -> str:
        """The version of the package."""
        return self.all[0].version if self.all else FIRST_VERSION


def releases_path(settings: Settings) -> Path:
    """Where releases are recorded."""
    return settings.specs / "releases.json"


def read_releases(settings: Settings) -> Releases:
    """Read the releases; a project without the file has none.

    Raises:
        SettingsError: The file is not one of ours. It is not overwritten: it holds what cannot be made again.
    """
    path = releases_path(settings)
    if not path.is_file():
        return Releases()
    shown = settings.shown(path)
    try:
        document = cast("dict[str, Json]", parse(path.read_text(encoding="utf-8-sig")))
        if document["format"] != _FORMAT:
            raise ValueError(f"format {document['format']!r} is not known to this version")
        releases = tuple(_release(one) for one in cast("list[dict[str, Json]]", document["releases"]))
        _check_order(releases)
        if not isinstance(document["released"], dict):
            raise TypeError("`released` must be a table")
    except NotJsonError as error:
        raise SettingsError(f"{shown}:{error.line or 1}: {error}; restore it from version control") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else error
        raise SettingsError(f"{shown}: not a releases.json: {what}; restore it from version control") from None
    return Releases(all=releases, released=document["released"])


def _release(table: dict[str, Json]) -> Release:
    release = Release(
        version=_text(table, "version"),
        date=_text(table, "date"),
        verdict=_text(table, "verdict"),
        entries=tuple(_entry(one) for one in cast("list[dict[str, Json]]", table["entries"])),
        moved=_moved(cast("dict[str, Json]", table.get("moved", {}))),
    )
    version_of(release.version)
    if not _DATE.fullmatch(release.date):
        raise ValueError(f"{release.version}: date must be YYYY-MM-DD, not {release.date!r}")
    if release.verdict not in VERDICTS:
        raise ValueError(f"{release.version}: verdict must be one of {', '.join(VERDICTS)}, not {release.verdict!r}")
    return release


def _moved(table: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for old, new in table.items():
        if not isinstance(new, str) or not (_CLASS.fullmatch(old) and _PLACE.fullmatch(new)):
            raise ValueError(f"moved: {old!r} → {new!r} are not two classes of the package")
        pairs.append((old, new))
    return tuple(sorted(pairs))


def _entry(table: dict[str, Json]) -> ReleaseNote:
    words = {key: _text(table, key) for key in ("about", "verdict", "text")}
    entry = ReleaseNote(**words, kind=_text(table, "kind") if "kind" in table else "")
    if entry.verdict not in VERDICTS:
        raise ValueError(f"an entry's verdict must be one of {', '.join(VERDICTS)}, not {entry.verdict!r}")
    return entry


def _text(table: dict[str, Json], key: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} must be a text, not {value!r}")
    return value


def _check_order(releases: tuple[Release, ...]) -> None:
    if not releases:
        raise ValueError("there is no release in it")
    for later, earlier in pairwise(releases):
        if version_of(later.version) <= version_of(earlier.version):
            raise ValueError(f"{later.version} stands before {earlier.version}; the last release must be the first")


def version_of(text: str) -> tuple[int, int, int]:
    """The numbers of a version such as `0.2.0`.

    Raises:
        ValueError: It is none: three numbers are expected, without anything before or behind.
    """
    match = _VERSION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a version (X.Y.Z)")
    return int(match[1]), int(match[2]), int(match[3])


def bumped(version: str, verdict: str) -> str:
    """The next version. Below 1.0 anything may break with a minor number, so major and minor both raise that one."""
    major, minor, patch = version_of(version)
    if verdict == "patch":
        return f"{major}.{minor}.{patch + 1}"
    if verdict == "major" and major:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0"


def render_releases(releases: Releases) -> str:
    """The file's text: a line for each sentence, and one for each endpoint of the record."""
    released = cast("dict[str, Json]", releases.released)
    endpoints = cast("dict[str, Json]", released["endpoints"])
    lines = [f"      {_compact(one)}: {_compact(endpoints[one])}" for one in sorted(endpoints)]
    parts = [
        "{",
        f'  "format": {_FORMAT},',
        '  "releases": [',
        ",\n".join(_render_release(one) for one in releases.all),
        "  ],",
        '  "released": {',
        f'    "types": {_compact(released["types"])},',
        '    "endpoints": {',
        ",\n".join(lines),
        "    }",
        "  }",
        "}",
    ]
    return "\n".join(parts) + "\n"


def _render_release(release: Release) -> str:
    head = {"version": release.version, "date": release.date, "verdict": release.verdict}
    texts = [f'      "{key}": {_compact(text)}' for key, text in head.items()]
    entries = [f"        {_compact(_recorded(one))}" for one in release.entries]
    if release.moved:
        texts.append(f'      "moved": {_compact(dict(release.moved))}')
    return "    {\n" + ",\n".join(texts) + ',\n      "entries": [\n' + ",\n".join(entries) + "\n      ]\n    }"


def _recorded(entry: ReleaseNote) -> dict[str, str]:
    table = {"about": entry.about, "verdict": entry.verdict, "text": entry.text}
    return table | ({"kind": entry.kind} if entry.kind else {})


def _compact(value: Json | dict[str, str]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # A document can escape half a character; so must what is recorded of it.
    return text if is_text(text) else json.dumps(value)

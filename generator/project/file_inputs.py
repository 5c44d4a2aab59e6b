"""Which inputs take a file: by their names, and by a table where a name is not enough.

The generator's own table, `file_inputs.toml` beside this file, is what is known of fal's documents; a project's
`file-inputs.toml` comes on top of it.
"""

# design: Which inputs take a file?

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .ids import is_endpoint_id
from .settings import SettingsError

if TYPE_CHECKING:
    from ..json_text import Json
    from .settings import Settings

FILE_NAME = "file-inputs.toml"
_OWN = Path(__file__).with_name("file_inputs.toml")
# A URL that is called with a result; nothing is read from it.
_CALLED = frozenset({"webhook", "callback"})
_KEYS = '"name", "Component.name", "owner/endpoint:name" or "owner/endpoint:Component.name"'


class Takes(Enum):
    """What a text among the inputs may be given as; the value is the table that says so."""

    FILE = "files"
    FILE_OR_NAME = "files-or-names"
    TEXT = "not-files"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """What is known of inputs where their names do not tell; an empty one knows the names alone.

    Attributes:
        entries: By key: `path`, `LoraWeight.path` of one component; `owner/endpoint:` in front for one endpoint alone.
    """

    entries: dict[str, Takes] = field(default_factory=dict[str, Takes])

    def takes(self, component: str, name: str, *, marked: bool) -> Takes:
        """What an input takes, whichever endpoint it is of.

        Args:
            component: The component of its document that it stands in.
            name: Its name on the wire.
            marked: Whether its document says that it is a file by a mark of fal's user interface.
        """
        told = self.told(component, name)
        return told or (Takes.FILE if marked or is_named_as_file(name) else Takes.TEXT)

    def told(self, component: str, name: str, endpoint_id: str | None = None) -> Takes | None:
        """The closest entry about an input of any endpoint; with an endpoint, of those about that one alone."""
        scope = "" if endpoint_id is None else f"{endpoint_id}:"
        return self.entries.get(f"{scope}{component}.{name}", self.entries.get(scope + name))


def is_named_as_file(name: str) -> bool:
    """Whether a name says that a file's URL is meant: `url`, `image_urls`, `audio_url_person1`; not `webhook_url`."""
    words = name.split("_")
    before = ["", *words]
    return any(
        word in ("url", "urls") and called not in _CALLED and (place or word == name)
        for place, (called, word) in enumerate(zip(before, words, strict=False))
    )


def read_file_table(settings: Settings) -> FileTable:
    """The generator's own table, with `file-inputs.toml` of the project on top, if it has one.

    Raises:
        SettingsError: It is not as it should be. The message names the file and the entry.
    """
    path, shown = settings.specs / FILE_NAME, settings.shown(settings.specs / FILE_NAME)
    own = _entries(_OWN.read_text(encoding="utf-8"), _OWN.name)
    if not path.is_file():
        return FileTable(entries=own)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown}: not TOML: {error}") from None
    return FileTable(entries={**own, **_entries(text, shown)})


def _entries(text: str, shown: str) -> dict[str, Takes]:
    try:
        tables: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{shown}: not TOML: {error}") from None
    known = {takes.value: takes for takes in Takes}
    entries: dict[str, Takes] = {}
    for name, table in tables.items():
        if name not in known:
            listed = ", ".join(f"[{one}]" for one in known)
            raise SettingsError(f"{shown}: there is no table {name!r}; known tables: {listed}")
        for key in _checked(table, f"{shown}: [{name}]", name, shown):
            if key in entries:
                both = f"{key!r} is in [{entries[key].value}] and in [{name}]"
                raise SettingsError(f"{shown}: {both}; remove one of the two")
            entries[key] = known[name]
    return entries


def _checked(table: object, place: str, name: str, shown: str) -> list[str]:
    """The keys of a table whose entries are as they should be."""
    if not isinstance(table, dict):
        raise SettingsError(f"{shown}: {name} must be a table, [{name}]")
    entries = cast("dict[str, object]", table)
    for key, reason in entries.items():
        if isinstance(reason, dict):
            raise SettingsError(f'{place} {key!r} is a table; put all of the key in quotes: "{key}.name" = "why"')
        if not isinstance(reason, str) or not reason.strip():
            raise SettingsError(f'{place} {key!r} must say why, as a text: "{key}" = "…"')
        endpoint, colon, rest = key.rpartition(":")
        if colon and not is_endpoint_id(endpoint):
            raise SettingsError(f"{place} {key!r}: {endpoint!r} is not an endpoint id; a key is {_KEYS}")
        if "/" in rest or not all(rest.split(".")):
            raise SettingsError(f"{place} {key!r} names no input; a key is {_KEYS}")
    return list(entries)


# What a mark says of a URL; an upload is what the user interface offers there.
_KINDS = frozenset({"image", "image_mask", "mask", "video", "audio", "archive", "file", "url", "3d"})


def is_marked_as_file(schema: Json) -> bool:
    """Whether the document marks a property as a file: the schema is looked at as it is, for nothing is reported."""
    if not isinstance(schema, dict):
        return False
    ui = schema.get("ui")
    marks = (schema.get("_fal_ui_field"), ui.get("field") if isinstance(ui, dict) else None)
    return any(isinstance(mark, str) and mark in _KINDS for mark in marks) or any(
        map(is_marked_as_file, _parts(schema))
    )


def _parts(schema: dict[str, Json]) -> list[Json]:
    """The schemas that say more about the same property: its items and alternatives, not what it refers to."""
    parts: list[Json] = [schema.get("items")]
    for keyword in ("anyOf", "oneOf", "allOf"):
        alternatives = schema.get(keyword)
        parts += alternatives if isinstance(alternatives, list) else []
    return parts

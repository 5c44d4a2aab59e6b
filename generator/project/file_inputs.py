"""Which inputs take a file: by their names, and by the table `file-inputs.toml` where a name is not enough."""

# design: Which inputs take a file?

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from .settings import SettingsError

if TYPE_CHECKING:
    from ..json_text import Json
    from .settings import Settings

FILE_NAME = "file-inputs.toml"
# A URL that is called with a result; nothing is read from it.
_CALLED = ("_webhook_url", "_callback_url")
_FILES, _NOT_FILES = "files", "not-files"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """What a project says about inputs by name: `"path"`, or `"LoraWeight.path"` of one component; with reasons.

    Attributes:
        files: Inputs that take a file though their name does not say so.
        not_files: Inputs that take none though their name says so, or the document does.
    """

    files: dict[str, str] = field(default_factory=dict[str, str])
    not_files: dict[str, str] = field(default_factory=dict[str, str])

    def takes_file(self, component: str, name: str, *, marked: bool) -> bool:
        """Whether an input takes a file.

        Args:
            component: The component of its document that it stands in.
            name: Its name on the wire.
            marked: Whether its document says so by a mark of fal's user interface.
        """
        for key in (f"{component}.{name}", name):  # the closer entry wins
            if key in self.files or key in self.not_files:
                return key in self.files
        return marked or is_named_as_file(name)


def is_named_as_file(name: str) -> bool:
    """Whether a name says that a file's URL is meant: `url`, `image_url`, `input_image_urls`; not `webhook_url`."""
    return f"_{name}".endswith(("_url", "_urls")) and not f"_{name}".endswith(_CALLED)


def read_file_table(settings: Settings) -> FileTable:
    """Read `file-inputs.toml`; a project without one has an empty table.

    Raises:
        SettingsError: It is not as it should be. The message names the file and the entry.
    """
    path = settings.specs / FILE_NAME
    if not path.is_file():
        return FileTable()
    shown = settings.shown(path)
    try:
        tables: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{shown}: not TOML: {error}") from None
    for key in tables:
        if key not in (_FILES, _NOT_FILES):
            raise SettingsError(f"{shown}: there is no table {key!r}; known tables: [{_FILES}], [{_NOT_FILES}]")
    files, not_files = (_entries(shown, name, tables.get(name, {})) for name in (_FILES, _NOT_FILES))
    if both := sorted(files.keys() & not_files.keys()):
        raise SettingsError(f"{shown}: {both[0]!r} is in [{_FILES}] and in [{_NOT_FILES}]; remove one of the two")
    return FileTable(files=files, not_files=not_files)


def _entries(shown: str, name: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise SettingsError(f"{shown}: {name} must be a table, [{name}]")
    for key, reason in cast("dict[str, object]", table).items():
        if not isinstance(reason, str) or not reason.strip():
            raise SettingsError(f'{shown}: [{name}] {key!r} must say why, as a text: "{key}" = "…"')
    return cast("dict[str, str]", table)


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

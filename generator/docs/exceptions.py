"""`docs-exceptions.toml`: the disagreements that are known, each with the reason why it is no fault of ours."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, cast

from ..project.settings import SettingsError
from .compare.disagreements import Facet
from .pages.folder import Form

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DocsException:
    """One disagreement that is let pass.

    Attributes:
        endpoint: The endpoint's id.
        page: The form of the page: `llms.txt` or `page.txt`.
        place: Where, as the report names it.
        facet: About what.
        reason: Why.
        line: Its line in the file.
    """

    endpoint: str
    page: str
    place: str
    facet: str
    reason: str
    line: int = 0


_KEYS = [field.name for field in fields(DocsException) if field.name != "line"]


def read_exceptions(path: Path, shown: str) -> list[DocsException]:
    """The exceptions in a file; none if there is no file.

    Args:
        path: The file.
        shown: How messages name it.

    Raises:
        SettingsError: It is not in the form that `specs/docs-exceptions.toml` explains.
    """
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8")
        document: dict[str, object] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{shown}: not TOML: {error}") from None
    entries = document.get("exception", [])
    if document.keys() - {"exception"} or not isinstance(entries, list):
        raise SettingsError(f"{shown}: only [[exception]] tables may stand here")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[exception]]"]
    found: list[DocsException] = []
    for index, entry in enumerate(cast("list[object]", entries)):
        line = lines[index] if index < len(lines) else 0
        one = _entry(entry, f"{shown}:{line}", line)
        if any((one.endpoint, one.page, one.place, one.facet) == (o.endpoint, o.page, o.place, o.facet) for o in found):
            raise SettingsError(f"{shown}:{line}: the same exception stands here twice")
        found.append(one)
    return found


def _entry(entry: object, where: str, line: int) -> DocsException:
    if not isinstance(entry, dict):
        raise SettingsError(f"{where}: an exception is a table with {', '.join(_KEYS)}")
    table = cast("dict[str, object]", entry)
    for key in table:
        if key not in _KEYS:
            raise SettingsError(f"{where}: an exception has no {key!r}; it has {', '.join(_KEYS)}")
    values: dict[str, str] = {}
    for key in _KEYS:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise SettingsError(f"{where}: an exception needs {key}, a text that is not empty")
        values[key] = value
    _check("facet", values["facet"], [facet.value for facet in Facet], where)
    _check("page", values["page"], [form.value for form in Form], where)
    return DocsException(**values, line=line)


def _check(key: str, value: str, known: list[str], where: str) -> None:
    if value not in known:
        raise SettingsError(f"{where}: {key} is one of {', '.join(known)}, not {value!r}")

"""Which endpoints fal does not list any more, from `lock.json` (a part of stage load)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from generator.jsontext import Json, NotJsonError, parse
from generator.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_vanished(settings: Settings) -> dict[str, str]:
    """Since when (YYYY-MM-DD) endpoints are gone, by id; a missing lock knows of none.

    Raises:
        SettingsError: `lock.json` is not as `fetch` writes it.
    """
    path = settings.specs / "lock.json"
    if not path.is_file():
        return {}
    shown = settings.shown(path)
    try:
        document = parse(path.read_text(encoding="utf-8-sig"))
    except (NotJsonError, UnicodeDecodeError) as error:
        raise SettingsError(f"{shown}: {error}; restore it from version control") from None
    endpoints = document.get("endpoints") if isinstance(document, dict) else None
    if not isinstance(endpoints, dict):
        raise SettingsError(f"{shown}: it has no table `endpoints`; restore it from version control")
    return {one: since for one, entry in endpoints.items() if (since := _since(shown, one, entry))}


def _since(shown: str, endpoint_id: str, entry: Json) -> str:
    since = cast("Mapping[str, Json]", entry).get("vanished") if isinstance(entry, dict) else None
    if since is not None and not (isinstance(since, str) and _DATE.fullmatch(since)):
        raise SettingsError(f"{shown}: {endpoint_id}: vanished must be a date (YYYY-MM-DD), not {since!r}")
    return since or ""

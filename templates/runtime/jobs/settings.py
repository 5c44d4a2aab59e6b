"""What a `map` is told, checked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .. import checks

if TYPE_CHECKING:
    from decimal import Decimal


class MapSettings(NamedTuple):
    """The arguments of `map` but for its inputs; they are said there."""

    journal: Any
    window: int
    download: str | None
    ordered: bool
    check: Literal["each", "all"]
    salt: str | None
    dedupe: bool
    retry: bool
    resubmit_after: float | None
    max_errors: int | None
    stop_after: int | None
    max_cost: float | Decimal | None
    max_in_flight: int | None
    progress: bool | None


def settings_of(**given: Any) -> MapSettings:
    """The arguments of `map`, checked; those that one job has too are checked with its rules.

    Raises:
        TypeError: One is of another kind.
        ValueError: One cannot be.
    """
    for name in ("ordered", "dedupe"):
        if given[name] is None:
            raise TypeError(f"{name} must be True or False, not None")
        checks.flag(name, given[name])
    checks.flag("progress", given["progress"])
    checks.choice("check", given["check"], ("each", "all"))
    for name, least in (("window", 1), ("max_errors", 0), ("stop_after", 1)):
        value = checks.count(name, given[name])
        if name == "window" and value is None:
            raise TypeError("window must be an int, not None")
        if value is not None and value < least:
            raise ValueError(f"{name} must be {least} or more, not {value}")
    given["download"] = None if given["download"] is None else _path("download", given["download"])
    if given["salt"] is not None and not isinstance(given["salt"], str):
        raise TypeError(f"salt must be a str, not {type(given['salt']).__name__}")
    return MapSettings(**given)


def _path(name: str, given: Any) -> str:
    if not isinstance(given, str | os.PathLike):
        raise TypeError(f"{name} must be a path, not {type(given).__name__}")
    path: str | bytes = os.fspath(given)  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(path, str) or not path:
        raise ValueError(f"{name} must be a path as text, not {path!r}")
    return path

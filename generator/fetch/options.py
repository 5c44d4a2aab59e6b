"""Whom a fetch asks, how, and who looks on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import openapi, platform
from .http import Limits

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How far a run has come.

    Attributes:
        total: The endpoints it is about.
        fetched: Those whose document came.
        without: Those that were asked for, and have none.
    """

    total: int
    fetched: int
    without: int


def _unwatched(_: object) -> None:
    """What is told where nobody looks on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Whom to ask, and how.

    Attributes:
        openapi_url: Where one document is to be had.
        platform_url: The Platform API, with its version.
        key: The fal key; public endpoints need none.
        limits: How much patience there is.
        by_id: Ask for each document by its id only, not the Platform API.
        listed: Is told page by page how many endpoints of the catalogue were seen.
        watch: Is told now and then how many endpoints are done, and of how many.
        today: The day to date changes with (YYYY-MM-DD), if not the day it is.
    """

    openapi_url: str = openapi.URL
    platform_url: str = platform.URL
    key: str | None = None
    limits: Limits = field(default_factory=Limits)
    by_id: bool = False
    listed: Callable[[int], None] = _unwatched
    watch: Callable[[Count], None] = _unwatched
    today: str | None = None

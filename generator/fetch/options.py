"""Whom a fetch asks, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.fetch import openapi, platform
from generator.fetch.http import Limits

if TYPE_CHECKING:
    from collections.abc import Callable


def _unwatched(_done: int, _total: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Whom to ask, and how.

    Attributes:
        openapi_url: Where one document is to be had.
        platform_url: The Platform API, with its version.
        key: The fal key; public endpoints need none.
        limits: How much patience there is.
        by_id: Ask for each document by its id only, not the Platform API.
        watch: Is told now and then how many endpoints are done, and of how many.
        today: The day to date changes with (YYYY-MM-DD), if not the day it is.
    """

    openapi_url: str = openapi.URL
    platform_url: str = platform.URL
    key: str | None = None
    limits: Limits = field(default_factory=Limits)
    by_id: bool = False
    watch: Callable[[int, int], None] = _unwatched
    today: str | None = None

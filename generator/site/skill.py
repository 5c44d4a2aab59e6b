"""The skill that the package carries: the site shows the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..places import SKILL

if TYPE_CHECKING:
    from ..project.settings import Settings


def read_skill(settings: Settings) -> str:
    """Its text, as `regenerate` wrote it; empty where there is none yet."""
    try:
        return (settings.output / settings.package / SKILL).read_text(encoding="utf-8")
    except OSError:
        return ""

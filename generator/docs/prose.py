"""Whether two descriptions say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.docs.describe import UNKNOWN, squeezed

if TYPE_CHECKING:
    from generator.docs.describe import Unknown

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def same_prose(page: str | Unknown, emitted: str | Unknown, *, rendered: bool) -> bool:
    """Whether two descriptions say the same. White space is layout; so are Markdown's marks where they are gone."""
    if page is UNKNOWN or emitted is UNKNOWN:
        return True
    return _unmarked(page) == _unmarked(emitted) if rendered else squeezed(page) == squeezed(emitted)


def _unmarked(text: str) -> str:
    words = re.sub(r"[`*]", "", _LINK.sub(r"\1", text)).split()
    return " ".join(word for word in words if word not in ("-", "•"))

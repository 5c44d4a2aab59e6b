"""What the pages of shared types are called: of names that differ in case alone, many disks keep one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def page_names(names: Iterable[str]) -> dict[str, str]:
    """The pages of the types that have another name than their page, by name: `LoraWeight` → `LoraWeight-2`.

    Args:
        names: The shared types of one kind. The first of those that differ in case alone keeps its name.
    """
    found: dict[str, str] = {}
    seen: dict[str, int] = {}
    for name in sorted(set(names)):
        folded = name.casefold()
        seen[folded] = seen.get(folded, 0) + 1
        if seen[folded] > 1:
            found[name] = f"{name}-{seen[folded]}"  # no name has a dash
    return found

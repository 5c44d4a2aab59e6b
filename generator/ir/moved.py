"""The names that shared classes had until the last release, for as long as there is something in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import nodes
from .share import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable


def find_moved(
    moved: Iterable[tuple[str, str]], shared: Iterable[nodes.SharedModule], tree: Iterable[nodes.TreeNode]
) -> tuple[nodes.Moved, ...]:
    """The classes that go by an old name; one whose place is empty now is none.

    Args:
        moved: Where each class was, and what is in its place: `models.Image` and `models.SizedImage`.
        shared: The shared classes.
        tree: The modules below `endpoints`.
    """
    homes = {f"{one.kind.value}.{one.cls.name}": one for one in shared}
    found: list[nodes.Moved] = []
    for old, new in moved:
        kind, _, name = old.partition(".")
        place, _, now = new.rpartition(".")
        if new in homes and homes[new].kind.value == kind:
            found.append(nodes.Moved(kind=Kind(kind), name=name, module=f"._{homes[new].module}", now=now))
        elif any(f"endpoints.{'.'.join(node.path)}" == place and now in _exported(node) for node in tree):
            found.append(nodes.Moved(kind=Kind(kind), name=name, module=f"..{place}", now=now))
    return tuple(found)


def _exported(node: nodes.TreeNode) -> set[str]:
    """The types that a module exports."""
    if node.endpoint is None:
        return set() if node.finished is None else set(node.finished.exports)
    return {cls.name for cls in node.endpoint.classes} | {one.alias for one in node.endpoint.imports}

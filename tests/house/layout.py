"""How a package is laid out: files per folder, circles among its modules, and the floors that they stand on."""

from __future__ import annotations

from collections import Counter
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from .modules import modules, own_imports

if TYPE_CHECKING:
    from pathlib import Path


def files_per_folder(package: Path) -> dict[str, int]:
    """How many Python files each folder has, by its path below the package."""
    return dict(Counter(path.parent.relative_to(package).as_posix() for path in package.rglob("*.py")))


def graph(package: Path) -> dict[str, set[str]]:
    """What each module imports of its own package; imports inside functions and for type checkers count as well."""
    found = {name: own_imports(module, package) for name, module in modules(package).items()}
    # A package's `__init__` that has no code is a folder's label, and nobody's dependency.
    labels = {name for name, module in modules(package).items() if module.is_label}
    return {name: used - labels for name, used in found.items() if name not in labels}


def rooms(package: Path) -> dict[str, set[str]]:
    """The same for the sheet that a reader sees first: each folder is one, and each module at the top."""
    found: dict[str, set[str]] = {}
    for name, used in graph(package).items():
        room = name.split(".")[0]
        found.setdefault(room, set()).update({one.split(".")[0] for one in used} - {room})
    return found


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """The nodes that lead back to themselves, each group of them once (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for used in sorted(edges.get(name, ())):
            if used not in index:
                visit(used)
                low[name] = min(low[name], low[used])
            elif used in stack:
                low[name] = min(low[name], index[used])
        if low[name] == index[name]:
            at = stack.index(name)
            group, stack[at:] = stack[at:], []
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(edges):
        if name not in index:
            visit(name)
    return found


def floors(edges: dict[str, set[str]]) -> int:
    """How many nodes stand on each other in the highest tower; those of a circle count as one."""
    of = {name: "+".join(group) for group in circles(edges) for name in group}
    tower: dict[str, set[str]] = {}
    for name, used in edges.items():
        at = of.get(name, name)
        tower.setdefault(at, set()).update(of.get(one, one) for one in used if of.get(one, one) != at)
    height: dict[str, int] = {}
    for name in TopologicalSorter(tower).static_order():
        height[name] = 1 + max((height[one] for one in tower.get(name, ())), default=0)
    return max(height.values())

"""The modules of a package, and what each imports: at the top, inside a function or for type checkers alone."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
GENERATOR = REPOSITORY / "generator"
RUNTIME = REPOSITORY / "templates" / "runtime"


class Module(NamedTuple):
    """A file of a package."""

    path: Path
    name: str
    """Dotted, below the package: `parse.load`; that of a room's `__init__` is the room's."""

    @property
    def room(self) -> str:
        """The folder it is in, or its own name at the top."""
        return self.name.split(".")[0]

    @property
    def tree(self) -> ast.Module:
        return parsed(self.path)

    @property
    def is_label(self) -> bool:
        """Whether it is a folder's `__init__` that says what is in there, and has no code."""
        return self.path.name == "__init__.py" and all(isinstance(node, ast.Expr) for node in self.tree.body)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def modules(package: Path) -> dict[str, Module]:
    """Every module of a package by its dotted name; the package itself is called ``."""
    found: dict[str, Module] = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(path, name)
    return found


@cache
def own_imports(module: Module, package: Path) -> set[str]:
    """The modules of its own package that a module imports, by their dotted names."""
    known = modules(package)
    here = module.path.relative_to(package).parts[:-1]
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        parts = (node.module or "").split(".")
        if node.level:
            parts = [*here[: len(here) - node.level + 1], *parts]
        elif parts.pop(0) != package.name:  # in full: not done here any more, but in what one compares with
            continue
        name = ".".join(part for part in parts if part)
        inside = {f"{name}.{alias.name}".strip(".") for alias in node.names} & known.keys()
        # A name of a package's own is an import of the package, a module of it is one of that module.
        found |= inside or {name}
    return found - {module.name}


@cache
def outside_imports(module: Module) -> set[str]:
    """Every absolute import of a module, in full."""
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module or "")
    return found

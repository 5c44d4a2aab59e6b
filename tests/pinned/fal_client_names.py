"""Every public name of the installed fal-client, as the page for those who come from it writes them.

`name` of the module, `Class.attribute`, `argument=` of a function, `fal_client.client.Name` of a module below, and
`handle.` and `connection.` for what both kinds of a class have.
"""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import fal_client
from fal_client import auth, client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Both kinds of a class are one name before the dot.
PAIRS = {
    "handle": (fal_client.SyncRequestHandle, fal_client.AsyncRequestHandle),
    "connection": (fal_client.RealtimeConnection, fal_client.AsyncRealtimeConnection),
}
CLIENTS = (fal_client.SyncClient, fal_client.AsyncClient)


def is_public(name: str) -> bool:
    return not name.startswith("_") or name in fal_client.__all__


def exported() -> dict[str, Any]:
    """What the module has, its own modules aside."""
    return {name: it for name, it in vars(fal_client).items() if is_public(name) and not isinstance(it, ModuleType)}


def methods(kind: type[Any]) -> dict[str, Callable[..., Any]]:
    """The public methods of a class, those of its bases but for `object` and `Exception` too."""
    found = {name: getattr(kind, name) for each in kind.__mro__[:-1] for name in vars(each) if is_public(name)}
    return {name: it for name, it in found.items() if callable(it) and not issubclass(kind, Exception)}


def arguments(function: Callable[..., Any]) -> list[str]:
    """The names of what a function takes, `self` and `cls` aside."""
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def names() -> set[str]:
    """Every name, arguments and variables aside."""
    found = set(exported())
    for kind in (it for it in exported().values() if inspect.isclass(it) and is_dataclass(it)):
        if kind not in {each for pair in PAIRS.values() for each in pair}:
            found |= {f"{kind.__name__}.{each.name}" for each in fields(kind) if is_public(each.name)}
    for short, pair in PAIRS.items():
        for kind in pair:
            found |= {f"{short}.{each.name}" for each in fields(kind) if is_public(each.name)}
            found |= {f"{short}.{name}" for name in methods(kind)}
    for kind in CLIENTS:  # their other methods are functions of the module
        found |= {f"{kind.__name__}.{name}" for name in methods(kind).keys() - exported().keys()}
    for module in (client, auth):
        found |= {f"{module.__name__}.{name}" for name in own_names(module) - exported().keys()}
    return found


def own_names(module: ModuleType) -> set[str]:
    """The public names that a module defines at its top."""
    found: set[str] = set()
    for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in found if is_public(name)}


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each function that a caller has, by how the page writes it; the two kinds of one come after each other."""
    for name, it in exported().items():
        if inspect.isroutine(it):
            yield name.removesuffix("_async"), it
    for kind in CLIENTS:
        yield from ((name, it) for name, it in methods(kind).items())
    for short, pair in PAIRS.items():
        yield from ((f"{short}.{name}", it) for kind in pair for name, it in methods(kind).items())


def argument_names() -> set[tuple[str, str]]:
    """Each argument with its function."""
    return {(argument, name) for name, function in functions() for argument in arguments(function)}


def variables() -> set[str]:
    """The environment variables that it reads."""
    sources = [path.read_text(encoding="utf-8") for path in Path(fal_client.__file__).parent.glob("*.py")]
    return {name for text in sources for name in re.findall(r"(?:environ\.get|environ\[|getenv)\(?\s*\"(\w+)\"", text)}

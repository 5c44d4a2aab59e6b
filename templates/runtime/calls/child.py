"""What a namespace or an endpoint has below it: each step down is imported when it is asked for."""

# design: How does the tree of endpoints cost nothing?

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


class ChildNode:
    """An attribute that leads to the module of its own name: a class in there, made for the same client.

    Args:
        class_name: The class.
    """

    def __init__(self, class_name: str) -> None:
        self._class_name = class_name
        self._name = self._package = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name, self._package = name, sys.modules[owner.__module__].__package__ or ""
        # What type checkers read beside it names what is imported for them alone: `get_type_hints` would find nothing.
        owner.__annotations__.pop(name, None)

    def __get__(self, parent: Any, owner: type) -> Any:
        if parent is None:
            return self
        module = import_module(f".{self._name}", self._package)
        return getattr(module, self._class_name)(parent._session)

    def __set__(self, parent: object, value: object) -> None:
        raise AttributeError(f"{type(parent).__name__!r} object: {self._name!r} cannot be set", name=self._name)

    def __delete__(self, parent: object) -> None:
        raise AttributeError(f"{type(parent).__name__!r} object: {self._name!r} cannot be deleted", name=self._name)


def tree_of(client: Any, root: Any) -> Any:
    """What a client leads to, by the class of its tree: type checkers know both as others."""
    return root(client._session)


def children(kind: type) -> list[str]:
    """The names by which a namespace or an endpoint leads further down; in a tree made by hand they are properties."""
    found = {
        name
        for base in kind.__mro__
        for name, value in vars(base).items()
        if isinstance(value, ChildNode | property) and not name.startswith("_")
    }
    return sorted(found)

"""The hand-written part of the client: everything that is the same for every endpoint.

Private: the public names are re-exported by the package this folder is copied into. Nothing of it is imported here, so
that naming `Fal` stays cheap (see `client.py`); how names come late is told here, where it costs no module of its own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def late(
    module: dict[str, object], package: str | None, names: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and the `__dir__` of a module whose names are in other modules.

    Args:
        module: The module's `globals()`: what was found once is there.
        package: That it is in.
        names: What comes from which module, relative to the package.
    """
    modules = {name: place for place, of in names.items() for name in of}

    def __getattr__(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {module['__name__']!r} has no attribute {name!r}")
        value: object = getattr(import_module(modules[name], package), name)
        module[name] = value
        return value

    return __getattr__, lambda: sorted(modules)

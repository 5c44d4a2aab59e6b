"""Names that come when they are first asked for: with their module, or of a class under the name that it had."""

from __future__ import annotations

import warnings
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


def moved(package: str, name: str, place: tuple[str, str]) -> object:
    """The class that is in the place of another one, with a warning to whoever still uses the old name.

    Args:
        package: The package that had it, `….models` or `….params`.
        name: What it was called there.
        place: The module that has it now, relative to that package, and its name there.
    """
    module, now = place
    home = import_module(module, package)
    where = package if module.startswith("._") else home.__name__
    warnings.warn(
        f"{package}.{name} is deprecated, and gone with the next release: import {now} from {where}",
        DeprecationWarning,
        stacklevel=3,
    )
    value: object = getattr(home, now)
    return value

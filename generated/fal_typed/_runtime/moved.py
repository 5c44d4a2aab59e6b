"""A class under the name that it had until the last release."""

from __future__ import annotations

import warnings
from importlib import import_module


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

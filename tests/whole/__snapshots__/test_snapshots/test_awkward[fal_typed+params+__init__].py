# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""What endpoints take: the types that endpoints share."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._circle import Circle as Circle
    from ._image import Image as Image
    from ._size import Size as Size
    from ._square import Square as Square
    from ._tree import Tree as Tree

__all__: list[str] = [
    "Circle",
    "Image",
    "Size",
    "Square",
    "Tree",
]

# Each type has a module of its own, imported when it is first asked for.
_MODULES: dict[str, str] = {
    "Circle": "._circle",
    "Image": "._image",
    "Size": "._size",
    "Square": "._square",
    "Tree": "._tree",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""What endpoints answer with: the types that endpoints share."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._runtime.emitted import AnyAudio as AnyAudio
    from .._runtime.emitted import AnyImage as AnyImage
    from .._runtime.emitted import AnyVideo as AnyVideo
    from .._runtime.emitted import FalModel as FalModel
    from .._runtime.emitted import RemoteFile as RemoteFile
    from ._fal_ai_odd_literal import FalAiOddLiteral as FalAiOddLiteral
    from ._field_type import FieldType as FieldType
    from ._tree import Tree as Tree

__all__: list[str] = [
    "AnyAudio",
    "AnyImage",
    "AnyVideo",
    "FalAiOddLiteral",
    "FalModel",
    "FieldType",
    "RemoteFile",
    "Tree",
]

# Each type has a module of its own, imported when it is first asked for.
_MODULES: dict[str, str] = {
    "AnyAudio": ".._runtime.emitted",
    "AnyImage": ".._runtime.emitted",
    "AnyVideo": ".._runtime.emitted",
    "FalModel": ".._runtime.emitted",
    "RemoteFile": ".._runtime.emitted",
    "FalAiOddLiteral": "._fal_ai_odd_literal",
    "FieldType": "._field_type",
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

# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""What endpoints take: the types that endpoints share."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._image_size import ImageSize as ImageSize
    from ._ip_adapter import IPAdapter as IPAdapter
    from ._lora_weight import LoraWeight as LoraWeight
    from ._lora_weight_with_name import LoraWeightWithName as LoraWeightWithName
    from ._rgb_color import RGBColor as RGBColor

__all__: list[str] = [
    "IPAdapter",
    "ImageSize",
    "LoraWeight",
    "LoraWeightWithName",
    "RGBColor",
]

# Each type has a module of its own, imported when it is first asked for.
_MODULES: dict[str, str] = {
    "IPAdapter": "._ip_adapter",
    "ImageSize": "._image_size",
    "LoraWeight": "._lora_weight",
    "LoraWeightWithName": "._lora_weight_with_name",
    "RGBColor": "._rgb_color",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

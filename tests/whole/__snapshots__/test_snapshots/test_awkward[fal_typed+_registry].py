# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Every endpoint by its id: the module it lives in and its class there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

ENDPOINTS: Final[Mapping[str, tuple[str, str]]] = {
    "fal-ai/awkward": ("awkward", "Awkward"),
}

if TYPE_CHECKING:
    from typing_extensions import TypedDict

    from .endpoints.awkward import AsyncAwkward, Awkward

    Registry = TypedDict(
        "Registry",
        {
            "fal-ai/awkward": Awkward,
        },
    )

    AsyncRegistry = TypedDict(
        "AsyncRegistry",
        {
            "fal-ai/awkward": AsyncAwkward,
        },
    )

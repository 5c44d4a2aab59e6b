# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""A proxy that has the key, so that its clients need none."""

from ._runtime.emitted import (
    FalProxy,
    MemoryOwners,
    OwnerStore,
    ProxyRefusedError,
    ProxyRequest,
    WsgiFalProxy,
)

__all__ = [
    "FalProxy",
    "MemoryOwners",
    "OwnerStore",
    "ProxyRefusedError",
    "ProxyRequest",
    "WsgiFalProxy",
]

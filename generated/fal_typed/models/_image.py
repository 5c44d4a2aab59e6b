# Generated from specs/types.lock by `python -m generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
"""`Image`: what endpoints answer with."""

from .._runtime.emitted import AnyImage

__all__ = ["Image"]


class Image(AnyImage):
    url: str

    width: int

    height: int

    content_type: str | None = None
    """Server default: `"image/jpeg"`."""

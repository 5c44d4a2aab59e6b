# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
"""`SizedImage`: what endpoints answer with and their documents call `Image`."""

from .._runtime.emitted import AnyImage

__all__ = ["SizedImage"]


class SizedImage(AnyImage):
    """As `Image`, but width and height are always there; content_type is "image/jpeg" by default; no
    file_name or file_size.
    """

    url: str

    width: int

    height: int

    content_type: str | None = None
    """Server default: `"image/jpeg"`."""

# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
"""`PlainImage`: what endpoints answer with."""

from .._runtime.emitted import AnyImage

__all__ = ["PlainImage"]


class PlainImage(AnyImage):
    """A `File` that is a picture, as the fields say that hold it."""

    url: str
    """The URL where the file can be downloaded from."""

    content_type: str | None = None
    """The mime type of the file."""

    file_name: str | None = None
    """The name of the file. It will be auto-generated if not provided."""

    file_size: int | None = None
    """The size of the file in bytes."""

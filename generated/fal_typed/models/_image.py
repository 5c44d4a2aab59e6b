# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
"""`Image`: what endpoints answer with."""

from .._runtime.emitted import AnyImage

__all__ = ["Image"]


class Image(AnyImage):
    url: str
    """The URL where the file can be downloaded from."""

    content_type: str | None = None
    """The mime type of the file.

    Example: `"image/png"`.
    """

    file_name: str | None = None
    """The name of the file. It will be auto-generated if not provided.

    Example: `"z9RV14K95DvU.png"`.
    """

    file_size: int | None = None
    """The size of the file in bytes.

    Example: `4404019`.
    """

    width: int | None = None
    """The width of the image in pixels.

    Example: `1024`.
    """

    height: int | None = None
    """The height of the image in pixels.

    Example: `1024`.
    """

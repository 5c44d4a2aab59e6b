# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`Image`: what endpoints take."""

from typing_extensions import Required, TypedDict

from .._runtime.emitted import FileInput

__all__ = ["Image"]


class Image(TypedDict, total=False, closed=True):
    """A picture."""

    url: Required[FileInput]

    content_type: str | None
    """Default: `"image/jpeg"`."""

    file_data: str

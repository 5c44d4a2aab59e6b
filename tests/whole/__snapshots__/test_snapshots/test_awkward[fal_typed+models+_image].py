# Generated from specs/types.lock by `python -m generator regenerate`; do not edit.
"""`Image`: what endpoints answer with."""

from .._runtime.emitted import RemoteFile

__all__ = ["Image"]


class Image(RemoteFile):
    """A picture."""

    url: str

    content_type: str | None = None
    """Server default: `"image/jpeg"`."""

    file_data: str | None = None

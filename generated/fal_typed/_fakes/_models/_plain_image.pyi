# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from typing_extensions import TypedDict

class PlainImageDict(TypedDict, total=False, closed=True):
    url: str
    content_type: str | None
    file_name: str | None
    file_size: int | None


# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from typing_extensions import TypedDict

class SizedImageDict(TypedDict, total=False, closed=True):
    url: str
    width: int
    height: int
    content_type: str | None


# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from typing_extensions import TypedDict

class FieldTypeDict(TypedDict, total=False, closed=True):
    Any_: str | None


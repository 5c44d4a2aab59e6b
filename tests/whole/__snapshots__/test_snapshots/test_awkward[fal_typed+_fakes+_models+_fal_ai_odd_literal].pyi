# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from typing_extensions import TypedDict

class FalAiOddLiteralDict(TypedDict, total=False, closed=True):
    x: str | None


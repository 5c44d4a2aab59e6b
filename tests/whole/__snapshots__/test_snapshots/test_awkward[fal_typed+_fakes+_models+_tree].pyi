# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from typing_extensions import TypedDict
from ..._runtime.emitted import SequenceNotStr
from ...models._tree import Tree

class TreeDict(TypedDict, total=False, closed=True):
    children: SequenceNotStr[Tree | TreeDict] | None
    parent: Tree | TreeDict | None
    class_: str | None


# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The fakes of all endpoints, as type checkers know them: at run time they are made when somebody asks for them."""

from collections.abc import Iterable

from .._runtime.testing.emitted import FakeFal as _FakeFal
from .awkward import AwkwardFake

class FakeFal(_FakeFal):
    @property
    def awkward(self) -> AwkwardFake: ...

def fake_fal(*, allow: str | Iterable[str] = ()) -> FakeFal: ...

# Generated from specs/fal-ai/ideogram/v2.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.ideogram.v2 import IdeogramV2Input
from ..endpoints.ideogram.v2 import IdeogramV2Output
from ..models._plain_image import PlainImage
from ._models._plain_image import PlainImageDict

class IdeogramV2OutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[PlainImage | PlainImageDict]
    seed: int

class IdeogramV2Fake(_EndpointFake[IdeogramV2Input, IdeogramV2Output]):
    def returns(self, _output: IdeogramV2Output | IdeogramV2OutputDict | None = None, /, **fields: Unpack[IdeogramV2OutputDict]) -> Self: ...
    def answers(self, function: _Callable[[IdeogramV2Input], IdeogramV2Output | IdeogramV2OutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[IdeogramV2Input]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[IdeogramV2Input]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[IdeogramV2Input]) -> None: ...


# Generated from specs/fal-ai/pixart-sigma.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.pixart_sigma import PixartSigmaInput
from ..endpoints.pixart_sigma import PixartSigmaOutput
from ..models._image import Image
from ._models._image import ImageDict

class PixartSigmaOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class PixartSigmaFake(_EndpointFake[PixartSigmaInput, PixartSigmaOutput]):
    def returns(self, _output: PixartSigmaOutput | PixartSigmaOutputDict | None = None, /, **fields: Unpack[PixartSigmaOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[PixartSigmaInput], PixartSigmaOutput | PixartSigmaOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[PixartSigmaInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[PixartSigmaInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[PixartSigmaInput]) -> None: ...


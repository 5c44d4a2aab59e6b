# Generated from specs/fal-ai/hidream-i1-full.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.hidream_i1_full import HidreamI1FullInput
from ..endpoints.hidream_i1_full import HidreamI1FullOutput
from ..models._sized_image import SizedImage as Image
from ._models._sized_image import SizedImageDict as ImageDict

class HidreamI1FullOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class HidreamI1FullFake(_EndpointFake[HidreamI1FullInput, HidreamI1FullOutput]):
    def returns(self, _output: HidreamI1FullOutput | HidreamI1FullOutputDict | None = None, /, **fields: Unpack[HidreamI1FullOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[HidreamI1FullInput], HidreamI1FullOutput | HidreamI1FullOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[HidreamI1FullInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[HidreamI1FullInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[HidreamI1FullInput]) -> None: ...


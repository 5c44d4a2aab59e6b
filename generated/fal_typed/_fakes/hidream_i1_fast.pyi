# Generated from specs/fal-ai/hidream-i1-fast.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.hidream_i1_fast import HidreamI1FastInput
from ..endpoints.hidream_i1_fast import HidreamI1FastOutput
from ..models._sized_image import SizedImage as Image
from ._models._sized_image import SizedImageDict as ImageDict

class HidreamI1FastOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class HidreamI1FastFake(_EndpointFake[HidreamI1FastInput, HidreamI1FastOutput]):
    def returns(self, _output: HidreamI1FastOutput | HidreamI1FastOutputDict | None = None, /, **fields: Unpack[HidreamI1FastOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[HidreamI1FastInput], HidreamI1FastOutput | HidreamI1FastOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[HidreamI1FastInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[HidreamI1FastInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[HidreamI1FastInput]) -> None: ...


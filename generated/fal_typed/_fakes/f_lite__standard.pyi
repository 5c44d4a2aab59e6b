# Generated from specs/fal-ai/f-lite/standard.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.f_lite.standard import FLiteStandardInput
from ..endpoints.f_lite.standard import FLiteStandardOutput
from ..models._sized_image import SizedImage as Image
from ._models._sized_image import SizedImageDict as ImageDict

class FLiteStandardOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class FLiteStandardFake(_EndpointFake[FLiteStandardInput, FLiteStandardOutput]):
    def returns(self, _output: FLiteStandardOutput | FLiteStandardOutputDict | None = None, /, **fields: Unpack[FLiteStandardOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[FLiteStandardInput], FLiteStandardOutput | FLiteStandardOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[FLiteStandardInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[FLiteStandardInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[FLiteStandardInput]) -> None: ...


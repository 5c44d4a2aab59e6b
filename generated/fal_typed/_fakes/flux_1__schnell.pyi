# Generated from specs/fal-ai/flux-1/schnell.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.flux_1.schnell import Flux1SchnellInput
from ..endpoints.flux_1.schnell import Flux1SchnellOutput
from ..models._sized_image import SizedImage as Image
from ._models._sized_image import SizedImageDict as ImageDict

class Flux1SchnellOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class Flux1SchnellFake(_EndpointFake[Flux1SchnellInput, Flux1SchnellOutput]):
    def returns(self, _output: Flux1SchnellOutput | Flux1SchnellOutputDict | None = None, /, **fields: Unpack[Flux1SchnellOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[Flux1SchnellInput], Flux1SchnellOutput | Flux1SchnellOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[Flux1SchnellInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[Flux1SchnellInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[Flux1SchnellInput]) -> None: ...


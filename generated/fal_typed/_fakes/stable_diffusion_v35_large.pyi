# Generated from specs/fal-ai/stable-diffusion-v35-large.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.stable_diffusion_v35_large import StableDiffusionV35LargeInput
from ..endpoints.stable_diffusion_v35_large import StableDiffusionV35LargeOutput
from ..models._sized_image import SizedImage as Image
from ._models._sized_image import SizedImageDict as ImageDict

class StableDiffusionV35LargeOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class StableDiffusionV35LargeFake(_EndpointFake[StableDiffusionV35LargeInput, StableDiffusionV35LargeOutput]):
    def returns(self, _output: StableDiffusionV35LargeOutput | StableDiffusionV35LargeOutputDict | None = None, /, **fields: Unpack[StableDiffusionV35LargeOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[StableDiffusionV35LargeInput], StableDiffusionV35LargeOutput | StableDiffusionV35LargeOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[StableDiffusionV35LargeInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[StableDiffusionV35LargeInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[StableDiffusionV35LargeInput]) -> None: ...


# Generated from specs/fal-ai/nucleus-image.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.nucleus_image import NucleusImageInput
from ..endpoints.nucleus_image import NucleusImageOutput
from ..models._sized_image import SizedImage as Image
from ._models._sized_image import SizedImageDict as ImageDict

class NucleusImageOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class NucleusImageFake(_EndpointFake[NucleusImageInput, NucleusImageOutput]):
    def returns(self, _output: NucleusImageOutput | NucleusImageOutputDict | None = None, /, **fields: Unpack[NucleusImageOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[NucleusImageInput], NucleusImageOutput | NucleusImageOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[NucleusImageInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[NucleusImageInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[NucleusImageInput]) -> None: ...


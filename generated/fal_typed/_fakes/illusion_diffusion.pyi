# Generated from specs/fal-ai/illusion-diffusion.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.illusion_diffusion import IllusionDiffusionInput
from ..endpoints.illusion_diffusion import IllusionDiffusionOutput
from ..models._image import Image
from ._models._image import ImageDict

class IllusionDiffusionOutputDict(TypedDict, total=False, closed=True):
    image: Image | ImageDict
    seed: int

class IllusionDiffusionFake(_EndpointFake[IllusionDiffusionInput, IllusionDiffusionOutput]):
    def returns(self, _output: IllusionDiffusionOutput | IllusionDiffusionOutputDict | None = None, /, **fields: Unpack[IllusionDiffusionOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[IllusionDiffusionInput], IllusionDiffusionOutput | IllusionDiffusionOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[IllusionDiffusionInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[IllusionDiffusionInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[IllusionDiffusionInput]) -> None: ...


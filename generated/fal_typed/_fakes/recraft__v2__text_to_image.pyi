# Generated from specs/fal-ai/recraft/v2/text-to-image.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.recraft.v2.text_to_image import RecraftV2TextToImageInput
from ..endpoints.recraft.v2.text_to_image import RecraftV2TextToImageOutput
from ..models._plain_image import PlainImage
from ._models._plain_image import PlainImageDict

class RecraftV2TextToImageOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[PlainImage | PlainImageDict]

class RecraftV2TextToImageFake(_EndpointFake[RecraftV2TextToImageInput, RecraftV2TextToImageOutput]):
    def returns(self, _output: RecraftV2TextToImageOutput | RecraftV2TextToImageOutputDict | None = None, /, **fields: Unpack[RecraftV2TextToImageOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[RecraftV2TextToImageInput], RecraftV2TextToImageOutput | RecraftV2TextToImageOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[RecraftV2TextToImageInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[RecraftV2TextToImageInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[RecraftV2TextToImageInput]) -> None: ...


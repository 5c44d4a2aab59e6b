# Generated from specs/fal-ai/imagen4/preview.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.imagen4.preview import Imagen4PreviewInput
from ..endpoints.imagen4.preview import Imagen4PreviewOutput
from ..models._plain_image import PlainImage
from ._models._plain_image import PlainImageDict

class Imagen4PreviewOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[PlainImage | PlainImageDict]
    seed: int

class Imagen4PreviewFake(_EndpointFake[Imagen4PreviewInput, Imagen4PreviewOutput]):
    def returns(self, _output: Imagen4PreviewOutput | Imagen4PreviewOutputDict | None = None, /, **fields: Unpack[Imagen4PreviewOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[Imagen4PreviewInput], Imagen4PreviewOutput | Imagen4PreviewOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[Imagen4PreviewInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[Imagen4PreviewInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[Imagen4PreviewInput]) -> None: ...


# Generated from specs/fal-ai/imagen4/preview/fast.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.imagen4.preview.fast import Imagen4PreviewFastInput
from ..endpoints.imagen4.preview.fast import Imagen4PreviewFastOutput
from ..models._plain_image import PlainImage
from ._models._plain_image import PlainImageDict

class Imagen4PreviewFastOutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[PlainImage | PlainImageDict]
    seed: int

class Imagen4PreviewFastFake(_EndpointFake[Imagen4PreviewFastInput, Imagen4PreviewFastOutput]):
    def returns(self, _output: Imagen4PreviewFastOutput | Imagen4PreviewFastOutputDict | None = None, /, **fields: Unpack[Imagen4PreviewFastOutputDict]) -> Self: ...
    def answers(self, function: _Callable[[Imagen4PreviewFastInput], Imagen4PreviewFastOutput | Imagen4PreviewFastOutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[Imagen4PreviewFastInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[Imagen4PreviewFastInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[Imagen4PreviewFastInput]) -> None: ...


# Generated from specs/fal-ai/omnigen-v2.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.omnigen_v2 import OmnigenV2Input
from ..endpoints.omnigen_v2 import OmnigenV2Output
from ..models._sized_image import SizedImage as Image
from ._models._sized_image import SizedImageDict as ImageDict

class OmnigenV2OutputDict(TypedDict, total=False, closed=True):
    images: SequenceNotStr[Image | ImageDict]
    timings: Mapping[str, float]
    seed: int
    has_nsfw_concepts: SequenceNotStr[bool]
    prompt: str

class OmnigenV2Fake(_EndpointFake[OmnigenV2Input, OmnigenV2Output]):
    def returns(self, _output: OmnigenV2Output | OmnigenV2OutputDict | None = None, /, **fields: Unpack[OmnigenV2OutputDict]) -> Self: ...
    def answers(self, function: _Callable[[OmnigenV2Input], OmnigenV2Output | OmnigenV2OutputDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[OmnigenV2Input]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[OmnigenV2Input]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[OmnigenV2Input]) -> None: ...


# Generated from specs/fal-ai/awkward.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
# mypy: disable-error-code="override"
from collections.abc import Mapping
from collections.abc import Callable as _Callable
from typing import Any, Literal
from typing_extensions import Self, TypedDict, Unpack
from .._runtime.emitted import SequenceNotStr
from .._runtime.emitted import FalError as _FalError
from .._runtime.testing.emitted import EndpointFake as _EndpointFake
from ..endpoints.awkward import AwkwardInput
from ..endpoints.awkward import AwkwardOutput
from ..endpoints.awkward import Image
from ..endpoints.awkward import Pong
from ..endpoints.awkward import Ping
from ..endpoints.awkward import Done
from ..endpoints.awkward import Failed
from ..models._field_type import FieldType
from ._models._field_type import FieldTypeDict
from ..models._fal_ai_odd_literal import FalAiOddLiteral
from ._models._fal_ai_odd_literal import FalAiOddLiteralDict
from ..models._tree import Tree
from ._models._tree import TreeDict

class ImageDict(TypedDict, total=False, closed=True):
    url: str
    content_type: str | None

class PongDict(TypedDict, total=False, closed=True):
    pings: SequenceNotStr[Ping | PingDict] | None

class PingDict(TypedDict, total=False, closed=True):
    pong: Pong | PongDict | None

class DoneDict(TypedDict, total=False, extra_items=str):  # type: ignore[call-arg]
    copy_: str
    image: Image | ImageDict
    type: Literal['done']
    Image_: Image | ImageDict | None
    dict_: Mapping[str, Any] | None
    field: FieldType | FieldTypeDict | None
    from_: int | None
    int_: int | None
    lit: FalAiOddLiteral | FalAiOddLiteralDict | None
    model_name: str | None
    moderation: bool | None
    ping: Ping | PingDict | None
    schema_: str | None
    timestamp: SequenceNotStr[float] | None
    timings: Mapping[str, float] | None
    tree: Tree | TreeDict | None

class FailedDict(TypedDict, total=False, closed=True):
    type: Literal['failed']
    why: str | None

class AwkwardFake(_EndpointFake[AwkwardInput, AwkwardOutput]):
    def returns(self, _output: Done | DoneDict | Failed | FailedDict | None = None, /, **fields: Any) -> Self: ...
    def answers(self, function: _Callable[[AwkwardInput], Done | DoneDict | Failed | FailedDict | _FalError | None], /) -> Self: ...
    def assert_called_with(self, /, **input: Unpack[AwkwardInput]) -> None: ...
    def assert_called_once_with(self, /, **input: Unpack[AwkwardInput]) -> None: ...
    def assert_any_call(self, /, **input: Unpack[AwkwardInput]) -> None: ...


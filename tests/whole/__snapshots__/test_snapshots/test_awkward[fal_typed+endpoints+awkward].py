# Generated from specs/fal-ai/awkward.json by `fal-typed-generator regenerate`; do not edit.
# pyright: reportIncompatibleMethodOverride=false
"""fal-ai/awkward: json."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field
from typing_extensions import Required, TypedDict, Unpack

from .._runtime.emitted import (
    SAME_TYPE,
    AnyImage,
    AsyncEndpoint,
    AsyncOnQueueUpdate,
    AsyncRequestHandle,
    Endpoint,
    EndpointSpec,
    FalModel,
    OnQueueUpdate,
    OpenModel,
    OrModel,
    RequestHandle,
    SequenceNotStr,
    run,
    submit,
    subscribe,
)
from ..models._fal_ai_odd_literal import FalAiOddLiteral
from ..models._field_type import FieldType
from ..models._tree import Tree
from ..params._circle import Circle
from ..params._image import Image as ImageParam
from ..params._size import Size
from ..params._square import Square
from ..params._tree import Tree as TreeParam

__all__ = [
    "AsyncAwkward",
    "Awkward",
    "AwkwardInput",
    "AwkwardOutput",
    "Circle",
    "Done",
    "Failed",
    "FalAiOddLiteral",
    "FieldType",
    "Image",
    "ImageParam",
    "Ping",
    "Pong",
    "Size",
    "Square",
    "Tree",
    "TreeParam",
]


class AwkwardInput(TypedDict, total=False, closed=True):
    """What goes in."""

    prompt: Required[Annotated[str, Field(min_length=1)]]
    """The prompt.

    Length: at least 1 character.

    Example: `"a \\"cat\\""`.
    """

    class_: Required[Annotated[str, Field(alias="class")]]
    """A keyword."""

    guidance_scale_x58813753: Annotated[Annotated[float, Field(ge=0, lt=20)], Field(alias="guidance-scale")]
    """Default: `3.5`. Range: at least 0, below 20."""

    n2d_xf86b4d30: Annotated[bool, Field(alias="2d")]
    """Default: `False`."""

    secret_x27ba682a: Annotated[int | None, Field(alias="__secret__")]

    logs: SequenceNotStr[str]
    """Wood."""

    webhook_url: str

    mode: Literal["fast", "slow"]
    """Required, with a default.

    Documented as required. Default: `"fast"`.
    """

    tree: Required[OrModel[TreeParam, "Tree"]]

    kind: Required[Circle | Square]

    size: Size | Literal["square_hd", "16:9", ""] | None
    """Default: `{"height": 512, "width": 512}`."""

    Image: ImageParam

    str_: Annotated[str, Field(alias="str")]

    copy: str

    tuple: Annotated[SequenceNotStr[int], Field(min_length=2, max_length=2)]
    """Length: 2 items."""

    odd: Annotated[Literal["it's", '"q"', "\\", "🎙️", " padded ", 5, True], SAME_TYPE]

    many: Annotated[SequenceNotStr[Annotated[float, Field(ge=0)]], Field(min_length=1, max_length=3)]
    """Length: at least 1, at most 3 items."""

    map: Mapping[str, float]

    anything: Any

    binary: Annotated[str, Field(pattern="^\\w+\"'$")]

    old: bool
    """Deprecated. Default: `True`."""

    negative: str
    """Indented, with trailing spaces

    Default: `""`.
    """


class Image(AnyImage):
    """A picture.

    As the shared `Image`, but content_type is "image/jpeg" by default; no file_name, file_size,
    height or width.
    """

    url: str

    content_type: str | None = None
    """Server default: `"image/jpeg"`."""


class Pong(FalModel):
    pings: "list[Ping] | None" = None


class Ping(FalModel):
    pong: Pong | None = None


class Done(OpenModel):
    copy_: Annotated[str, Field(alias="copy")]

    image: Image

    type: Literal["done"]

    Image_: Annotated[Image | None, Field(alias="Image")] = None

    dict_: Annotated[dict[str, Any] | None, Field(alias="dict")] = None

    field: FieldType | None = None

    from_: Annotated[int | None, Field(alias="from")] = None

    int_: Annotated[int | None, Field(alias="int")] = None

    lit: FalAiOddLiteral | None = None

    model_name: str | None = None

    moderation: bool | None = None
    """Server default: `False`."""

    ping: Ping | None = None

    schema_: Annotated[str | None, Field(alias="schema")] = None

    timestamp: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    """Length: 2 items."""

    timings: dict[str, float] | None = None

    tree: Tree | None = None


class Failed(FalModel):
    type: Literal["failed"]

    why: str | None = None


AwkwardOutput: TypeAlias = Done | Failed
"""One of the outputs of fal-ai/awkward."""

SPEC = EndpointSpec(
    id="fal-ai/awkward",
    path="fal-ai/other-name",
    input=AwkwardInput,
    output=AwkwardOutput,
    renamed=True,
)


class Awkward(Endpoint[AwkwardInput, AwkwardOutput], spec=SPEC):
    """fal-ai/awkward: json.

    Everything that is awkward, in one document: \"quotes\", a \\ and \"\"\"three\"\"\".

    - An item that is long enough to be wrapped at the width that the docstrings of emitted modules
      keep to
    - Another one

    Ends with a quote \"

    Documentation: https://fal.ai/models/fal-ai/awkward/api
    """

    def run(self, /, **input: Unpack[AwkwardInput]) -> AwkwardOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `subscribe` lists them.
        """
        return run(self, input)

    def subscribe(
        self,
        /,
        *,
        on_queue_update: OnQueueUpdate | None = None,
        **input: Unpack[AwkwardInput],
    ) -> AwkwardOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`AwkwardInput`):
                prompt (required): The prompt.
                class_ (required): A keyword.
                guidance_scale_x58813753 (default 3.5)
                n2d_xf86b4d30 (default False)
                secret_x27ba682a (optional)
                logs (optional): Wood.
                webhook_url (optional)
                mode (default "fast"): Required, with a default.
                tree (required)
                kind (required)
                size (default {"height": 512, "width": 512})
                Image (optional)
                str_ (optional)
                copy (optional)
                tuple (optional)
                odd (optional)
                many (optional)
                map (optional)
                anything (optional)
                binary (optional)
                old (default True)
                negative (default ""): Indented, with trailing spaces
        """
        return subscribe(self, input, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        **input: Unpack[AwkwardInput],
    ) -> RequestHandle[AwkwardOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input)


class AsyncAwkward(AsyncEndpoint[AwkwardInput, AwkwardOutput], spec=SPEC):
    """fal-ai/awkward: json.

    Everything that is awkward, in one document: \"quotes\", a \\ and \"\"\"three\"\"\".

    - An item that is long enough to be wrapped at the width that the docstrings of emitted modules
      keep to
    - Another one

    Ends with a quote \"

    Documentation: https://fal.ai/models/fal-ai/awkward/api
    """

    async def run(self, /, **input: Unpack[AwkwardInput]) -> AwkwardOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `Awkward.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[AwkwardInput],
    ) -> AwkwardOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `Awkward.subscribe` lists them.
        """
        return await subscribe(self, input, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        **input: Unpack[AwkwardInput],
    ) -> AsyncRequestHandle[AwkwardOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            **input: The model's inputs; `Awkward.subscribe` lists them.
        """
        return await submit(self, input)

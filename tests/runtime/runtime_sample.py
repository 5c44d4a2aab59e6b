# ruff: noqa: TC002 - as generated: pydantic reads the annotations at run time
"""A client of two endpoints in exactly the form that the generator writes: it type-checks the contract, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Required, TypeAlias

from pydantic import Field
from runtime.async_client import AsyncFalClient
from runtime.calls.async_endpoint import AsyncEndpoint, AsyncNamespace
from runtime.calls.async_handle import AsyncRequestHandle
from runtime.calls.async_stream import AsyncStream
from runtime.calls.endpoint import Endpoint, Namespace
from runtime.calls.handle import RequestHandle
from runtime.calls.status import AsyncOnQueueUpdate, OnQueueUpdate
from runtime.calls.stream import Stream
from runtime.client import FalClient
from runtime.files.file_input import URL_ONLY, FileInput, FileOrName, LocalFile
from runtime.files.remote_file import RemoteFile
from runtime.inputs.spec import EndpointSpec
from runtime.inputs.types import SAME_TYPE, UNIQUE_ITEMS, SequenceNotStr
from runtime.outputs.model import FalModel, OpenModel
from typing_extensions import TypedDict, Unpack


class ImageSize(TypedDict, total=False, closed=True):
    width: Annotated[int, Field(ge=1, le=4096)]
    height: Annotated[int, Field(ge=1)]


class LoraWeight(TypedDict, total=False, closed=True):
    path: Required[FileOrName]
    scale: float


class SchnellInput(TypedDict, total=False, closed=True):
    prompt: Required[str]
    num_images: Annotated[int, Field(ge=1, le=4)]
    image_size: ImageSize | Literal["square_hd", "square", "landscape_4_3"]
    guidance: float
    enable_safety_checker: bool
    image_url: FileInput
    image_urls: SequenceNotStr[FileInput]
    long_url: Annotated[str, Field(max_length=40), URL_ONLY] | LocalFile
    loras: SequenceNotStr[LoraWeight]
    bpm: Annotated[int, Field(ge=1)] | Literal["auto"] | None
    tags: dict[str, str]
    parts: SequenceNotStr[ImageSize | Literal["whole"]]
    anything: Any
    things: SequenceNotStr[Any]
    fps: Annotated[Literal[1, 24], SAME_TYPE] | Literal["auto"]
    sizes: Annotated[Annotated[SequenceNotStr[Any], Field(max_length=9)], UNIQUE_ITEMS]


class RenamedInput(TypedDict, total=False, closed=True):
    from_: Annotated[Required[str], Field(alias="from")]
    to: NotRequired[int]


class Image(RemoteFile):
    width: int | None = None
    height: int | None = None
    content_type: str | None = "image/jpeg"


class SchnellOutput(FalModel):
    images: list[Image]
    seed: int
    kind: Literal["a", "b"] = "a"
    timings: dict[str, float] | None = None
    from_: Annotated[str | None, Field(alias="from")] = None
    main: Image | str | None = None
    by_name: dict[str, Image] | None = None


class Anything(OpenModel):
    known: int | None = None
    image: Image | None = None
    from_: Annotated[str | None, Field(alias="from")] = None


class Cat(FalModel):
    type: Literal["cat"]
    lives: int


class Dog(FalModel):
    type: Literal["dog"]
    name: str


Animal = Annotated[Cat | Dog, Field(discriminator="type")]

SPEC = EndpointSpec(
    id="fal-ai/flux-1/schnell", path="fal-ai/flux-1/schnell", input=SchnellInput, output=SchnellOutput, renamed=False
)


class Schnell(Endpoint[Any, SchnellOutput]):
    _spec = SPEC

    def stream(self, /, **input: Unpack[SchnellInput]) -> Stream[dict[str, Any], SchnellOutput]:
        return self._stream(input)

    def run(self, /, **input: Unpack[SchnellInput]) -> SchnellOutput:
        return self._run(input)

    def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: OnQueueUpdate | None = None,
        **input: Unpack[SchnellInput],
    ) -> SchnellOutput:
        return self._subscribe(input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self, /, *, webhook_url: str | None = None, **input: Unpack[SchnellInput]
    ) -> RequestHandle[SchnellOutput]:
        return self._submit(input, webhook_url=webhook_url)


class AsyncSchnell(AsyncEndpoint[Any, SchnellOutput]):
    _spec = SPEC

    def stream(self, /, **input: Unpack[SchnellInput]) -> AsyncStream[dict[str, Any], SchnellOutput]:
        return self._stream(input)

    async def run(self, /, **input: Unpack[SchnellInput]) -> SchnellOutput:
        return await self._run(input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[SchnellInput],
    ) -> SchnellOutput:
        return await self._subscribe(input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self, /, *, webhook_url: str | None = None, **input: Unpack[SchnellInput]
    ) -> AsyncRequestHandle[SchnellOutput]:
        return await self._submit(input, webhook_url=webhook_url)


# The stream of another endpoint, with a document of its own that tells of its events.
STREAM = EndpointSpec(
    id="fal-ai/flux-1/schnell/stream",
    path="fal-ai/flux-1/schnell/stream",
    input=SchnellInput,
    output=SchnellOutput,
    event=SchnellOutput,
)

# An alias document: called at another path than its id. With renamed inputs, and a union of models as its output.
ALIAS = EndpointSpec(
    id="workflows/me/alias", path="workflows/me/app/sub", input=RenamedInput, output=Animal, renamed=True
)


class Alias(Endpoint[Any, Cat | Dog]):
    _spec = ALIAS

    def run(self, /, **input: Unpack[RenamedInput]) -> Cat | Dog:
        return self._run(input)

    def subscribe(self, /, **input: Unpack[RenamedInput]) -> Cat | Dog:
        return self._subscribe(input)

    def submit(self, /, *, webhook_url: str | None = None, **input: Unpack[RenamedInput]) -> RequestHandle[Cat | Dog]:
        return self._submit(input, webhook_url=webhook_url)


class AsyncAlias(AsyncEndpoint[Any, Cat | Dog]):
    _spec = ALIAS

    async def run(self, /, **input: Unpack[RenamedInput]) -> Cat | Dog:
        return await self._run(input)

    async def subscribe(self, /, **input: Unpack[RenamedInput]) -> Cat | Dog:
        return await self._subscribe(input)

    async def submit(
        self, /, *, webhook_url: str | None = None, **input: Unpack[RenamedInput]
    ) -> AsyncRequestHandle[Cat | Dog]:
        return await self._submit(input, webhook_url=webhook_url)


class SchnellStream(Endpoint[Any, SchnellOutput]):
    _spec = STREAM

    def stream(self, /, **input: Unpack[SchnellInput]) -> Stream[SchnellOutput, SchnellOutput]:
        return self._stream(input)


class Flux1(Namespace):
    @property
    def schnell(self) -> Schnell:
        return Schnell(self._session)


class AsyncSchnellStream(AsyncEndpoint[Any, SchnellOutput]):
    _spec = STREAM

    def stream(self, /, **input: Unpack[SchnellInput]) -> AsyncStream[SchnellOutput, SchnellOutput]:
        return self._stream(input)


class AsyncFlux1(AsyncNamespace):
    @property
    def schnell(self) -> AsyncSchnell:
        return AsyncSchnell(self._session)


class Root(Namespace):
    @property
    def flux_1(self) -> Flux1:
        return Flux1(self._session)

    @property
    def stream_(self) -> SchnellStream:
        return SchnellStream(self._session)

    @property
    def alias(self) -> Alias:
        return Alias(self._session)


class AsyncRoot(AsyncNamespace):
    @property
    def flux_1(self) -> AsyncFlux1:
        return AsyncFlux1(self._session)

    @property
    def stream_(self) -> AsyncSchnellStream:
        return AsyncSchnellStream(self._session)

    @property
    def alias(self) -> AsyncAlias:
        return AsyncAlias(self._session)


TABLE = {"fal-ai/flux-1/schnell": ("runtime_sample", "Schnell"), "workflows/me/alias": ("runtime_sample", "Alias")}

if TYPE_CHECKING:
    from collections.abc import Mapping

    Registry = TypedDict("Registry", {"fal-ai/flux-1/schnell": Schnell, "workflows/me/alias": Alias})
    _Root: TypeAlias = Root
    _AsyncRoot: TypeAlias = AsyncRoot
else:
    _Root = _AsyncRoot = object


class Fal(FalClient, _Root):
    _user_agent = "fal-typed/0.1.0"

    def _load_root(self) -> Namespace:
        return Root(self._session)

    def _load_table(self) -> tuple[str, Mapping[str, tuple[str, str]]]:
        return "sample_endpoints", TABLE

    if TYPE_CHECKING:

        @property
        def endpoints(self) -> Registry: ...


class AsyncFal(AsyncFalClient, _AsyncRoot):
    _user_agent = "fal-typed/0.1.0"

    def _load_root(self) -> AsyncNamespace:
        return AsyncRoot(self._session)

    def _load_table(self) -> tuple[str, Mapping[str, tuple[str, str]]]:
        return "sample_endpoints", TABLE

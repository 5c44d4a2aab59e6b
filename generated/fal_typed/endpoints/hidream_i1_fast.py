# Generated from specs/fal-ai/hidream-i1-fast.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/hidream-i1-fast: text-to-image."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict, Unpack

from .._runtime.emitted import (
    AsyncEndpoint,
    AsyncOnQueueUpdate,
    AsyncRequestHandle,
    AsyncStream,
    Endpoint,
    EndpointSpec,
    FalModel,
    OnQueueUpdate,
    RequestHandle,
    Stream,
    run,
    stream,
    submit,
    subscribe,
)
from ..models._sized_image import SizedImage as Image
from ..params._image_size import ImageSize

__all__ = [
    "AsyncHidreamI1Fast",
    "HidreamI1Fast",
    "HidreamI1FastInput",
    "HidreamI1FastOutput",
    "Image",
    "ImageSize",
]


class HidreamI1FastInput(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """The prompt to generate an image from.

    Example: `"a cat holding a skateboard which has 'fal' written on it in red spray paint"`.
    """

    negative_prompt: str
    """The negative prompt to use. Use it to address details that you don't want in the image. This
    could be colors, objects, scenery and even the small details (e.g. moustache, blurry, low
    resolution).

    Default: `""`.
    """

    image_size: (
        ImageSize | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
    )
    """The size of the generated image.

    Default: `{"height": 1024, "width": 1024}`.
    """

    num_inference_steps: Annotated[int, Field(ge=1, le=50)]
    """The number of inference steps to perform.

    Default: `16`. Range: 1 to 50.
    """

    seed: int | None
    """The same seed and the same prompt given to the same version of the model will output the same
    image every time.
    """

    sync_mode: bool
    """If set to true, the function will wait for the image to be generated and uploaded before
    returning the response. This will increase the latency of the function but it allows you to get
    the image directly in the response without going through the CDN.

    Default: `False`.
    """

    num_images: Annotated[int, Field(ge=1, le=4)]
    """The number of images to generate.

    Default: `1`. Range: 1 to 4.
    """

    enable_safety_checker: bool
    """If set to true, the safety checker will be enabled.

    Default: `True`.
    """

    output_format: Literal["jpeg", "png"]
    """The format of the generated image.

    Default: `"jpeg"`.
    """


class HidreamI1FastOutput(FalModel):
    images: list[Image]
    """The generated image files info."""

    timings: dict[str, float]

    seed: int
    """Seed of the generated Image. It will be the same value of the one passed in the input or the
    randomly generated that was used in case none was passed.
    """

    has_nsfw_concepts: list[bool]
    """Whether the generated images contain NSFW concepts."""

    prompt: str
    """The prompt used for generating the image."""


SPEC = EndpointSpec(
    id="fal-ai/hidream-i1-fast",
    input=HidreamI1FastInput,
    output=HidreamI1FastOutput,
)


class HidreamI1Fast(Endpoint[HidreamI1FastInput, HidreamI1FastOutput], spec=SPEC):
    """fal-ai/hidream-i1-fast: text-to-image.

    Generate

    It can stream its output.

    Documentation: https://fal.ai/models/fal-ai/hidream-i1-fast/api
    """

    def run(self, /, **input: Unpack[HidreamI1FastInput]) -> HidreamI1FastOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `subscribe` lists them.
        """
        return run(self, input)

    def stream(self, /, **input: Unpack[HidreamI1FastInput]) -> Stream[dict[str, Any], HidreamI1FastOutput]:
        """Call the model directly, and read what it makes as it comes, in a `with` block.

        Args:
            **input: The model's inputs; `subscribe` lists them.
        """
        return stream(self, input)

    def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: OnQueueUpdate | None = None,
        **input: Unpack[HidreamI1FastInput],
    ) -> HidreamI1FastOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`HidreamI1FastInput`):
                prompt (required): The prompt to generate an image from.
                negative_prompt (default ""): The negative prompt to use.
                image_size (has a default): The size of the generated image.
                num_inference_steps (default 16): The number of inference steps to perform.
                seed (optional): The same seed and the same prompt given to the same version of the model will …
                sync_mode (default False): If set to true, the function will wait for the image to be generated and …
                num_images (default 1): The number of images to generate.
                enable_safety_checker (default True): If set to true, the safety checker will be enabled.
                output_format (default "jpeg"): The format of the generated image.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[HidreamI1FastInput],
    ) -> RequestHandle[HidreamI1FastOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncHidreamI1Fast(AsyncEndpoint[HidreamI1FastInput, HidreamI1FastOutput], spec=SPEC):
    """fal-ai/hidream-i1-fast: text-to-image.

    Generate

    It can stream its output.

    Documentation: https://fal.ai/models/fal-ai/hidream-i1-fast/api
    """

    async def run(self, /, **input: Unpack[HidreamI1FastInput]) -> HidreamI1FastOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `HidreamI1Fast.subscribe` lists them.
        """
        return await run(self, input)

    def stream(self, /, **input: Unpack[HidreamI1FastInput]) -> AsyncStream[dict[str, Any], HidreamI1FastOutput]:
        """Call the model directly, and read what it makes as it comes, in an `async with` block.

        Args:
            **input: The model's inputs; `HidreamI1Fast.subscribe` lists them.
        """
        return stream(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[HidreamI1FastInput],
    ) -> HidreamI1FastOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `HidreamI1Fast.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[HidreamI1FastInput],
    ) -> AsyncRequestHandle[HidreamI1FastOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `HidreamI1Fast.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

# Generated from specs/fal-ai/f-lite/standard.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/f-lite/standard: text-to-image."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict, Unpack

from ..._runtime.emitted import (
    AsyncEndpoint,
    AsyncOnQueueUpdate,
    AsyncRequestHandle,
    Endpoint,
    EndpointSpec,
    FalModel,
    OnQueueUpdate,
    RequestHandle,
    run,
    submit,
    subscribe,
)
from ...models._sized_image import SizedImage as Image
from ...params._image_size import ImageSize

__all__ = [
    "AsyncFLiteStandard",
    "FLiteStandard",
    "FLiteStandardInput",
    "FLiteStandardOutput",
    "Image",
    "ImageSize",
]


class FLiteStandardInput(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """The prompt to generate an image from.

    Example: `"Mount Fuji at sunset, with the iconic snow-capped peak silhouetted against a vibrant orange and purple sky. A tranquil lake in the foreground perfectly reflects the mountain and colorful sky. A few"` … (317 characters).
    """

    negative_prompt: str
    """Negative Prompt for generation.

    Default: `""`.

    Example: `"Blurry, out of focus, low resolution, bad anatomy, ugly, deformed, poorly drawn, extra limbs"`.
    """

    image_size: (
        ImageSize | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
    )
    """The size of the generated image.

    Default: `"landscape_4_3"`.
    """

    num_inference_steps: Annotated[int, Field(ge=1, le=50)]
    """The number of inference steps to perform.

    Default: `28`. Range: 1 to 50.
    """

    seed: int
    """The same seed and the same prompt given to the same version of the model will output the same
    image every time.
    """

    guidance_scale: Annotated[float, Field(ge=1, le=20)]
    """The CFG (Classifier Free Guidance) scale is a measure of how close you want the model to stick
    to your prompt when looking for a related image to show you.

    Default: `3.5`. Range: 1 to 20.
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


class FLiteStandardOutput(FalModel):
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
    id="fal-ai/f-lite/standard",
    input=FLiteStandardInput,
    output=FLiteStandardOutput,
)


class FLiteStandard(Endpoint[FLiteStandardInput, FLiteStandardOutput], spec=SPEC):
    """fal-ai/f-lite/standard: text-to-image.

    F-Lite

    Documentation: https://fal.ai/models/fal-ai/f-lite/standard/api
    """

    def run(self, /, **input: Unpack[FLiteStandardInput]) -> FLiteStandardOutput:
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
        logs: bool | None = None,
        on_queue_update: OnQueueUpdate | None = None,
        **input: Unpack[FLiteStandardInput],
    ) -> FLiteStandardOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`FLiteStandardInput`):
                prompt (required): The prompt to generate an image from.
                negative_prompt (default ""): Negative Prompt for generation.
                image_size (default "landscape_4_3"): The size of the generated image.
                num_inference_steps (default 28): The number of inference steps to perform.
                seed (optional): The same seed and the same prompt given to the same version of the model will …
                guidance_scale (default 3.5): The CFG (Classifier Free Guidance) scale is a measure of how close you …
                sync_mode (default False): If set to true, the function will wait for the image to be generated and …
                num_images (default 1): The number of images to generate.
                enable_safety_checker (default True): If set to true, the safety checker will be enabled.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[FLiteStandardInput],
    ) -> RequestHandle[FLiteStandardOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncFLiteStandard(AsyncEndpoint[FLiteStandardInput, FLiteStandardOutput], spec=SPEC):
    """fal-ai/f-lite/standard: text-to-image.

    F-Lite

    Documentation: https://fal.ai/models/fal-ai/f-lite/standard/api
    """

    async def run(self, /, **input: Unpack[FLiteStandardInput]) -> FLiteStandardOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `FLiteStandard.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[FLiteStandardInput],
    ) -> FLiteStandardOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `FLiteStandard.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[FLiteStandardInput],
    ) -> AsyncRequestHandle[FLiteStandardOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `FLiteStandard.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

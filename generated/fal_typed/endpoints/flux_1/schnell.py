# Generated from specs/fal-ai/flux-1/schnell.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/flux-1/schnell: text-to-image."""

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
    "AsyncFlux1Schnell",
    "Flux1Schnell",
    "Flux1SchnellInput",
    "Flux1SchnellOutput",
    "Image",
    "ImageSize",
]


class Flux1SchnellInput(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """The prompt to generate an image from.

    Example: `"Extreme close-up of a single tiger eye, direct frontal view. Detailed iris and pupil. Sharp focus on eye texture and color. Natural lighting to capture authentic eye shine and depth. The word \\"FLUX\\" is painted over it in big, white brush strokes with visible texture."`.
    """

    image_size: (
        ImageSize | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
    )
    """The size of the generated image.

    Default: `"landscape_4_3"`.
    """

    num_inference_steps: Annotated[int, Field(ge=1, le=12)]
    """The number of inference steps to perform.

    Default: `4`. Range: 1 to 12.
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

    Default: `"png"`.
    """

    acceleration: Literal["none", "regular", "high"]
    """The speed of the generation. The higher the speed, the faster the generation.

    Default: `"regular"`.
    """


class Flux1SchnellOutput(FalModel):
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
    id="fal-ai/flux-1/schnell",
    input=Flux1SchnellInput,
    output=Flux1SchnellOutput,
)


class Flux1Schnell(Endpoint[Flux1SchnellInput, Flux1SchnellOutput], spec=SPEC):
    """fal-ai/flux-1/schnell: text-to-image.

    FLUX.1 [schnell], turbo mode for next generation text-to-image model FLUX.

    Documentation: https://fal.ai/models/fal-ai/flux-1/schnell/api
    """

    def run(self, /, **input: Unpack[Flux1SchnellInput]) -> Flux1SchnellOutput:
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
        **input: Unpack[Flux1SchnellInput],
    ) -> Flux1SchnellOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`Flux1SchnellInput`):
                prompt (required): The prompt to generate an image from.
                image_size (default "landscape_4_3"): The size of the generated image.
                num_inference_steps (default 4): The number of inference steps to perform.
                seed (optional): The same seed and the same prompt given to the same version of the model will …
                sync_mode (default False): If set to true, the function will wait for the image to be generated and …
                num_images (default 1): The number of images to generate.
                enable_safety_checker (default True): If set to true, the safety checker will be enabled.
                output_format (default "png"): The format of the generated image.
                acceleration (default "regular"): The speed of the generation.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[Flux1SchnellInput],
    ) -> RequestHandle[Flux1SchnellOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncFlux1Schnell(AsyncEndpoint[Flux1SchnellInput, Flux1SchnellOutput], spec=SPEC):
    """fal-ai/flux-1/schnell: text-to-image.

    FLUX.1 [schnell], turbo mode for next generation text-to-image model FLUX.

    Documentation: https://fal.ai/models/fal-ai/flux-1/schnell/api
    """

    async def run(self, /, **input: Unpack[Flux1SchnellInput]) -> Flux1SchnellOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `Flux1Schnell.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[Flux1SchnellInput],
    ) -> Flux1SchnellOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `Flux1Schnell.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[Flux1SchnellInput],
    ) -> AsyncRequestHandle[Flux1SchnellOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `Flux1Schnell.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

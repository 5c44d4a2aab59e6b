# Generated from specs/fal-ai/illusion-diffusion.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/illusion-diffusion: text-to-image."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict, Unpack

from .._runtime.emitted import (
    AsyncEndpoint,
    AsyncOnQueueUpdate,
    AsyncRequestHandle,
    Endpoint,
    EndpointSpec,
    FalModel,
    FileInput,
    OnQueueUpdate,
    RequestHandle,
    run,
    submit,
    subscribe,
)
from ..models._image import Image
from ..params._image_size import ImageSize

__all__ = [
    "AsyncIllusionDiffusion",
    "IllusionDiffusion",
    "IllusionDiffusionInput",
    "IllusionDiffusionOutput",
    "Image",
    "ImageSize",
]


class IllusionDiffusionInput(TypedDict, total=False, closed=True):
    image_url: Required[FileInput]
    """Input image url.

    Example: `"https://storage.googleapis.com/falserverless/illusion-examples/pattern.png"`.
    """

    prompt: Required[str]
    """The prompt to use for generating the image. Be as descriptive as possible for best results.

    Example: `"(masterpiece:1.4), (best quality), (detailed), Medieval village scene with busy streets and castle in the distance"`.
    """

    negative_prompt: str
    """The negative prompt to use. Use it to address details that you don't want in the image. This
    could be colors, objects, scenery and even the small details (e.g. moustache, blurry, low
    resolution).

    Default: `""`.

    Example: `"(worst quality, poor details:1.4), lowres, (artist name, signature, watermark:1.4), bad-artist-anime, bad_prompt_version2, bad-hands-5, ng_deepnegative_v1_75t"`.
    """

    guidance_scale: Annotated[float, Field(gt=0, le=50)]
    """The CFG (Classifier Free Guidance) scale is a measure of how close you want the model to stick
    to your prompt when looking for a related image to show you.

    Default: `7.5`. Range: above 0, at most 50.
    """

    controlnet_conditioning_scale: float
    """The scale of the ControlNet.

    Default: `1`.
    """

    control_guidance_start: Annotated[float, Field(ge=0, le=1)]
    """Default: `0`. Range: 0 to 1."""

    control_guidance_end: Annotated[float, Field(ge=0, le=1)]
    """Default: `1`. Range: 0 to 1."""

    seed: int | None
    """Seed of the generated Image. It will be the same value of the one passed in the input or the
    randomly generated that was used in case none was passed.
    """

    scheduler: Literal["DPM++ Karras SDE", "Euler"]
    """Scheduler / sampler to use for the image denoising process.

    Default: `"Euler"`.
    """

    num_inference_steps: Annotated[int, Field(ge=0, le=80)]
    """Increasing the amount of steps tells Stable Diffusion that it should take more steps to generate
    your final result which can increase the amount of detail in your image.

    Default: `40`. Range: 0 to 80.
    """

    image_size: (
        ImageSize | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
    )
    """The size of the generated image. You can choose between some presets or custom height and width
    that must be multiples of 8.

    Default: `"square_hd"`.
    """


class IllusionDiffusionOutput(FalModel):
    image: Image
    """The generated image file info."""

    seed: int
    """Seed of the generated Image. It will be the same value of the one passed in the input or the
    randomly generated that was used in case none was passed.
    """


SPEC = EndpointSpec(
    id="fal-ai/illusion-diffusion",
    input=IllusionDiffusionInput,
    output=IllusionDiffusionOutput,
)


class IllusionDiffusion(Endpoint[IllusionDiffusionInput, IllusionDiffusionOutput], spec=SPEC):
    """fal-ai/illusion-diffusion: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/illusion-diffusion/api
    """

    def run(self, /, **input: Unpack[IllusionDiffusionInput]) -> IllusionDiffusionOutput:
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
        **input: Unpack[IllusionDiffusionInput],
    ) -> IllusionDiffusionOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`IllusionDiffusionInput`):
                image_url (required): Input image url.
                prompt (required): The prompt to use for generating the image.
                negative_prompt (default ""): The negative prompt to use.
                guidance_scale (default 7.5): The CFG (Classifier Free Guidance) scale is a measure of how close you …
                controlnet_conditioning_scale (default 1): The scale of the ControlNet.
                control_guidance_start (default 0)
                control_guidance_end (default 1)
                seed (optional): Seed of the generated Image.
                scheduler (default "Euler"): Scheduler / sampler to use for the image denoising process.
                num_inference_steps (default 40): Increasing the amount of steps tells Stable Diffusion that it …
                image_size (default "square_hd"): The size of the generated image.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[IllusionDiffusionInput],
    ) -> RequestHandle[IllusionDiffusionOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncIllusionDiffusion(AsyncEndpoint[IllusionDiffusionInput, IllusionDiffusionOutput], spec=SPEC):
    """fal-ai/illusion-diffusion: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/illusion-diffusion/api
    """

    async def run(self, /, **input: Unpack[IllusionDiffusionInput]) -> IllusionDiffusionOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `IllusionDiffusion.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[IllusionDiffusionInput],
    ) -> IllusionDiffusionOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `IllusionDiffusion.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[IllusionDiffusionInput],
    ) -> AsyncRequestHandle[IllusionDiffusionOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `IllusionDiffusion.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

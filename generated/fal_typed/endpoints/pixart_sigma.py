# Generated from specs/fal-ai/pixart-sigma.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/pixart-sigma: text-to-image."""

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
    OnQueueUpdate,
    RequestHandle,
    run,
    submit,
    subscribe,
)
from ..models._image import Image
from ..params._image_size import ImageSize

__all__ = [
    "AsyncPixartSigma",
    "Image",
    "ImageSize",
    "PixartSigma",
    "PixartSigmaInput",
    "PixartSigmaOutput",
]


class PixartSigmaInput(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """The prompt to use for generating the image. Be as descriptive as possible for best results.

    Example: `"Photorealistic closeup video of two pirate ships battling each other as they sail inside a cup of coffee."`.
    """

    negative_prompt: str
    """The negative prompt to use. Use it to address details that you don't want in the image. This
    could be colors, objects, scenery and even the small details (e.g. moustache, blurry, low
    resolution).

    Default: `""`.

    Example: `"cartoon, illustration, animation. face. male, female"`.
    """

    style: Literal[
        "(No style)",
        "Cinematic",
        "Photographic",
        "Anime",
        "Manga",
        "Digital Art",
        "Pixel art",
        "Fantasy art",
        "Neonpunk",
        "3D Model",
    ]
    """The style to apply to the image.

    Default: `"(No style)"`.
    """

    image_size: (
        ImageSize | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
    )
    """The size of the generated image.

    Default: `"square_hd"`.
    """

    num_inference_steps: Annotated[int, Field(ge=5, le=50)]
    """The number of inference steps to perform.

    Default: `35`. Range: 5 to 50.
    """

    scheduler: Literal["DPM-SOLVER", "SA-SOLVER"]
    """The scheduler to use for the model.

    Default: `"DPM-SOLVER"`.
    """

    guidance_scale: Annotated[float, Field(ge=1, le=10)]
    """The CFG (Classifier Free Guidance) scale is a measure of how close you want the model to stick
    to your prompt when looking for a related image to show you.

    Default: `4.5`. Range: 1 to 10.
    """

    seed: int | None
    """The same seed and the same prompt given to the same version of Stable Diffusion will output the
    same image every time.
    """

    sync_mode: bool
    """If set to true, the function will wait for the image to be generated and uploaded before
    returning the response. This will increase the latency of the function but it allows you to get
    the image directly in the response without going through the CDN.

    Default: `False`.
    """

    num_images: Annotated[int, Field(ge=1, le=8)]
    """The number of images to generate.

    Default: `1`. Range: 1 to 8.
    """

    enable_safety_checker: bool
    """If set to true, the safety checker will be enabled.

    Default: `False`.
    """


class PixartSigmaOutput(FalModel):
    images: list[Image]
    """The generated image files info."""

    timings: dict[str, float]
    """The timings of the different steps of the generation process."""

    seed: int
    """Seed of the generated Image. It will be the same value of the one passed in the input or the
    randomly generated that was used in case none was passed.
    """

    has_nsfw_concepts: list[bool]
    """Whether the generated images contain NSFW concepts."""

    prompt: str
    """The prompt used for generating the image."""


SPEC = EndpointSpec(
    id="fal-ai/pixart-sigma",
    input=PixartSigmaInput,
    output=PixartSigmaOutput,
)


class PixartSigma(Endpoint[PixartSigmaInput, PixartSigmaOutput], spec=SPEC):
    """fal-ai/pixart-sigma: text-to-image.

    Generate Image

    Documentation: https://fal.ai/models/fal-ai/pixart-sigma/api
    """

    def run(self, /, **input: Unpack[PixartSigmaInput]) -> PixartSigmaOutput:
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
        **input: Unpack[PixartSigmaInput],
    ) -> PixartSigmaOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`PixartSigmaInput`):
                prompt (required): The prompt to use for generating the image.
                negative_prompt (default ""): The negative prompt to use.
                style (default "(No style)"): The style to apply to the image.
                image_size (default "square_hd"): The size of the generated image.
                num_inference_steps (default 35): The number of inference steps to perform.
                scheduler (default "DPM-SOLVER"): The scheduler to use for the model.
                guidance_scale (default 4.5): The CFG (Classifier Free Guidance) scale is a measure of how close you …
                seed (optional): The same seed and the same prompt given to the same version of Stable Diffusion …
                sync_mode (default False): If set to true, the function will wait for the image to be generated and …
                num_images (default 1): The number of images to generate.
                enable_safety_checker (default False): If set to true, the safety checker will be enabled.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[PixartSigmaInput],
    ) -> RequestHandle[PixartSigmaOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncPixartSigma(AsyncEndpoint[PixartSigmaInput, PixartSigmaOutput], spec=SPEC):
    """fal-ai/pixart-sigma: text-to-image.

    Generate Image

    Documentation: https://fal.ai/models/fal-ai/pixart-sigma/api
    """

    async def run(self, /, **input: Unpack[PixartSigmaInput]) -> PixartSigmaOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `PixartSigma.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[PixartSigmaInput],
    ) -> PixartSigmaOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `PixartSigma.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[PixartSigmaInput],
    ) -> AsyncRequestHandle[PixartSigmaOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `PixartSigma.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

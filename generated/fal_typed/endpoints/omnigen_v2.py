# Generated from specs/fal-ai/omnigen-v2.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/omnigen-v2: text-to-image."""

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
    SequenceNotStr,
    run,
    submit,
    subscribe,
)
from ..models._sized_image import SizedImage as Image
from ..params._image_size import ImageSize

__all__ = [
    "AsyncOmnigenV2",
    "Image",
    "ImageSize",
    "OmnigenV2",
    "OmnigenV2Input",
    "OmnigenV2Output",
]


class OmnigenV2Input(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """The prompt to generate or edit an image. Use specific language like 'Add the bird from image 1
    to the desk in image 2' for better results.

    Example: `"Make the dress blue"`.
    """

    input_image_urls: SequenceNotStr[FileInput]
    """URLs of input images to use for image editing or multi-image generation. Support up to 3 images.

    Default: `[]`.

    Example: `["https://storage.googleapis.com/falserverless/omnigen/input.png"]`.
    """

    image_size: (
        ImageSize | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
    )
    """The size of the generated image.

    Default: `"square_hd"`.
    """

    num_inference_steps: Annotated[int, Field(ge=20, le=50)]
    """The number of inference steps to perform.

    Default: `50`. Range: 20 to 50.
    """

    seed: int | None
    """The same seed and the same prompt given to the same version of the model will output the same
    image every time.
    """

    text_guidance_scale: Annotated[float, Field(ge=1, le=8)]
    """The Text Guidance scale controls how closely the model follows the text prompt. Higher values
    make the model stick more closely to the prompt.

    Default: `5`. Range: 1 to 8.
    """

    image_guidance_scale: Annotated[float, Field(ge=1, le=3)]
    """The Image Guidance scale controls how closely the model follows the input images. For image
    editing: 1.3-2.0, for in-context generation: 2.0-3.0

    Default: `2`. Range: 1 to 3.
    """

    negative_prompt: str
    """Negative prompt to guide what should not be in the image.

    Default: `"(((deformed))), blurry, over saturation, bad anatomy, disfigured, poorly drawn face, mutation, mutated, (extra_limb), (ugly), (poorly drawn hands), fused fingers, messy drawing, broken legs censor, censored, censor_bar"`.
    """

    cfg_range_start: Annotated[float, Field(ge=0, le=1)]
    """CFG range start value.

    Default: `0`. Range: 0 to 1.
    """

    cfg_range_end: Annotated[float, Field(ge=0, le=1)]
    """CFG range end value.

    Default: `1`. Range: 0 to 1.
    """

    scheduler: Literal["euler", "dpmsolver"]
    """The scheduler to use for the diffusion process.

    Default: `"euler"`.
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


class OmnigenV2Output(FalModel):
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
    id="fal-ai/omnigen-v2",
    input=OmnigenV2Input,
    output=OmnigenV2Output,
)


class OmnigenV2(Endpoint[OmnigenV2Input, OmnigenV2Output], spec=SPEC):
    """fal-ai/omnigen-v2: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/omnigen-v2/api
    """

    def run(self, /, **input: Unpack[OmnigenV2Input]) -> OmnigenV2Output:
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
        **input: Unpack[OmnigenV2Input],
    ) -> OmnigenV2Output:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`OmnigenV2Input`):
                prompt (required): The prompt to generate or edit an image.
                input_image_urls (default []): URLs of input images to use for image editing or multi-image …
                image_size (default "square_hd"): The size of the generated image.
                num_inference_steps (default 50): The number of inference steps to perform.
                seed (optional): The same seed and the same prompt given to the same version of the model will …
                text_guidance_scale (default 5): The Text Guidance scale controls how closely the model follows the …
                image_guidance_scale (default 2): The Image Guidance scale controls how closely the model follows …
                negative_prompt (has a default): Negative prompt to guide what should not be in the image.
                cfg_range_start (default 0): CFG range start value.
                cfg_range_end (default 1): CFG range end value.
                scheduler (default "euler"): The scheduler to use for the diffusion process.
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
        **input: Unpack[OmnigenV2Input],
    ) -> RequestHandle[OmnigenV2Output]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncOmnigenV2(AsyncEndpoint[OmnigenV2Input, OmnigenV2Output], spec=SPEC):
    """fal-ai/omnigen-v2: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/omnigen-v2/api
    """

    async def run(self, /, **input: Unpack[OmnigenV2Input]) -> OmnigenV2Output:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `OmnigenV2.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[OmnigenV2Input],
    ) -> OmnigenV2Output:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `OmnigenV2.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[OmnigenV2Input],
    ) -> AsyncRequestHandle[OmnigenV2Output]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `OmnigenV2.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

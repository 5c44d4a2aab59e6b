# Generated from specs/fal-ai/stable-diffusion-v35-large.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/stable-diffusion-v35-large: text-to-image."""

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
    FileOrName,
    OnQueueUpdate,
    RequestHandle,
    SequenceNotStr,
    run,
    submit,
    subscribe,
)
from ..models._sized_image import SizedImage as Image
from ..params._image_size import ImageSize
from ..params._ip_adapter import IPAdapter
from ..params._lora_weight import LoraWeight

__all__ = [
    "AsyncStableDiffusionV35Large",
    "ControlNet",
    "IPAdapter",
    "Image",
    "ImageSize",
    "LoraWeight",
    "StableDiffusionV35Large",
    "StableDiffusionV35LargeInput",
    "StableDiffusionV35LargeOutput",
]


class ControlNet(TypedDict, total=False, closed=True):
    """As the shared `ControlNet`, but no config_url, mask_image_url, mask_threshold or variant."""

    path: Required[FileOrName]
    """URL or the path to the control net weights."""

    control_image_url: Required[FileInput]
    """URL of the image to be used as the control image."""

    conditioning_scale: Annotated[float, Field(ge=0, le=2)]
    """The scale of the control net weight. This is used to scale the control net weight before merging
    it with the base model.

    Default: `1`. Range: 0 to 2.
    """

    start_percentage: Annotated[float, Field(ge=0, le=1)]
    """The percentage of the image to start applying the controlnet in terms of the total timesteps.

    Default: `0`. Range: 0 to 1.
    """

    end_percentage: Annotated[float, Field(ge=0, le=1)]
    """The percentage of the image to end applying the controlnet in terms of the total timesteps.

    Default: `1`. Range: 0 to 1.
    """


class StableDiffusionV35LargeInput(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """The prompt to generate an image from.

    Example: `"A dreamlike Japanese garden in perpetual twilight, bathed in bioluminescent cherry blossoms that emit a soft pink-purple glow. Floating paper lanterns drift lazily through the scene, their warm"` … (1,073 characters).
    """

    negative_prompt: str
    """The negative prompt to use. Use it to address details that you don't want in the image. This
    could be colors, objects, scenery and even the small details (e.g. moustache, blurry, low
    resolution).

    Default: `""`.
    """

    num_inference_steps: Annotated[int, Field(ge=1, le=50)]
    """The number of inference steps to perform.

    Default: `28`. Range: 1 to 50.
    """

    seed: int | None
    """The same seed and the same prompt given to the same version of the model will output the same
    image every time.
    """

    guidance_scale: Annotated[float, Field(ge=0, le=20)]
    """The CFG (Classifier Free Guidance) scale is a measure of how close you want the model to stick
    to your prompt when looking for a related image to show you.

    Default: `3.5`. Range: 0 to 20.
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

    controlnet: ControlNet
    """ControlNet for inference."""

    image_size: (
        ImageSize
        | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
        | None
    )
    """The size of the generated image. Defaults to landscape_4_3 if no controlnet has been passed,
    otherwise defaults to the size of the controlnet conditioning image.
    """

    loras: SequenceNotStr[LoraWeight]
    """The LoRAs to use for the image generation. You can use any number of LoRAs and they will be
    merged together to generate the final image.

    Default: `[]`.
    """

    ip_adapter: IPAdapter | None
    """IP-Adapter to use during inference."""


class StableDiffusionV35LargeOutput(FalModel):
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
    id="fal-ai/stable-diffusion-v35-large",
    input=StableDiffusionV35LargeInput,
    output=StableDiffusionV35LargeOutput,
)


class StableDiffusionV35Large(Endpoint[StableDiffusionV35LargeInput, StableDiffusionV35LargeOutput], spec=SPEC):
    """fal-ai/stable-diffusion-v35-large: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/stable-diffusion-v35-large/api
    """

    def run(self, /, **input: Unpack[StableDiffusionV35LargeInput]) -> StableDiffusionV35LargeOutput:
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
        **input: Unpack[StableDiffusionV35LargeInput],
    ) -> StableDiffusionV35LargeOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`StableDiffusionV35LargeInput`):
                prompt (required): The prompt to generate an image from.
                negative_prompt (default ""): The negative prompt to use.
                num_inference_steps (default 28): The number of inference steps to perform.
                seed (optional): The same seed and the same prompt given to the same version of the model will …
                guidance_scale (default 3.5): The CFG (Classifier Free Guidance) scale is a measure of how close you …
                sync_mode (default False): If set to true, the function will wait for the image to be generated and …
                num_images (default 1): The number of images to generate.
                enable_safety_checker (default True): If set to true, the safety checker will be enabled.
                output_format (default "jpeg"): The format of the generated image.
                controlnet (optional): ControlNet for inference.
                image_size (optional): The size of the generated image.
                loras (default []): The LoRAs to use for the image generation.
                ip_adapter (optional): IP-Adapter to use during inference.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[StableDiffusionV35LargeInput],
    ) -> RequestHandle[StableDiffusionV35LargeOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncStableDiffusionV35Large(
    AsyncEndpoint[StableDiffusionV35LargeInput, StableDiffusionV35LargeOutput], spec=SPEC
):
    """fal-ai/stable-diffusion-v35-large: text-to-image.

    Generate

    Documentation: https://fal.ai/models/fal-ai/stable-diffusion-v35-large/api
    """

    async def run(self, /, **input: Unpack[StableDiffusionV35LargeInput]) -> StableDiffusionV35LargeOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `StableDiffusionV35Large.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[StableDiffusionV35LargeInput],
    ) -> StableDiffusionV35LargeOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `StableDiffusionV35Large.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[StableDiffusionV35LargeInput],
    ) -> AsyncRequestHandle[StableDiffusionV35LargeOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `StableDiffusionV35Large.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

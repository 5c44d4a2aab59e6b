# Generated from specs/fal-ai/nucleus-image.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/nucleus-image: text-to-image."""

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
from ..models._sized_image import SizedImage as Image

__all__ = [
    "AsyncNucleusImage",
    "Image",
    "NucleusImage",
    "NucleusImageInput",
    "NucleusImageOutput",
]


class NucleusImageInput(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """The prompt to use for generating the image.

    Example: `"A weathered lighthouse on a rocky coastline at golden hour, waves crashing below, dramatic amber clouds, cinematic realism"`.
    """

    negative_prompt: str
    """The negative prompt to use for generation.

    Default: `""`.

    Example: `"blurry, low quality, distorted text"`.
    """

    aspect_ratio: Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"]
    """The output aspect ratio. Nucleus-Image supports a fixed set of aspect-ratio presets.

    Default: `"1:1"`.
    """

    num_inference_steps: Annotated[int, Field(ge=1, le=100)]
    """The number of inference steps to perform.

    Default: `50`. Range: 1 to 100.
    """

    guidance_scale: Annotated[float, Field(ge=0, le=20)]
    """The classifier-free guidance scale.

    Default: `8`. Range: 0 to 20.
    """

    seed: int | None
    """Seed for reproducible generation."""

    num_images: Annotated[int, Field(ge=1, le=2)]
    """The number of images to generate.

    Default: `1`. Range: 1 to 2.
    """

    sync_mode: bool
    """If `True`, return media as data URIs instead of persisted CDN files.

    Default: `False`.
    """

    enable_safety_checker: bool
    """If set to true, the safety checker will be enabled.

    Default: `True`.
    """

    output_format: Literal["jpeg", "png"]
    """The format of the generated image.

    Default: `"png"`.
    """


class NucleusImageOutput(FalModel):
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
    id="fal-ai/nucleus-image",
    input=NucleusImageInput,
    output=NucleusImageOutput,
)


class NucleusImage(Endpoint[NucleusImageInput, NucleusImageOutput], spec=SPEC):
    """fal-ai/nucleus-image: text-to-image.

    Text To Image

    Documentation: https://fal.ai/models/fal-ai/nucleus-image/api
    """

    def run(self, /, **input: Unpack[NucleusImageInput]) -> NucleusImageOutput:
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
        **input: Unpack[NucleusImageInput],
    ) -> NucleusImageOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`NucleusImageInput`):
                prompt (required): The prompt to use for generating the image.
                negative_prompt (default ""): The negative prompt to use for generation.
                aspect_ratio (default "1:1"): The output aspect ratio.
                num_inference_steps (default 50): The number of inference steps to perform.
                guidance_scale (default 8): The classifier-free guidance scale.
                seed (optional): Seed for reproducible generation.
                num_images (default 1): The number of images to generate.
                sync_mode (default False): If `True`, return media as data URIs instead of persisted CDN files.
                enable_safety_checker (default True): If set to true, the safety checker will be enabled.
                output_format (default "png"): The format of the generated image.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[NucleusImageInput],
    ) -> RequestHandle[NucleusImageOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncNucleusImage(AsyncEndpoint[NucleusImageInput, NucleusImageOutput], spec=SPEC):
    """fal-ai/nucleus-image: text-to-image.

    Text To Image

    Documentation: https://fal.ai/models/fal-ai/nucleus-image/api
    """

    async def run(self, /, **input: Unpack[NucleusImageInput]) -> NucleusImageOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `NucleusImage.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[NucleusImageInput],
    ) -> NucleusImageOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `NucleusImage.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[NucleusImageInput],
    ) -> AsyncRequestHandle[NucleusImageOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `NucleusImage.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

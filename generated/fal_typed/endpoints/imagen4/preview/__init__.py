# Generated from specs/fal-ai/imagen4/preview.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/imagen4/preview: text-to-image."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict, Unpack

from ...._runtime.emitted import (
    AsyncEndpoint,
    AsyncOnQueueUpdate,
    AsyncRequestHandle,
    ChildNode,
    Endpoint,
    EndpointSpec,
    FalModel,
    OnQueueUpdate,
    RequestHandle,
    run,
    submit,
    subscribe,
)
from ....models._plain_image import PlainImage

if TYPE_CHECKING:
    from .fast import AsyncImagen4PreviewFast, Imagen4PreviewFast


__all__ = [
    "AsyncImagen4Preview",
    "Imagen4Preview",
    "Imagen4PreviewInput",
    "Imagen4PreviewOutput",
    "PlainImage",
]


class Imagen4PreviewInput(TypedDict, total=False, closed=True):
    prompt: Required[Annotated[str, Field(min_length=3, max_length=5000)]]
    """The text prompt describing what you want to see

    Length: at least 3, at most 5000 characters.

    Example: `"Capture an intimate close-up bathed in warm, soft, late-afternoon sunlight filtering into a quintessential 1960s kitchen. The focal point is a charmingly designed vintage package of all-purpose"` … (1,202 characters).
    """

    negative_prompt: str
    """A description of what to discourage in the generated images

    Default: `""`.
    """

    aspect_ratio: Literal["1:1", "16:9", "9:16", "3:4", "4:3"]
    """The aspect ratio of the generated image

    Default: `"1:1"`.
    """

    num_images: Annotated[int, Field(ge=1, le=4)]
    """Number of images to generate (1-4)

    Default: `1`. Range: 1 to 4.
    """

    seed: int
    """Random seed for reproducible generation"""


class Imagen4PreviewOutput(FalModel):
    images: list[PlainImage]
    """Example: `[{"url": "https://v3.fal.media/files/rabbit/rmgBxhwGYb2d3pl3x9sKf_output.png"}]`."""

    seed: int
    """Seed used for generation

    Example: `42`.
    """


SPEC = EndpointSpec(
    id="fal-ai/imagen4/preview",
    input=Imagen4PreviewInput,
    output=Imagen4PreviewOutput,
)


class Imagen4Preview(Endpoint[Imagen4PreviewInput, Imagen4PreviewOutput], spec=SPEC):
    """fal-ai/imagen4/preview: text-to-image.

    Generate images using Google's Imagen 4 model.

    Imagen 4 is designed to generate high-quality images with enhanced detail, richer lighting, and
    fewer artifacts. The model excels at:

    Capturing fine details and textures

    Rendering diverse art styles from photorealism to animation

    Understanding natural language prompts

    Maintaining high visual quality and composition

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/api
    """

    def run(self, /, **input: Unpack[Imagen4PreviewInput]) -> Imagen4PreviewOutput:
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
        **input: Unpack[Imagen4PreviewInput],
    ) -> Imagen4PreviewOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`Imagen4PreviewInput`):
                prompt (required): The text prompt describing what you want to see
                negative_prompt (default ""): A description of what to discourage in the generated images
                aspect_ratio (default "1:1"): The aspect ratio of the generated image
                num_images (default 1): Number of images to generate (1-4)
                seed (optional): Random seed for reproducible generation
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[Imagen4PreviewInput],
    ) -> RequestHandle[Imagen4PreviewOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)

    fast: "ChildNode[Imagen4PreviewFast]" = ChildNode("Imagen4PreviewFast")
    """fal-ai/imagen4/preview/fast: text-to-image.

    Generate images using Google's Imagen 4 Fast model.

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/fast/api
    """


class AsyncImagen4Preview(AsyncEndpoint[Imagen4PreviewInput, Imagen4PreviewOutput], spec=SPEC):
    """fal-ai/imagen4/preview: text-to-image.

    Generate images using Google's Imagen 4 model.

    Imagen 4 is designed to generate high-quality images with enhanced detail, richer lighting, and
    fewer artifacts. The model excels at:

    Capturing fine details and textures

    Rendering diverse art styles from photorealism to animation

    Understanding natural language prompts

    Maintaining high visual quality and composition

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/api
    """

    async def run(self, /, **input: Unpack[Imagen4PreviewInput]) -> Imagen4PreviewOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `Imagen4Preview.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[Imagen4PreviewInput],
    ) -> Imagen4PreviewOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `Imagen4Preview.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[Imagen4PreviewInput],
    ) -> AsyncRequestHandle[Imagen4PreviewOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `Imagen4Preview.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

    fast: "ChildNode[AsyncImagen4PreviewFast]" = ChildNode("AsyncImagen4PreviewFast")
    """fal-ai/imagen4/preview/fast: text-to-image.

    Generate images using Google's Imagen 4 Fast model.

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/fast/api
    """

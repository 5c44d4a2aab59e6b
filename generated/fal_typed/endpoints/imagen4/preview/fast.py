# Generated from specs/fal-ai/imagen4/preview/fast.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/imagen4/preview/fast: text-to-image."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import Required, TypedDict, Unpack

from ...._runtime.emitted import (
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
from ....models._plain_image import PlainImage

__all__ = [
    "AsyncImagen4PreviewFast",
    "Imagen4PreviewFast",
    "Imagen4PreviewFastInput",
    "Imagen4PreviewFastOutput",
    "PlainImage",
]


class Imagen4PreviewFastInput(TypedDict, total=False, closed=True):
    prompt: Required[Annotated[str, Field(min_length=3, max_length=5000)]]
    """The text prompt describing what you want to see

    Length: at least 3, at most 5000 characters.

    Example: `"Atmospheric narrative illustration depicting a young woman with dark hair styled with a single star clip, eating dumplings at a small round table in a bustling, late-night eatery reminiscent of a"` … (1,253 characters).
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


class Imagen4PreviewFastOutput(FalModel):
    images: list[PlainImage]
    """Example: `[{"url": "https://v3.fal.media/files/elephant/MNWc2sdR8v_VLWqVp7ag8_output.png"}]`."""

    seed: int
    """Seed used for generation

    Example: `42`.
    """


SPEC = EndpointSpec(
    id="fal-ai/imagen4/preview/fast",
    input=Imagen4PreviewFastInput,
    output=Imagen4PreviewFastOutput,
)


class Imagen4PreviewFast(Endpoint[Imagen4PreviewFastInput, Imagen4PreviewFastOutput], spec=SPEC):
    """fal-ai/imagen4/preview/fast: text-to-image.

    Generate images using Google's Imagen 4 Fast model.

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/fast/api
    """

    def run(self, /, **input: Unpack[Imagen4PreviewFastInput]) -> Imagen4PreviewFastOutput:
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
        **input: Unpack[Imagen4PreviewFastInput],
    ) -> Imagen4PreviewFastOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`Imagen4PreviewFastInput`):
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
        **input: Unpack[Imagen4PreviewFastInput],
    ) -> RequestHandle[Imagen4PreviewFastOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncImagen4PreviewFast(AsyncEndpoint[Imagen4PreviewFastInput, Imagen4PreviewFastOutput], spec=SPEC):
    """fal-ai/imagen4/preview/fast: text-to-image.

    Generate images using Google's Imagen 4 Fast model.

    Documentation: https://fal.ai/models/fal-ai/imagen4/preview/fast/api
    """

    async def run(self, /, **input: Unpack[Imagen4PreviewFastInput]) -> Imagen4PreviewFastOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `Imagen4PreviewFast.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[Imagen4PreviewFastInput],
    ) -> Imagen4PreviewFastOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `Imagen4PreviewFast.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[Imagen4PreviewFastInput],
    ) -> AsyncRequestHandle[Imagen4PreviewFastOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `Imagen4PreviewFast.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

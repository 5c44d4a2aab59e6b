# Generated from specs/fal-ai/ideogram/v2.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/ideogram/v2: text-to-image."""

from typing import Literal

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
from ...models._plain_image import PlainImage

__all__ = [
    "AsyncIdeogramV2",
    "IdeogramV2",
    "IdeogramV2Input",
    "IdeogramV2Output",
    "PlainImage",
]


class IdeogramV2Input(TypedDict, total=False, closed=True):
    prompt: Required[str]
    """Example: `"A comic style illustration of a skeleton sitting on a toilet in a bathroom. The bathroom has a Halloween decoration with a pumpkin jack-o-lantern and bats flying around. There is a text above the skeleton that says \\"Just Waiting for Halloween with Ideogram 2.0 at fal.ai\\""`."""

    aspect_ratio: Literal["10:16", "16:10", "9:16", "16:9", "4:3", "3:4", "1:1", "1:3", "3:1", "3:2", "2:3"]
    """The aspect ratio of the generated image

    Default: `"1:1"`.
    """

    expand_prompt: bool
    """Whether to expand the prompt with MagicPrompt functionality.

    Default: `True`.
    """

    seed: int | None
    """Seed for the random number generator"""

    style: Literal["auto", "general", "realistic", "design", "render_3D", "anime"]
    """The style of the generated image

    Default: `"auto"`.
    """

    sync_mode: bool
    """If set to true, the function will wait for the image to be generated and uploaded before
    returning the response. This will increase the latency of the function but it allows you to get
    the image directly in the response without going through the CDN.

    Default: `False`.
    """

    negative_prompt: str
    """A negative prompt to avoid in the generated image

    Default: `""`.
    """


class IdeogramV2Output(FalModel):
    images: list[PlainImage]
    """Example: `[{"url": "https://fal.media/files/monkey/cNaoxPl0YAWYb-QVBvO9F_image.png"}]`."""

    seed: int
    """Seed used for the random number generator

    Example: `123456`.
    """


SPEC = EndpointSpec(
    id="fal-ai/ideogram/v2",
    input=IdeogramV2Input,
    output=IdeogramV2Output,
)


class IdeogramV2(Endpoint[IdeogramV2Input, IdeogramV2Output], spec=SPEC):
    """fal-ai/ideogram/v2: text-to-image.

    Ideogram's state-of-the-art image generation model. Can be used as an API directly from fal.

    Documentation: https://fal.ai/models/fal-ai/ideogram/v2/api
    """

    def run(self, /, **input: Unpack[IdeogramV2Input]) -> IdeogramV2Output:
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
        **input: Unpack[IdeogramV2Input],
    ) -> IdeogramV2Output:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`IdeogramV2Input`):
                prompt (required)
                aspect_ratio (default "1:1"): The aspect ratio of the generated image
                expand_prompt (default True): Whether to expand the prompt with MagicPrompt functionality.
                seed (optional): Seed for the random number generator
                style (default "auto"): The style of the generated image
                sync_mode (default False): If set to true, the function will wait for the image to be generated and …
                negative_prompt (default ""): A negative prompt to avoid in the generated image
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[IdeogramV2Input],
    ) -> RequestHandle[IdeogramV2Output]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncIdeogramV2(AsyncEndpoint[IdeogramV2Input, IdeogramV2Output], spec=SPEC):
    """fal-ai/ideogram/v2: text-to-image.

    Ideogram's state-of-the-art image generation model. Can be used as an API directly from fal.

    Documentation: https://fal.ai/models/fal-ai/ideogram/v2/api
    """

    async def run(self, /, **input: Unpack[IdeogramV2Input]) -> IdeogramV2Output:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `IdeogramV2.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[IdeogramV2Input],
    ) -> IdeogramV2Output:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `IdeogramV2.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[IdeogramV2Input],
    ) -> AsyncRequestHandle[IdeogramV2Output]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `IdeogramV2.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

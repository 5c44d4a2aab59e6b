# Generated from specs/fal-ai/recraft/v2/text-to-image.json by `fal-typed-generator regenerate`; do not edit.
"""fal-ai/recraft/v2/text-to-image: text-to-image."""

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
    SequenceNotStr,
    run,
    submit,
    subscribe,
)
from ....models._plain_image import PlainImage
from ....params._image_size import ImageSize
from ....params._rgb_color import RGBColor

__all__ = [
    "AsyncRecraftV2TextToImage",
    "ImageSize",
    "PlainImage",
    "RGBColor",
    "RecraftV2TextToImage",
    "RecraftV2TextToImageInput",
    "RecraftV2TextToImageOutput",
]


class RecraftV2TextToImageInput(TypedDict, total=False, closed=True):
    prompt: Required[Annotated[str, Field(min_length=1, max_length=1000)]]
    """Length: at least 1, at most 1000 characters.

    Example: `"a red panda in Kyoto"`.
    """

    image_size: (
        ImageSize | Literal["square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
    )
    """Default: `"square_hd"`."""

    style: Literal[
        "any",
        "realistic_image",
        "digital_illustration",
        "vector_illustration",
        "realistic_image/b_and_w",
        "realistic_image/enterprise",
        "realistic_image/hard_flash",
        "realistic_image/hdr",
        "realistic_image/motion_blur",
        "realistic_image/natural_light",
        "realistic_image/studio_portrait",
        "digital_illustration/2d_art_poster",
        "digital_illustration/2d_art_poster_2",
        "digital_illustration/3d",
        "digital_illustration/80s",
        "digital_illustration/engraving_color",
        "digital_illustration/glow",
        "digital_illustration/grain",
        "digital_illustration/hand_drawn",
        "digital_illustration/hand_drawn_outline",
        "digital_illustration/handmade_3d",
        "digital_illustration/infantile_sketch",
        "digital_illustration/kawaii",
        "digital_illustration/pixel_art",
        "digital_illustration/psychedelic",
        "digital_illustration/seamless",
        "digital_illustration/voxel",
        "digital_illustration/watercolor",
        "vector_illustration/cartoon",
        "vector_illustration/doodle_line_art",
        "vector_illustration/engraving",
        "vector_illustration/flat_2",
        "vector_illustration/kawaii",
        "vector_illustration/line_art",
        "vector_illustration/line_circuit",
        "vector_illustration/linocut",
        "vector_illustration/seamless",
        "icon/broken_line",
        "icon/colored_outline",
        "icon/colored_shapes",
        "icon/colored_shapes_gradient",
        "icon/doodle_fill",
        "icon/doodle_offset_fill",
        "icon/offset_fill",
        "icon/outline",
        "icon/outline_gradient",
        "icon/uneven_fill",
    ]
    """The style of the generated images. Vector images cost 2X as much.

    Default: `"realistic_image"`.
    """

    colors: SequenceNotStr[RGBColor]
    """An array of preferable colors

    Default: `[]`.
    """

    style_id: str | None
    """The ID of the custom style reference (optional)"""

    enable_safety_checker: bool
    """If set to true, the safety checker will be enabled.

    Default: `False`.
    """


class RecraftV2TextToImageOutput(FalModel):
    images: list[PlainImage]
    """Example: `[{"url": "https://fal.media/files/penguin/852yy3l5DGLmrwAK42RTB_image.webp"}]`."""


SPEC = EndpointSpec(
    id="fal-ai/recraft/v2/text-to-image",
    input=RecraftV2TextToImageInput,
    output=RecraftV2TextToImageOutput,
)


class RecraftV2TextToImage(Endpoint[RecraftV2TextToImageInput, RecraftV2TextToImageOutput], spec=SPEC):
    """fal-ai/recraft/v2/text-to-image: text-to-image.

    Recraft V2

    Documentation: https://fal.ai/models/fal-ai/recraft/v2/text-to-image/api
    """

    def run(self, /, **input: Unpack[RecraftV2TextToImageInput]) -> RecraftV2TextToImageOutput:
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
        **input: Unpack[RecraftV2TextToImageInput],
    ) -> RecraftV2TextToImageOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs (`RecraftV2TextToImageInput`):
                prompt (required)
                image_size (default "square_hd")
                style (default "realistic_image"): The style of the generated images.
                colors (default []): An array of preferable colors
                style_id (optional): The ID of the custom style reference (optional)
                enable_safety_checker (default False): If set to true, the safety checker will be enabled.
        """
        return subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[RecraftV2TextToImageInput],
    ) -> RequestHandle[RecraftV2TextToImageOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `subscribe` lists them.
        """
        return submit(self, input, webhook_url=webhook_url)


class AsyncRecraftV2TextToImage(AsyncEndpoint[RecraftV2TextToImageInput, RecraftV2TextToImageOutput], spec=SPEC):
    """fal-ai/recraft/v2/text-to-image: text-to-image.

    Recraft V2

    Documentation: https://fal.ai/models/fal-ai/recraft/v2/text-to-image/api
    """

    async def run(self, /, **input: Unpack[RecraftV2TextToImageInput]) -> RecraftV2TextToImageOutput:
        """Call the model directly, without the queue, and return its output.

        A connection that breaks loses the result; `subscribe` does not.

        Args:
            **input: The model's inputs; `RecraftV2TextToImage.subscribe` lists them.
        """
        return await run(self, input)

    async def subscribe(
        self,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **input: Unpack[RecraftV2TextToImageInput],
    ) -> RecraftV2TextToImageOutput:
        """Queue a request, wait for it, and return the model's output.

        Args:
            logs: Whether the updates carry the model's log lines.
            on_queue_update: Called with each change of the request's status.
            **input: The model's inputs; `RecraftV2TextToImage.subscribe` lists them.
        """
        return await subscribe(self, input, logs=logs, on_queue_update=on_queue_update)

    async def submit(
        self,
        /,
        *,
        webhook_url: str | None = None,
        **input: Unpack[RecraftV2TextToImageInput],
    ) -> AsyncRequestHandle[RecraftV2TextToImageOutput]:
        """Queue a request and return at once, with a handle to it.

        Args:
            webhook_url: Where fal posts the result when it is ready.
            **input: The model's inputs; `RecraftV2TextToImage.subscribe` lists them.
        """
        return await submit(self, input, webhook_url=webhook_url)

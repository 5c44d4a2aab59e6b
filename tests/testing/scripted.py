"""An endpoint of a document of its own, a notebook that knows it, and what fills it up."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required

from pydantic import Field
from runtime.files.remote_file import RemoteFile
from runtime.inputs.spec import EndpointSpec
from runtime.outputs.model import FalModel
from runtime.testing.clock import FakeClock
from runtime.testing.scripting.endpoint import EndpointFake
from runtime.testing.scripting.notebook import Notebook
from runtime.testing.scripting.script import Call, CallOptions, UploadedFile
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runtime.testing.scripting.script import CallKind, Play

USUAL: dict[str, Any] = {
    "images": [{"url": "https://v3.fal.media/usual.png", "width": 1024, "height": 768, "content_type": "image/png"}],
    "seed": 7,
    "kind": "a",
}


class Input(TypedDict, total=False, closed=True):
    prompt: Required[str]
    image_url: str
    num_images: int
    from_: Annotated[str, Field(alias="from")]


class Image(RemoteFile):
    width: int
    height: int
    content_type: str | None = None


class Output(FalModel):
    images: list[Image]
    seed: int
    kind: Literal["a", "b"] = "a"
    from_: Annotated[str | None, Field(alias="from")] = None
    main: Image | str | None = None


class Cat(FalModel):
    type: Literal["cat"]
    lives: int


class Dog(FalModel):
    type: Literal["dog"]
    name: str


Animal = Annotated[Cat | Dog, Field(discriminator="type")]
SPEC = EndpointSpec(id="me/app/paint", path="me/app/paint", input=Input, output=Output, renamed=True)
PETS = EndpointSpec(id="me/app/pets", path="me/app/pets", output=Animal)


class Scene:
    """A notebook, and calls of the endpoint as the service would note and play them."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.notebook = Notebook(self.clock, lambda call: dict(USUAL), spec={SPEC.id: SPEC, PETS.id: PETS}.__getitem__)
        self.paint: EndpointFake[Input, Output] = EndpointFake(self.notebook, SPEC)
        self._numbers = itertools.count(1)

    def call(
        self,
        spec: EndpointSpec = SPEC,
        kind: CallKind = "submit",
        webhook_url: str | None = None,
        files: Mapping[str, UploadedFile] | None = None,
        **input: Any,
    ) -> Play:
        """Ask for something, and see what comes of it."""
        call = Call(spec.id, input, f"req-{next(self._numbers)}", kind, CallOptions(webhook_url), files=files or {})
        self.notebook.note(call)
        script = self.notebook.script(spec.id)
        assert script is not None
        play = script.play(call)
        self.notebook.ended(call, play)
        return play

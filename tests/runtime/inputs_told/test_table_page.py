"""The page of help on an endpoint: its words, and the table of its inputs."""

from __future__ import annotations

import inspect
import pydoc
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required

import pytest
from fal_typed import AsyncFal, Fal
from fal_typed._registry import ENDPOINTS
from fal_typed._runtime.inputs.spec import EndpointSpec
from fal_typed._runtime.inputs_told import rows
from fal_typed._runtime.inputs_told.page import page_of
from fal_typed._runtime.inputs_told.rows import rows_of
from fal_typed._runtime.schemas import Schemas
from pydantic import Field
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

# What stands behind the words on `fal-ai/flux-1/schnell`, from the first input to the second.
BEGINNING = """\
Inputs (* must be given):
    prompt *                  str
                              The prompt to generate an image from.
    image_size                "square_hd" | "square" | "portrait_4_3" | "portrait_16_9" |
                              "landscape_4_3" | "landscape_16_9" | ImageSize, default
                              "landscape_4_3"
                              The size of the generated image.
    num_inference_steps       int, 1 to 12, default 4
"""
END = """\
Objects, given as dicts (* must be in them):
    ImageSize
        "width": int, above 0, at most 14,142
        "height": int, above 0, at most 14,142"""


@pytest.mark.parametrize("kind", [Fal, AsyncFal])
def test_the_page_of_an_endpoint(kind: Any) -> None:
    schnell = kind("id:secret").flux_1.schnell
    for page in (schnell.__doc__, type(schnell).__doc__, inspect.getdoc(schnell)):
        assert page.startswith("fal-ai/flux-1/schnell: text-to-image.\n\nFLUX.1 [schnell], turbo mode")
        assert BEGINNING in page
        assert page.endswith(END)


def test_the_page_of_a_verb() -> None:
    verb: Any = Fal("id:secret").flux_1.schnell.subscribe
    page = verb.getdoc()
    assert page.startswith("Queue a request, wait for it, and return the model's output.\n\nArgs:\n    logs: Whether")
    assert page.endswith(END)
    assert page.count("prompt *") == 1
    assert "prompt (required)" not in page
    assert "Args:" not in AsyncFal("id:secret").flux_1.schnell.run.getdoc()  # type: ignore[attr-defined]


@pytest.mark.parametrize("endpoint_id", ENDPOINTS)
def test_members_and_ranges_of_every_endpoint(endpoint_id: str) -> None:
    endpoint: Any = Fal("id:secret").endpoints[endpoint_id]  # type: ignore[literal-required]
    lines = [line.strip() for line in endpoint.__doc__.splitlines()]
    text = " ".join(lines)
    for row in rows_of("fal_typed", endpoint._spec):
        assert any(line.startswith(row.name) for line in lines)
        assert row.range in text
        assert all(f'"{one}"' in text for one in row.members)
    assert max(map(len, endpoint.__doc__.splitlines())) <= 100


def test_help_of_python_itself() -> None:
    page = pydoc.plain(pydoc.render_doc(Fal("id:secret").flux_1.schnell.run))
    assert "num_inference_steps: int = 4" in page
    assert "num_inference_steps       int, 1 to 12, default 4" in pydoc.plain(
        pydoc.render_doc(Fal("id:secret").flux_1.schnell)
    )


class Leaf(TypedDict, total=False):
    weight: Annotated[float, Field(ge=0, le=1)]
    tree: Tree


class Tree(TypedDict, total=False):
    leaves: Required[list[Leaf]]


class Input(TypedDict, total=False):
    a_name_that_is_longer_than_its_column: Tree | None
    voice: Literal["a" * 90, "b" * 90, "c" * 90, "\x1b[2J"]  # type: ignore[valid-type]
    image_url: str


def page(monkeypatch: pytest.MonkeyPatch, properties: Mapping[str, Any]) -> str:
    said = Schemas(input={"properties": properties}, output={})
    monkeypatch.setattr(rows, "schemas_of", lambda *_: said)
    media: Any = {"image_url": {"max_file_size": 1 << 20}}
    return page_of("a", EndpointSpec(id="a/b", input=Input, media=media), "A model.")


def test_everything_that_a_page_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    described = {"description": f"{'word ' * 200}\n\nMore.", "default": "x " * 200}
    found = page(monkeypatch, {"image_url": described})
    lines = found.splitlines()
    at = lines.index("    a_name_that_is_longer_than_its_column")
    assert lines[at + 1].strip() == "Tree | None"
    assert "Values:" in found
    assert f'{"b" * 90}"' in found
    assert "Files: at most 1 MiB." in found
    assert "More." not in found
    assert found.count("word") < 100
    assert lines[-1].strip() == '"tree": Tree'
    assert found.endswith(
        'Objects, given as dicts (* must be in them):\n    Tree\n        "leaves" *: list[Leaf]\n'
        '    Leaf\n        "weight": float, 0 to 1\n        "tree": Tree'
    )


def test_a_default_may_be_two_hundred_characters_long(monkeypatch: pytest.MonkeyPatch) -> None:
    for length in (200, 201):
        said = ("x " * 100)[: length - 3] + "y"
        found = " ".join(page(monkeypatch, {"image_url": {"default": said}}).split())
        assert (f'default "{said}"' in found) == (length == 200)


def test_hostile_words_do_a_terminal_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = {"description": "\x1b[2J\u202e\x9b", "default": ["\x1b]0;x\x07", "\u202e"], "examples": ["\x1b"]}
    found = page(monkeypatch, dict.fromkeys(("image_url", "voice"), hostile))
    assert found.replace("\n", "").isprintable()

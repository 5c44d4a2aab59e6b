"""Which endpoints stream, and what is known of their events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.parse.load import is_stream

if TYPE_CHECKING:
    from support import Project


def module(project: Project, name: str) -> str:
    project.regenerate()
    return (project.output / "fal_typed" / "endpoints" / f"{name}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("endpoint_id", "expected"),
    [
        ("fal-ai/flux-lora/stream", True),
        ("fal-ai/speech-to-text/turbo/stream", True),
        ("me/stream", False),
        ("fal-ai/flux-lora", False),
        ("fal-ai/stream/flux", False),
        ("fal-ai/a/upstream", False),
    ],
)
def test_an_id_tells_that_it_is_a_stream(endpoint_id: str, expected: bool) -> None:
    assert is_stream(endpoint_id) is expected


def test_only_what_streams_has_the_verb(project: Project) -> None:
    project.add("fal-ai/a")
    project.add("fal-ai/b")
    (project.specs / "endpoints.toml").write_text('["fal-ai/a"]\nstreams = true\n["fal-ai/b"]\n', encoding="utf-8")
    streaming, other = module(project, "a"), module(project, "b")
    assert "def stream(self, /, **input: Unpack[AInput]) -> Stream[dict[str, Any], AOutput]:" in streaming
    assert "def stream(self, /, **input: Unpack[AInput]) -> AsyncStream[dict[str, Any], AOutput]:" in streaming
    assert "event=" not in streaming
    assert "tream" not in other


def test_the_document_of_a_stream_types_its_events(project: Project) -> None:
    project.add("fal-ai/a/stream")
    text = module(project, "a/stream_")
    assert "-> Stream[AStreamOutput, AStreamOutput]:" in text
    assert "event=AStreamOutput," in text


def test_a_stream_whose_document_says_nothing_has_dicts(project: Project) -> None:
    project.add("fal-ai/a/stream", output={})
    text = module(project, "a/stream_")
    assert "-> Stream[dict[str, Any], AStreamOutput]:" in text
    assert "event=" not in text


def test_the_table_has_the_last_word(project: Project) -> None:
    project.add("fal-ai/a/stream")
    (project.specs / "endpoints.toml").write_text('["fal-ai/a/stream"]\nstreams = false\n', encoding="utf-8")
    assert "def stream(" not in module(project, "a/stream_")

"""What a test may say of the calls that were made, and how it is told where they differ."""

from __future__ import annotations

import unittest
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from runtime.testing.scripting.script import UploadedFile

from .scripted import Image, Scene


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.paint.returns(seed=1)
    return made


def said(expectation: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        expectation(*args, **given)
    return str(caught.value)


def test_nothing_was_called(scene: Scene) -> None:
    scene.paint.assert_not_called()
    assert scene.paint.call_count == 0
    for expectation in (
        scene.paint.assert_called,
        scene.paint.assert_called_once,
        scene.paint.assert_called_once_with,
        scene.paint.assert_any_call,
        scene.paint.assert_called_with,
    ):
        assert said(expectation) == "me/app/paint was not called"


def test_one_call(scene: Scene) -> None:
    scene.call(prompt="a", num_images=2)
    scene.paint.assert_called()
    scene.paint.assert_called_once()
    scene.paint.assert_called_once_with(prompt="a", num_images=2)
    scene.paint.assert_called_once_with(prompt=ANY, num_images=2)
    scene.paint.assert_any_call(num_images=2, prompt="a")
    assert scene.paint.call_count == len(scene.paint.calls) == 1
    call = scene.paint.calls[0]
    assert (call.endpoint_id, call.verb, call.outcome, call.request_id) == (
        "me/app/paint",
        "submit",
        "succeeded",
        "req-1",
    )
    assert call.input["prompt"] == "a"
    assert (
        said(scene.paint.assert_not_called)
        == "me/app/paint was called once:\n  me/app/paint.submit(prompt='a', num_images=2)"
    )


def test_a_difference_is_told_field_by_field(scene: Scene) -> None:
    scene.call(prompt="a red pandaa", seed=7)
    text = said(scene.paint.assert_called_once_with, prompt="a red panda", num_images=2)
    assert text == (
        "me/app/paint was not called with this input.\n"
        "  prompt:     expected 'a red panda'\n"
        "              was      'a red pandaa'\n"
        "  num_images: expected 2\n"
        "              was      nothing\n"
        "  seed:       expected nothing\n"
        "              was      7"
    )


def test_an_expectation_of_no_input_is_told(scene: Scene) -> None:
    scene.call(prompt="a")
    text = said(scene.paint.assert_called_once_with, promt="a")
    assert "promt is not an input of this endpoint; did you mean 'prompt'?" in text


def test_nested_fields_and_lists(scene: Scene) -> None:
    scene.call(size={"width": 1, "height": 2}, points=[[1, 2], [3, 4]])
    scene.paint.assert_called_once_with(size={"height": 2, "width": 1}, points=((1, 2), (3, 4)))
    text = said(scene.paint.assert_called_once_with, size={"width": 1, "height": 3}, points=[[1, 2], [3, 5]])
    assert "size.height: expected 3" in text
    assert "points.1.1:  expected 5" in text


def test_true_is_not_one(scene: Scene) -> None:
    scene.call(prompt="", num_images=1)
    assert "num_images: expected True" in said(scene.paint.assert_called_once_with, prompt="", num_images=True)


def test_the_nearest_of_several_calls_is_shown(scene: Scene) -> None:
    scene.call(prompt="x", num_images=9)
    scene.call(prompt="b", num_images=2)
    scene.paint.assert_any_call(prompt="x", num_images=9)
    scene.paint.assert_called_with(prompt="b", num_images=2)
    text = said(scene.paint.assert_any_call, prompt="a", num_images=2)
    assert "The nearest of 2 calls is calls[1]:\n  prompt: expected 'a'" in text
    assert "prompt: expected 'x'" in said(scene.paint.assert_called_with, prompt="x", num_images=2)
    once = said(scene.paint.assert_called_once_with, prompt="a")
    assert once.startswith("me/app/paint was called twice, not once:\n  me/app/paint.submit(prompt='x'")


def test_uploads_are_compared_by_what_is_in_them(scene: Scene, tmp_path: Path) -> None:
    url = "https://v3.fal.media/files/a/cat.png"
    scene.call(files={url: UploadedFile(url, "cat.png", "image/png", b"cat")}, image_url=url)
    (tmp_path / "cat.png").write_bytes(b"cat")
    scene.paint.assert_called_once_with(image_url=b"cat")
    scene.paint.assert_called_once_with(image_url=tmp_path / "cat.png")
    scene.paint.assert_called_once_with(image_url=url)
    (upload,) = scene.paint.calls[0].uploads
    assert (upload.content, upload.name, upload.content_type) == (b"cat", "cat.png", "image/png")
    text = said(scene.paint.assert_called_once_with, image_url=b"other")
    assert "image_url: expected an uploaded file of 5 bytes" in text
    assert "(an upload: cat.png, 3 bytes)" in text


def test_an_output_file_stands_for_its_url(scene: Scene) -> None:
    scene.call(image_url="https://v3.fal.media/a.png")
    scene.paint.assert_called_once_with(image_url=Image(url="https://v3.fal.media/a.png", width=1, height=1))


def test_renamed_inputs_have_the_names_of_python(scene: Scene) -> None:
    scene.call(**{"from": "x"})
    assert scene.paint.calls[0].input == {"from_": "x"}
    scene.paint.assert_called_once_with(from_="x")


def test_calls_are_a_sequence(scene: Scene) -> None:
    for prompt in "abc":
        scene.call(prompt=prompt)
    calls = scene.paint.calls
    assert [call.input["prompt"] for call in calls] == ["a", "b", "c"]
    assert [call.input["prompt"] for call in calls[1:]] == ["b", "c"]
    assert repr(calls) == "<3 calls of me/app/paint>"
    assert scene.notebook.calls().call_count == 3
    calls[:1].assert_called_once_with(prompt="a")


def test_a_call_is_shown_as_it_was_written(scene: Scene) -> None:
    scene.call(prompt="p" * 500, **{f"more_{number}": number for number in range(20)})
    shown = repr(scene.paint.calls[0])
    assert shown.startswith("<Call me/app/paint.submit(prompt='ppp")
    assert shown.endswith("more_8=8, …): succeeded>")
    assert len(shown) < 300


def test_many_calls_are_not_all_shown(scene: Scene) -> None:
    for _ in range(12):
        scene.call(prompt="a")
    assert said(scene.paint.assert_not_called).endswith("submit(prompt='a')\n  … (2 more)")


def test_pytest_shows_the_line_that_expects(scene: Scene) -> None:
    scene.call(prompt="b")
    for expectation in (scene.paint.assert_called_once_with, scene.notebook.calls().assert_called_once_with):
        with pytest.raises(AssertionError) as caught:
            expectation(prompt="a")
        assert {Path(entry.path).name for entry in caught.traceback.filter(caught)} == {"test_calls.py"}


def test_unittest_shows_the_line_that_expects(scene: Scene) -> None:
    class Test(unittest.TestCase):
        def runTest(self) -> None:
            scene.paint.assert_called_once_with(prompt="a")

    scene.call(prompt="b")
    result = unittest.TestResult()
    Test().run(result)
    ((_, shown),) = result.failures
    assert "test_calls.py" in shown
    assert "endpoint.py" not in shown
    assert "/calls.py" not in shown

"""How many units a call takes at most, as its input tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from runtime.batch.costs.units import Input, UnknownUnitsError, units_of
from runtime.errors import UNITS_HEADER, billable_units
from runtime.journal.money import OUTPUT_UNITS, unit_of

PROMPT = {"prompt": {"type": "string"}}
IMAGES = {
    **PROMPT,
    "num_images": {"default": 1},
    "image_size": {"default": "landscape_4_3"},
    "loras": {"default": []},
    "image_url": {},
}
VIDEO = {
    **PROMPT,
    "duration": {"default": "5s"},
    "resolution": {"default": "720p"},
    "seed": {},
    "image_url": {},
    "video_url": {},
}
FRAMES = {**PROMPT, "num_frames": {"default": 81}, "frames_per_second": {"default": 16}, "video_size": {}}
SPEECH = {"text": {}, "voice": {"default": "Ann"}, "audio_url": {}}


@pytest.mark.parametrize(
    ("unit", "properties", "given", "units"),
    [
        ("images", IMAGES, {}, 1),
        (" Image ", IMAGES, {"num_images": 4}, 4),
        ("images", IMAGES, {"num_images": None}, 1),
        ("images", IMAGES, {"image_url": Path("a.png")}, 1),
        ("images", PROMPT, {}, 1),
        ("images", None, {"num_images": 3}, 3),
        ("images", {**IMAGES, "max_images": {"default": 1}}, {"num_images": 2, "max_images": 3}, 6),
        ("requests", IMAGES, {}, 1),
        ("requests", None, {}, 1),
        ("videos", VIDEO, {}, 1),
        ("megapixels", IMAGES, {}, 1),
        ("megapixels", IMAGES, {"image_size": "square_hd", "num_images": 2}, 4),
        ("megapixels", IMAGES, {"image_size": {"width": 2000, "height": 1000}}, 2),
        ("megapixels", IMAGES, {"image_size": {"width": 2000, "height": 1001}}, 3),
        ("megapixels", IMAGES, {"image_size": "1536x1024"}, 2),
        ("megapixels", {"width": {"default": 1000}, "height": {"default": 1000}}, {}, 1),
        ("megapixels", IMAGES, {"loras": [{"path": "https://x/a.safetensors"}]}, 1),
        ("megapixels", FRAMES, {"video_size": {"width": 1000, "height": 1000}}, 81),
        ("seconds", VIDEO, {}, 5.1),
        ("second", VIDEO, {"duration": 8}, 8.1),
        ("seconds", VIDEO, {"duration": "10", "image_url": "https://x/a.png"}, 10.1),
        ("seconds", FRAMES, {}, 81 / 16 + 0.1),
        ("seconds", VIDEO, {"shots": [{"prompt": "a"}], "loras": ["x"]}, 5.1),
        ("5 seconds", VIDEO, {}, 1),
        ("5 seconds", VIDEO, {"duration": 6}, 2),
        ("minutes", VIDEO, {}, 1),
        ("minutes", VIDEO, {"duration": 61}, 2),
        ("1000 characters", SPEECH, {"text": "x" * 997}, 1),
        ("1000 characters", SPEECH, {"text": "x" * 998}, 2),
        ("characters", {"inputs": {}}, {"inputs": [{"text": "ab"}, {"text": "c"}]}, 3),
    ],
)
def test_units_are_told_by_the_input(unit: str, properties: Any, given: Any, units: float) -> None:
    assert units_of(unit, Input(given, properties)) == pytest.approx(units)


@pytest.mark.parametrize(
    ("unit", "properties", "given", "why"),
    [
        ("compute seconds", IMAGES, {}, "fal charges for it by 'compute seconds'"),
        ("units", IMAGES, {}, "by 'units'"),
        ("1m tokens", IMAGES, {}, "by '1m tokens'"),
        ("credits", IMAGES, {}, "by 'credits'"),
        ("processed megapixels", IMAGES, {}, "by 'processed megapixels'"),
        ("", IMAGES, {}, "by ''"),
        ("images", None, {}, "unless `num_images` is given"),
        ("images", {"num_images": {}}, {}, "unless `num_images` is given"),
        ("images", IMAGES, {"num_images": "many"}, "unless `num_images` is given"),
        ("images", IMAGES, {"num_images": True}, "unless `num_images` is given"),
        ("megapixels", IMAGES, {"image_size": "auto"}, "its size is not known"),
        ("megapixels", IMAGES, {"image_size": {"width": 9}}, "its size is not known"),
        ("megapixels", PROMPT, {}, "its size is not known"),
        ("megapixels", IMAGES, {"image_url": "https://x/a.png"}, "the pixels of `image_url` may count"),
        ("megapixels", IMAGES, {"image_url": b"PNG"}, "the pixels of `image_url` may count"),
        ("megapixels", VIDEO, {}, "how many frames"),
        ("seconds", PROMPT, {}, "how long it gets is not known"),
        ("seconds", VIDEO, {"duration": "auto"}, "how long it gets is not known"),
        ("seconds", VIDEO, {"video_url": "https://x/a.mp4"}, "as long as `video_url`"),
        ("seconds", VIDEO, {"shots": [{"prompt": "a", "duration": 9}]}, "made of parts"),
        ("1000 characters", SPEECH, {"text": "a", "audio_url": "data:audio/wav;base64,"}, "`audio_url` may hold text"),
        ("1000 characters", {"inputs": {}}, {}, "no text"),
    ],
)
def test_what_the_input_does_not_tell_is_refused(unit: str, properties: Any, given: Any, why: str) -> None:
    with pytest.raises(UnknownUnitsError, match=why):
        units_of(unit, Input(given, properties))


@pytest.mark.parametrize(
    ("name", "said", "value", "is_refused"),
    [
        ("resolution", {"default": "720p"}, "4k", True),
        ("resolution", {"default": "720p"}, "720p", False),
        ("resolution", {"default": "720p"}, None, False),
        ("generate_audio", {"default": False}, True, True),
        ("style", {"description": "Vector images cost twice as much.", "default": "any"}, "vector", True),
        ("style", {"description": "Vector images cost twice as much.", "default": "any"}, "any", False),
        ("pro", {"description": "Is billed at the double rate."}, True, True),
        ("scale", {"description": "Higher values add detail at the cost of diversity."}, 2, False),
        ("loud", {"description": "The cost is the same with it."}, True, False),
        ("seed", {"description": "The price of luck"}, 7, True),
    ],
)
def test_an_input_that_changes_the_price_is_refused_unless_it_is_as_usual(
    name: str, said: Any, value: Any, is_refused: bool
) -> None:
    given = Input({"prompt": "a", name: value}, {**IMAGES, name: said})
    if not is_refused:
        assert units_of("images", given) == 1
        return
    with pytest.raises(UnknownUnitsError, match=f"`{name}` changes what it costs, and no document says by how much"):
        units_of("images", given)


@pytest.mark.parametrize("unit", sorted(OUTPUT_UNITS))
def test_every_unit_of_an_output_can_be_told(unit: str) -> None:
    everything = {"num_images": 1, "image_size": "square", "prompt": "a"}
    assert units_of(unit, Input(everything | ({"duration": 5} if unit in ("second", "minute") else {}), None)) > 0


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("images", (None, "image")),
        ("1000 characters ", (1000, "character")),
        ("per 5 seconds", (5, "second")),
        ("compute seconds", None),
        ("0 images", None),
        ("1,000 characters", None),
    ],
)
def test_a_unit_is_read(text: str, unit: Any) -> None:
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "units"), [("1.5", 1.5), ("0", 0.0), ("", None), ("a", None), ("nan", None), ("inf", None), ("-1", None)]
)
def test_what_fal_counted_is_a_number_of_units(text: str, units: float | None) -> None:
    """Anything else would make every sum useless, and no limit would hold."""
    assert billable_units({UNITS_HEADER: text}) == units

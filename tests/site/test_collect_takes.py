"""The kinds of input that people look for."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from collected import collected, only
from corpus.corpus import documents
from corpus.folder import IS_HERE
from support import INTEGER, STRING, obj, ref

from generator.site.collect.takes import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from support import Project

STRINGS = {"type": "array", "items": STRING}
MAYBE = {"anyOf": [STRING, {"type": "null"}]}
BOOLEAN = {"type": "boolean"}


@pytest.mark.parametrize(
    ("properties", "kinds"),
    [
        ({"prompt": STRING, "seed": INTEGER}, "a prompt, a seed"),
        ({"negative_prompt": MAYBE}, "a negative prompt"),
        ({"system_prompt": STRING, "text_prompt": STRING}, "a prompt, a system prompt"),
        ({"enhance_prompt": BOOLEAN, "prompt_strength": {"type": "number"}}, ""),
        ({"prompts": STRINGS, "lyrics_prompt": STRING}, "a prompt, lyrics"),
        ({"text": STRING}, "a text to speak or write"),
        ({"image_url": STRING}, "an image"),
        ({"image_urls": STRINGS}, "an image, several images"),
        ({"mask_url": STRING, "image_url": STRING}, "an image, a mask"),
        ({"mask_video_url": STRING}, "a mask"),
        ({"apply_mask": BOOLEAN, "mask_start": INTEGER}, ""),
        ({"ref_image_urls": STRINGS}, "an image, several images, a reference image"),
        ({"image_url": STRING, "end_image_url": MAYBE}, "an image, a last frame"),
        ({"first_frame_url": STRING, "last_frame_url": STRING}, "an image, a last frame"),
        ({"video_urls": STRINGS}, "a video, several videos"),
        ({"audio_url": STRING}, "audio"),
        ({"generate_audio": BOOLEAN}, ""),
        ({"training_data_url": STRING}, "training data"),
        ({"model_file_url": STRING}, "a file of another kind"),
        ({"webhook_url": STRING}, ""),
        ({"model_seed": INTEGER}, "a seed"),
        ({"image_size": ref("Size")}, "an image size"),
        ({"image_size": STRING}, ""),
        ({"max_image_size": INTEGER, "font_size": INTEGER}, ""),
        ({"aspect_ratio": STRING, "resolution": STRING}, "an aspect ratio, a resolution"),
        (
            {"num_images": INTEGER, "duration": INTEGER, "match_audio_duration": BOOLEAN},
            "a number of images, a duration",
        ),
        ({"duration_seconds": INTEGER, "style_name": STRING}, "a duration, a style"),
        ({"max_chunk_duration_seconds": INTEGER, "font_name": STRING}, ""),
        ({"fps": INTEGER}, "a frame rate"),
        ({"frames_per_second": INTEGER, "match_input_fps": BOOLEAN}, "a frame rate"),
        ({"sample_rate": INTEGER, "bit_rate": STRING}, ""),
        ({"style": STRING, "voice_id": STRING, "target_lang": STRING}, "a style, a voice, a language"),
        ({"loras": {"type": "array", "items": ref("LoraWeight")}}, "a LoRA"),
        ({"camera_lora_scale": {"type": "number"}}, ""),
        ({"controlnets": {"type": "array", "items": ref("ControlNet")}}, "an image, several images, a ControlNet"),
        ({"elements": {"type": "array", "items": ref("Element")}}, "an image, several images, a reference image"),
        ({"": STRING, "_": STRING}, ""),
    ],
)
def test_kinds(properties: dict[str, Any], kinds: str, tmp_path: Path) -> None:
    components = {
        "Size": obj({"width": INTEGER}),
        "LoraWeight": obj({"path": STRING, "scale": {"type": "number"}}),
        "ControlNet": obj({"control_image_url": STRING}),
        "Element": obj({"reference_image_urls": STRINGS, "prompt": STRING}),
    }
    assert ", ".join(only(tmp_path, input=obj(properties), components=components).takes) == kinds


@pytest.mark.slow
def test_every_line_of_the_table_is_of_use(project: Project) -> None:
    """Over all documents: no kind that a single endpoint has by accident, and none that most have."""
    for endpoint_id, data in documents().items():
        project.put(endpoint_id, json.dumps(data))
    found = Counter(kind for one in collected(project).endpoints for kind in one.takes)
    if IS_HERE:
        assert {one.kind for one in KINDS} == found.keys()
        assert min(found.values()) > 1
    assert max(found.values()) < 0.8 * len(documents())

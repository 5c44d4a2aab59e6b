"""What a text of an output says, by the name of its property."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r"(.*_)?(id|uuid|token|hash|key)")
_LANGUAGE = re.compile(r"(.*_)?(lang|language|language_code|locale)")
_SAID = ("prompt", "text", "query", "question", "instruction", "input", "lyrics", "message")
_FIXED = {
    "finish_reason": "stop",
    "role": "assistant",
    "status": "completed",
    "codec": "h264",
    "video_codec": "h264",
    "pixel_format": "yuv420p",
    "profile": "baseline",
    "container": "mp4",
    "aspect_ratio": "16:9",
    "timebase": "1/24",
    "currency": "USD",
    "gender": "neutral",
    "speaker": "speaker_0",
    "label": "object",
}
_LONGEST = 200


def phrase(name: str, input: Mapping[str, Any], token: str) -> str:
    """A text for a property, where nothing in the document says what it is like."""
    plain = name.lower()
    if plain in _FIXED:
        return _FIXED[plain]
    if _TOKEN.fullmatch(plain):
        return token[:12]
    if _LANGUAGE.fullmatch(plain):
        return "en"
    if plain.endswith(("color", "colour")):
        return f"#{token[:6]}"
    said = next((input[one] for one in _SAID if isinstance(input.get(one), str) and input[one]), "")
    words = plain.replace("_", " ").strip() or "text"
    return f"Made-up {words} for: {said[:_LONGEST]}" if said else f"Made-up {words} {token[:6]}"

"""Which kind of file stands at a place of an output: guessed from all that the document says of it."""

# design: What does the fake answer?

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..media.types import UNKNOWN, ending_of, kind_of, known, type_of
from .kinds import is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .asked import Asked

_ENDINGS = (
    "glb|gltf|fbx|obj|mtl|stl|ply|usdz|splat|zip|json|srt|vtt|csv|pdf|txt|npz|safetensors|svg|gif|png|jpe?g|webp|"
    "mp4|mov|webm|wav|mp3|m4a|aac|ogg|opus|flac"
)
_FORMAT = re.compile(rf"(?<![a-z])({_ENDINGS})(?![a-z0-9])", re.IGNORECASE)
_DOTTED = re.compile(rf"\.({_ENDINGS})\b", re.IGNORECASE)
# Endings by words in names.
_WORDS = (
    ("zip", "zip|archive|frames|dataset"),
    ("safetensors", "lora|weights|checkpoint|embedding"),
    ("json", "config|captions|lottie|metadata|timestamps"),
    ("svg", "vector"),
    ("png", "thumbnail|poster|spritesheet|masks?|preview_image|rendered_image"),
    ("mp4", "videos?|movie|animation|clip|avatar"),
    ("glb", "mesh|meshes|models?|3d|splats?|scene"),
    ("wav", "audios?|sounds?|music|song|speech|voice|tts|vocals?|bass|drums|guitar|piano|stems?|residual|track|sfx"),
    ("png", "images?|pictures?|photo|textures?|normal|roughness|metallic|albedo|base_color|depth|frame"),
    ("txt", "text|transcript"),
)
_KINDS = [(ending, re.compile(rf"(?<![a-z0-9])({words})(?![a-z0-9])")) for ending, words in _WORDS]
_FIELDS = (
    ("mp4", {"fps", "num_frames"}),
    ("wav", {"sample_rate", "channels", "bitrate"}),
    ("png", {"width", "height"}),
)


def ending_at(
    name: str, schema: Mapping[str, Any], *, told: Iterable[str], endpoint_id: str, asked: Asked
) -> tuple[str, str]:
    """The ending of the file at a place, and its media type.

    Args:
        name: Of the property.
        schema: Of the object that tells of the file, or of the URL alone.
        told: Descriptions of the place, and URLs in its examples.
        endpoint_id: Where nothing else tells, `…/text-to-video` does.
        asked: Formats that the input names.
    """
    properties: Mapping[str, Any] = schema.get("properties", {})
    words, label = _words(name), properties.get("content_type", {})
    label = label if is_object(label) else dict[str, Any]()
    literal = _FORMAT.search(words)
    found = literal[1].lower() if literal else _guessed(words, schema, told, label)
    found = found or _by_word(_words(endpoint_id.rpartition("-to-")[2])) or _by_word(_words(endpoint_id)) or "bin"
    wanted = asked.formats.get(kind_of(_type(found)))
    if wanted and not literal and (found == "glb" or kind_of(wanted) != "other"):
        found = ending_of(wanted)
    allowed = list(_named(label))
    if allowed and _type(found) not in allowed:
        found = ending_of(allowed[0])
    return found, _type(found)


def _guessed(words: str, schema: Mapping[str, Any], told: Iterable[str], label: Mapping[str, Any]) -> str | None:
    """By the words of names first, then by the fields of the object; what is told makes it more exact."""
    fields = schema.get("properties", {}).keys()
    found = _by_word(words) or _by_word(_words(schema.get("title", "")))
    found = found or next((ending for ending, those in _FIELDS if those & fields), None)
    told = list(told)
    for text in told:
        named = _DOTTED.search(text) or _FORMAT.search(text)
        if named and _is_more_exact(found, named[1].lower()):
            return named[1].lower()
    found = found or next(filter(None, (_by_word(_words(text)) for text in told)), None)
    usual = known(str(label.get("default")))
    return ending_of(usual) if usual and (not found or kind_of(usual) == kind_of(_type(found))) else found


def _is_more_exact(found: str | None, named: str) -> bool:
    """Whether what a text names is of the kind that was found, or what was found leaves open what kind it is."""
    kind = kind_of(_type(named))
    return found is None or (found == "glb" and kind == "other") or (kind != "other" and kind == kind_of(_type(found)))


def _named(label: dict[str, Any]) -> Iterator[str]:
    """The media types that a schema names as all that may be there."""
    branches: list[Any] = label.get("anyOf", [])
    for one in (label, *branches):
        if not is_object(one):
            continue
        values: list[Any] = [one["const"]] if "const" in one else one.get("enum", [])
        yield from filter(None, (known(str(value)) for value in values))


def _type(ending: str) -> str:
    return type_of(f"x.{ending}") or UNKNOWN


def _words(name: str) -> str:
    """`VideoFile` and `video-file` are `video_file`."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")


def _by_word(words: str) -> str | None:
    """By the last word that tells: `mask_1_mesh` is a mesh, `video_mask` a mask."""
    found = [(match.end(), -at) for at, (_, pattern) in enumerate(_KINDS) for match in pattern.finditer(words)]
    return _KINDS[-max(found)[1]][0] if found else None

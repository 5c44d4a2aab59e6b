"""The media types that files can be made of, and the endings of their names."""

from __future__ import annotations

from typing import Literal, TypeAlias

# What is asked of a file beside its type: a size, a size and a length, a length, or nothing.
Kind: TypeAlias = Literal["image", "video", "audio", "other"]

UNKNOWN = "application/octet-stream"
# Media type → kind and endings, the usual one first.
_TYPES: dict[str, tuple[Kind, str]] = {
    "image/png": ("image", "png"),
    "image/jpeg": ("image", "jpg jpeg"),
    "image/webp": ("image", "webp"),
    "image/gif": ("image", "gif"),
    "image/svg+xml": ("image", "svg"),
    "video/mp4": ("video", "mp4"),
    "video/quicktime": ("video", "mov"),
    "audio/wav": ("audio", "wav"),
    "audio/mpeg": ("audio", "mp3"),
    "audio/mp4": ("audio", "m4a"),
    "audio/aac": ("audio", "aac"),
    "audio/ogg": ("audio", "ogg opus"),
    "audio/flac": ("audio", "flac"),
    "model/gltf-binary": ("other", "glb"),
    "model/gltf+json": ("other", "gltf"),
    "model/obj": ("other", "obj"),
    "model/mtl": ("other", "mtl"),
    "model/stl": ("other", "stl"),
    "model/ply": ("other", "ply"),
    "model/vnd.usdz+zip": ("other", "usdz"),
    "application/zip": ("other", "zip"),
    "application/json": ("other", "json"),
    "application/x-subrip": ("other", "srt"),
    "application/pdf": ("other", "pdf"),
    "text/plain": ("other", "txt"),
    "text/vtt": ("other", "vtt"),
    "text/csv": ("other", "csv"),
    # These have no media type of their own: their endings say what they are.
    UNKNOWN: ("other", "bin safetensors fbx splat npz"),
}
_OTHER_NAMES = {
    "image/jpg": "image/jpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "audio/x-flac": "audio/flac",
    "application/x-zip-compressed": "application/zip",
}
_BY_ENDING = {ending: media_type for media_type, (_, endings) in _TYPES.items() for ending in endings.split()}


def known(media_type: str) -> str | None:
    """The name by which a media type is made here; None for one that is not."""
    plain = media_type.partition(";")[0].strip().lower()
    plain = _OTHER_NAMES.get(plain, plain)
    return plain if plain in _TYPES else None


def kind_of(media_type: str) -> Kind:
    """What is asked of files of a type."""
    return _TYPES[media_type][0]


def ending_of(media_type: str) -> str:
    """The usual ending of names of such files, without its dot."""
    return _TYPES[media_type][1].split()[0]


def has_ending(media_type: str, name: str) -> bool:
    """Whether a file's name ends as one of that type may."""
    return name.rpartition(".")[2].lower() in _TYPES[media_type][1].split()


def type_of(name: str) -> str | None:
    """The media type that the ending of a file's name tells; None where none is made here."""
    return _BY_ENDING.get(name.rpartition(".")[2].lower())

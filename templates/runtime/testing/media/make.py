"""A file as it is wished for."""

# design: Where are the files of the fake?

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from .moving import movies, sounds
from .other import archives, documents, meshes
from .pictures.gif import gif
from .pictures.jpeg import jpeg
from .pictures.png import png
from .pictures.webp import webp
from .types import UNKNOWN
from .wish import Wish, settled

if TYPE_CHECKING:
    from collections.abc import Callable


@lru_cache(maxsize=8)  # what an output tells of a file, and then its download
def make_file(wish: Wish) -> tuple[bytes, str]:
    """Make a file.

    Args:
        wish: What it shall be like; what of it cannot be is done as `settled` says.

    Returns:
        The content and its media type. The same wish has the same bytes everywhere.
    """
    one = settled(wish)
    if one.media_type == UNKNOWN:
        return _BY_ENDING.get(one.name.rpartition(".")[2].lower(), _unknown)(one.seed), UNKNOWN
    return _BY_TYPE[one.media_type](one), one.media_type


def _unknown(seed: int) -> bytes:
    return b"made up, %d\n" % seed


_BY_TYPE: dict[str, Callable[[Wish], bytes]] = {
    "image/png": lambda one: png(one.width, one.height, one.seed),
    "image/jpeg": lambda one: jpeg(one.width, one.height, one.seed),
    "image/webp": lambda one: webp(one.width, one.height, one.seed),
    "image/gif": lambda one: gif(one.width, one.height, one.seed),
    "image/svg+xml": documents.svg,
    "video/mp4": movies.movie,
    "video/quicktime": movies.movie,
    "audio/mp4": movies.sound_in_boxes,
    "audio/wav": lambda one: sounds.wav(one.seconds, one.seed),
    "audio/mpeg": lambda one: sounds.mp3(one.seconds, one.seed),
    "audio/aac": lambda one: sounds.aac(one.seconds),
    "audio/ogg": lambda one: sounds.ogg(one.seconds, one.seed),
    "audio/flac": lambda one: sounds.flac(one.seconds, one.seed),
    "model/gltf-binary": lambda one: meshes.glb(one.seed),
    "model/gltf+json": lambda one: meshes.gltf(one.seed),
    "model/obj": lambda one: meshes.obj(one.seed),
    "model/mtl": lambda one: meshes.mtl(one.seed),
    "model/stl": lambda one: meshes.stl(one.seed),
    "model/ply": lambda one: meshes.ply(one.seed),
    "model/vnd.usdz+zip": lambda one: archives.usdz(one.seed),
    "application/zip": lambda one: archives.zip_file(one.seed),
    "application/json": documents.json_file,
    "application/x-subrip": documents.srt,
    "application/pdf": documents.pdf,
    "text/plain": documents.plain,
    "text/vtt": documents.vtt,
    "text/csv": documents.csv,
}
_BY_ENDING: dict[str, Callable[[int], bytes]] = {
    "safetensors": archives.safetensors,
    "fbx": meshes.fbx,
    "splat": meshes.splat,
    "npz": archives.npz,
}

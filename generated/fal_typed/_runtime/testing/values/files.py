"""What an output tells of a file: all of it agrees with the file that its URL leads to."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from ..media.make import make_file
from ..media.moving.sounds import rate_of
from ..media.types import kind_of
from ..media.wish import Wish, frames, settled
from .guesses import ending_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .asked import Asked

_LINK = re.compile(r"(.*_)?(url|uri)s?", re.IGNORECASE)
_SUFFIX = re.compile(r"_?(url|uri|file)s?$", re.IGNORECASE)


def is_link(name: str) -> bool:
    """Whether a property of that name holds the URL of a file."""
    return _LINK.fullmatch(name) is not None


class Files:
    """The files of one output.

    Args:
        endpoint_id: Whose output it is.
        asked: What the input asks for.
        file_url: Where a file can be fetched.
    """

    def __init__(self, endpoint_id: str, asked: Asked, file_url: Callable[[Wish], str]) -> None:
        self._endpoint_id, self._asked, self._file_url = endpoint_id, asked, file_url

    def at(self, name: str, schema: Mapping[str, Any], told: Iterable[str], seed: int) -> Wish:
        """The file that stands at a place.

        Args:
            name: Of the property.
            schema: Of the object that tells of the file, or of the URL alone.
            told: Descriptions of the place, and URLs in its examples.
            seed: The place's own.
        """
        asked = self._asked
        ending, media_type = ending_at(name, schema, told=told, endpoint_id=self._endpoint_id, asked=asked)
        width, height = asked.size or (0, 0)
        stem = _SUFFIX.sub("", name).removesuffix(f"_{ending}") or "file"
        stem = "model" if stem == ending else stem
        stem = stem[:-1] if stem in ("images", "videos", "audios", "masks", "textures") else stem
        named = stem if stem.endswith(f".{ending}") else f"{stem}.{ending}"
        return settled(Wish(media_type, width, height, asked.seconds, asked.fps, named, seed))

    def url(self, wish: Wish) -> str:
        """Where a file is; all of it, where the input asks for that."""
        if self._asked.as_data and kind_of(wish.media_type) in ("image", "video"):
            content, media_type = make_file(wish)
            return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
        return self._file_url(wish)

    def svg(self, seed: int) -> str:
        """A picture as the text that it is."""
        width, height = self._asked.size or (0, 0)
        return make_file(Wish("image/svg+xml", width, height, seed=seed))[0].decode("ascii")

    def facts(self, wish: Wish) -> dict[str, Any]:
        """What an output may tell of a file, by fal's names."""
        content, media_type = make_file(wish)
        found: dict[str, Any] = {
            "url": self.url(wish),
            "content_type": media_type,
            "file_name": wish.name,
            "file_size": len(content),
        }
        if wish.width:
            found |= {"width": wish.width, "height": wish.height}
        if wish.seconds:
            found["duration"] = _plain(wish.seconds)
        if kind_of(wish.media_type) == "audio":
            found |= {"sample_rate": rate_of(wish.media_type), "channels": 1}
        if wish.fps:
            found |= {"fps": _plain(wish.fps), "num_frames": frames(wish)}
        return found


def _plain(number: float) -> float:
    """24 for 24.0: the second is an integer in JSON Schema, and not for every reader."""
    return int(number) if number == int(number) else number

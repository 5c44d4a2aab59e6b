"""A file as it is wished for."""

# design: Where are the files of the fake?

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from .png import png
from .wish import Wish, settled

if TYPE_CHECKING:
    from collections.abc import Callable


@lru_cache(maxsize=16)  # what an output tells of a file, and then its download
def make_file(wish: Wish) -> tuple[bytes, str]:
    """Make a file.

    Args:
        wish: What it shall be like; what of it cannot be is done as `settled` says.

    Returns:
        The content and its media type. The same wish has the same bytes everywhere.
    """
    one = settled(wish)
    make = _MAKERS.get(one.media_type, _unknown)
    return make(one), one.media_type


def _unknown(wish: Wish) -> bytes:
    return b"made up, %d\n" % wish.seed


_MAKERS: dict[str, Callable[[Wish], bytes]] = {
    "image/png": lambda wish: png(wish.width, wish.height, wish.seed),
}

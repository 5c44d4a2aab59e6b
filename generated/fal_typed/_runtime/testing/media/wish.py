"""What a file shall be like, and the path of its URL, which says all of it: nothing is stored."""

# design: Where are the files of the fake?

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .types import UNKNOWN, ending_of, has_ending, kind_of, known, type_of

# Bounds: what is asked beyond them is made at them. A picture of the largest size takes some hundredths of a second.
MOST_PIXELS = 4096
MOST_SECONDS = 600.0
MOST_FPS = 120.0
_MOST_SEED = (1 << 63) - 1
_SIZES = {"image": (1024, 1024), "video": (1280, 720)}
_SECONDS = {"video": 5.0, "audio": 3.0}
_FPS = 24.0
_LONGEST_NAME = 80
_FOLDER = "/files/fake/"
_SIZE = re.compile(r"(\d{1,6})x(\d{1,6})")
_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)s")
_RATE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)fps")
_PATH = re.compile(rf"{_FOLDER}(?P<seed>[0-9]{{1,19}})/((?P<facts>[0-9a-z.-]+)/)?(?P<name>[A-Za-z0-9_.-]{{1,100}})")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """A file that is wanted. What is left out is chosen.

    Attributes:
        media_type: Such as `image/png`; nothing leaves it to the ending of the name.
        width: Pixels, of pictures and videos.
        height: Pixels, of pictures and videos.
        seconds: How long a video or a sound runs.
        fps: Pictures a second of a video.
        name: The file's name.
        seed: Two files that differ in it alone differ in what they show or sound like, if their type can.
    """

    media_type: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    fps: float = 0.0
    name: str = ""
    seed: int = 0


def settled(wish: Wish) -> Wish:
    """The same wish with every choice made, within the bounds: this is what the file will be like.

    A type that cannot be made becomes `application/octet-stream`. The name ends as the type says. The sides of videos
    are even, as their encoding has it; a video lasts for a whole number of pictures.
    """
    media_type = known(wish.media_type) or (type_of(wish.name) if not wish.media_type else None) or UNKNOWN
    kind = kind_of(media_type)
    name = _NOT_IN_NAMES.sub("_", wish.name).strip(".") or ("file" if kind == "other" else kind)
    name = name if has_ending(media_type, name) else f"{name}.{ending_of(media_type)}"
    plain = Wish(media_type, name=name[-_LONGEST_NAME:].lstrip("."), seed=abs(wish.seed) & _MOST_SEED)
    if kind in _SIZES:
        width, height = _SIZES[kind]
        plain = replace(plain, width=_side(wish.width, width), height=_side(wish.height, height))
    if kind in _SECONDS:
        plain = replace(plain, seconds=round(min(max(wish.seconds or _SECONDS[kind], 0.05), MOST_SECONDS), 3))
    return _even(replace(plain, fps=wish.fps or _FPS)) if kind == "video" else plain


def frames(wish: Wish) -> int:
    """How many pictures a settled wish for a video has; 0 for anything else."""
    return max(round(wish.seconds * wish.fps), 1) if wish.fps else 0


def url_path(wish: Wish) -> str:
    """The path of a file's URL: `/files/fake/7/1024x768/image.png`, `/files/fake/7/1280x720-5s-24fps/video.mp4`."""
    one = settled(wish)
    facts = [f"{one.width}x{one.height}"] if one.width else []
    facts += [f"{one.seconds:.12g}s"] if one.seconds else []
    facts += [f"{one.fps:.12g}fps"] if one.fps else []
    return _FOLDER + "/".join([str(one.seed), *filter(None, ["-".join(facts)]), one.name])


def wish_of(path: str) -> Wish | None:
    """The wish that a path tells; None for a path that `url_path` does not write."""
    found = _PATH.fullmatch(path)
    media_type = type_of(found["name"]) if found else None
    if found is None or media_type is None:
        return None
    told = Wish(media_type, name=found["name"], seed=int(found["seed"]))
    for fact in found["facts"].split("-") if found["facts"] else []:
        if size := _SIZE.fullmatch(fact):
            told = replace(told, width=int(size[1]), height=int(size[2]))
        elif time := _TIME.fullmatch(fact):
            told = replace(told, seconds=float(time[1]))
        elif rate := _RATE.fullmatch(fact):
            told = replace(told, fps=float(rate[1]))
        else:
            return None
    return settled(told)


def _side(asked: int, otherwise: int) -> int:
    return min(max(asked, 1), MOST_PIXELS) if asked else otherwise


def _even(wish: Wish) -> Wish:
    fps = round(min(max(wish.fps, 1.0), MOST_FPS), 3)
    count = max(round(wish.seconds * fps), 1)
    width, height = max(wish.width & ~1, 16), max(wish.height & ~1, 16)
    return replace(wish, width=width, height=height, fps=fps, seconds=round(count / fps, 3))

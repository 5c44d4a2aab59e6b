"""Which values are files, what is told of them, and whether a browser may be sent to where they are.

All of it is a stranger's text: names, types, URLs.
"""

# design: What may a notebook load?

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from ..checks import is_object
from .data import is_data_uri, size_of
from .told import Telling, family_of, told_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .told import Family

# What browsers show or play; every other file is a link.
_ENDINGS: dict[str, Family] = {
    **dict.fromkeys(("png", "jpg", "jpeg", "webp", "gif", "avif", "svg", "bmp", "apng"), "image"),
    **dict.fromkeys(("mp4", "m4v", "webm", "mov"), "video"),
    **dict.fromkeys(("mp3", "wav", "ogg", "oga", "opus", "m4a", "aac", "flac"), "audio"),
}
# Pictures that most browsers do not: the second half of their types, and endings.
_UNSHOWN = frozenset("tiff tif heic heif x-exr exr vnd.adobe.photoshop x-photoshop psd vnd.radiance hdr".split())
_MAJOR: dict[str, Family] = {"image": "image", "video": "video", "audio": "audio"}
_SAYS_NOTHING = frozenset({None, "application/octet-stream", "binary/octet-stream"})
# The head of a data URI that may be loaded: a picture, a video or a sound, and nothing that hides another type in it.
_DATA = re.compile(
    r"data:(?:image|video|audio)/[a-z0-9.+-]+(?:;[a-z0-9-]+(?:=[a-z0-9.,_-]+)?)*?(;base64)?,", re.IGNORECASE | re.ASCII
)
_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+", re.IGNORECASE)
# What a dict has that tells of a file, beside its URL.
_TELLING = ("content_type", "file_name", "file_size")
_HEAD = 200
_LONGEST_LINK = 8_000


class File(NamedTuple):
    """A file, as far as it is known.

    Attributes:
        url: Where it is, as it was sent.
        family: What shows it: a picture, a player, or a link.
        name: What to call it.
        content_type: Its media type.
        size: Bytes.
        pixels: Width and height.
        seconds: How long it is.
        rest: Its fields that tell none of this.
    """

    url: str
    family: Family
    name: str
    content_type: str | None
    size: int | None
    pixels: tuple[int, int] | None
    seconds: float | None
    rest: Mapping[str, Any]

    @property
    def is_data(self) -> bool:
        """Whether its URL holds it."""
        return self.url[:5].lower() == "data:"

    @property
    def source(self) -> str | None:
        """What may be loaded to show it: an https URL, or its data where that is what it says; else None."""
        if self.family == "file":
            return None
        return loadable_data(self.url) or link(self.url)


def link(url: str) -> str | None:
    """A URL that a page may lead to: https, of a host, and with nothing in it that no URL has; blanks are quoted."""
    if url[:8].lower() != "https://" or len(url) > _LONGEST_LINK:
        return None
    if not url.isprintable() or any(each in url for each in '<>"`\\') or url[-1] == " ":
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or any(each in parts.netloc for each in "@ '"):
        return None
    return url.replace(" ", "%20")


def loadable_data(url: str) -> str | None:
    """A URL that is a picture, a video or a sound itself, without the line breaks of base64; None for any other."""
    head = _DATA.match(url[:_HEAD])
    if head is None:
        return None
    if head[1]:
        url = url.replace("\r", "").replace("\n", "")
    return url if url.isprintable() else None


def file_of(value: object) -> File | None:
    """The file that a value tells of: an output file, or a JSON object that looks like one; None where it is none."""
    if isinstance(value, Telling):
        kind = family_of(value)
        return None if kind is None else _file(told_by(value), kind)
    if not is_object(value) or not isinstance(value.get("url"), str):
        return None
    found = _file(value, "file")
    is_told = any(name in value for name in _TELLING)
    return found if found is not None and (is_told or found.family != "file") else None


def _file(fields: Mapping[str, Any], kind: Family) -> File | None:
    url = fields.get("url")
    if not isinstance(url, str):
        return None
    path = "" if is_data_uri(url) else _path(url)
    name = _text(fields.get("file_name")) or path.rpartition("/")[2]
    content_type = _content_type(url, fields.get("content_type"))
    size = _count(fields.get("file_size"))
    if size is None and is_data_uri(url):
        size = size_of(url)
    width, height = _count(fields.get("width")), _count(fields.get("height"))
    family = _family(content_type, path or name, kind)
    found = File(
        url=url,
        family=family,
        name=name or family,
        content_type=content_type,
        size=size,
        pixels=(width, height) if width and height else None,
        seconds=_number(fields.get("duration")),
        rest={},
    )
    return found._replace(rest=_rest(found, fields))


def _rest(file: File, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that hold something, and something else than what is known of the file."""
    width, height = file.pixels or (None, None)
    known: dict[str, object] = {
        "url": file.url,
        "file_name": file.name,
        "content_type": file.content_type,
        "file_size": file.size,
        "width": width,
        "height": height,
        "duration": file.seconds,
    }
    return {str(of): value for of, value in fields.items() if value is not None and not _is(known.get(of), value)}


def _is(known: object, value: object) -> bool:
    """Whether a value says what is known, but for blanks around it and, in text, for case."""
    if isinstance(value, str) and isinstance(known, str):
        return value.strip().lower() == known.strip().lower()
    return isinstance(value, int | float) and not isinstance(value, bool) and value == known


def _family(content_type: str | None, name: str, kind: Family) -> Family:
    """What shows a file: by its type, else by its name's ending, else by its class."""
    major, _, minor = (content_type or "").partition("/")
    if major in _MAJOR:
        return "file" if minor in _UNSHOWN else _MAJOR[major]
    if content_type not in _SAYS_NOTHING:
        return "file"
    ending = name.rpartition(".")[2].lower()
    return "file" if ending in _UNSHOWN else _ENDINGS.get(ending, kind)


def _content_type(url: str, told: object) -> str | None:
    """The media type; of data, that of the data."""
    if url[:5].lower() == "data:":
        found = _TYPE.match(url[5:_HEAD])
    else:
        found = _TYPE.match(told[:_HEAD].strip()) if isinstance(told, str) else None
    return None if found is None else found[0].lower()


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url[:2_000]).path)
    except ValueError:
        return ""


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _number(value: object) -> float | None:
    """A number that a person could be told; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < 1e15 else None

"""What kind of file something is, and what to call it: by its name, else by its first bytes."""

from __future__ import annotations

import re

from .. import checks

UNKNOWN = "application/octet-stream"
# Enough of a file for `guess` to see.
HEAD_BYTES = 16
# Where a signature begins, the signature, the type; of formats that fal's models take.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"glTF", "model/gltf-binary"),
    (0, b"%PDF", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
)
# Types that the standard library of some version or system does not know, or gives another ending first.
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "audio/wav": ".wav",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "video/mp4": ".mp4",
    "model/gltf-binary": ".glb",
    UNKNOWN: "",
}
_BY_ENDING = {ending: kind for kind, ending in _ENDINGS.items() if ending}
# Characters of a name that came from elsewhere, and bytes of one on a disk, where it ends for most file systems.
_LONGEST_NAME, _MOST_BYTES = 200, 255
# What is longer is no ending that tells what a file is.
_LONGEST_ENDING = 20
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|\ud800-\udfff]+')
# What Windows takes for a device, whatever ending it has: what is saved in `nul.png` is gone.
_DEVICE = re.compile(r"(con(in\$|out\$)?|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\.|$)", re.IGNORECASE)


def guess(name: str | None, head: bytes = b"") -> str:
    """The media type of a file of that name that begins with these bytes."""
    import mimetypes  # no endpoint without a file pays for it

    ending = "" if name is None else name[name.rfind(".") :].lower()
    # Not guess_type(name): it takes the name for a URL.
    by_name = _BY_ENDING.get(ending) or (mimetypes.guess_type(f"x{ending}")[0] if ending.startswith(".") else None)
    by_content = (kind for start, text, kind in _SIGNATURES if head[start : start + len(text)] == text)
    return by_name or next(by_content, UNKNOWN)


def ending_of(content_type: str) -> str:
    """The ending of file names for a media type, with its dot; nothing where none is known."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    import mimetypes

    return mimetypes.guess_extension(kind) or ""


def safe_name(name: str) -> str:
    """The last part of a name that came from elsewhere, without what no file system or header takes; maybe empty."""
    last = _NOT_IN_NAMES.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return cut(*split(f"_{last}" if _DEVICE.match(last) else last))


def split(name: str) -> tuple[str, str]:
    """A name without its ending, and the ending with its dot; nothing where what is behind the dot is none."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending.encode()) <= _LONGEST_ENDING else (name, "")


def cut(stem: str, ending: str = "") -> str:
    """A name that is no longer than one can be on a disk, in UTF-8; it loses nothing of its ending.

    Args:
        stem: What may be cut. What was cut short ends neither in a blank nor in a dot.
        ending: A short text that stays.
    """
    most = _MOST_BYTES - len(ending.encode())
    kept = stem[: _LONGEST_NAME - len(ending)].encode()[:most].decode("utf-8", "ignore")
    return f"{kept if kept == stem else kept.rstrip(' .')}{ending}"


def ascii_name(name: str) -> str:
    """A name that a header can carry: accents are dropped, and what has no ASCII form becomes `_`."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", safe_name(name))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isascii() else "_" for c in kept)


def check(content_type: str | None) -> None:
    """Refuse what a caller gave as `content_type` and is no media type."""
    checks.header_text("content_type", content_type)
    if content_type is not None and "/" not in content_type:
        raise ValueError(f"content_type must be a media type such as 'image/png', not {content_type!r}")

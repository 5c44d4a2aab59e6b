"""The files that can be downloaded: those that were uploaded, and those of outputs, which are made when asked for."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ... import forks
from ..media.make import make_file
from ..media.wish import Wish, url_path, wish_of
from ..messages import Answer
from ..scripting.script import UploadedFile
from .answers import not_found, wrong_method

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..messages import Json, Request

# Uploads are the same by whatever name their host is reached.
_UPLOADS = re.compile(r".*/(files/(?:uploaded|uploading)/.+)")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Files:
    """All files of a service. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = forks.Lock()
        self._put: dict[str, UploadedFile] = {}
        self._uploads: list[UploadedFile] = []

    def uploads(self) -> list[UploadedFile]:
        """What was uploaded, in order."""
        with self._lock:
            return list(self._uploads)

    def add(self, file: UploadedFile) -> None:
        """Keep what was uploaded."""
        with self._lock:
            self._put[_key(file.url)] = file
            self._uploads.append(file)

    def put(self, url: str, content: bytes, content_type: str) -> None:
        """Have a file at a URL, wherever that is."""
        with self._lock:
            self._put[_key(url)] = UploadedFile(url, url.rpartition("/")[2], content_type, content)

    def at(self, url: str) -> UploadedFile | None:
        """What was put or uploaded there."""
        with self._lock:
            return self._put.get(_key(url)) or self._put.get(_key(url.partition("?")[0]))

    def named_in(self, value: Json) -> Mapping[str, UploadedFile]:
        """The uploaded files whose URLs are in an input."""
        found = (self.at(text) for text in _texts(value) if text.startswith("http"))
        return {file.url: file for file in found if file is not None}

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._put.clear()
            self._uploads.clear()

    def answer(self, request: Request, path: str) -> Answer:
        """The answer to a download: the whole file or a part of it (RFC 9110, 14)."""
        if request.method not in ("GET", "HEAD"):
            return wrong_method()
        kept = self.at(request.url)
        if kept is not None:
            return _content(request, kept.content, kept.content_type)
        wish = wish_of(f"/{path}") or _guess(path)
        return not_found() if wish is None else _content(request, *make_file(wish))


def file_url(base: str, wish: Wish) -> str:
    """Where the file of an output is."""
    return f"{base}{url_path(wish)}"


def _guess(path: str) -> Wish | None:
    """A file of the type that its name ends in: outputs that somebody scripted name URLs of their own."""
    name = path.rpartition("/")[2]
    if "." not in name.strip("."):
        return None
    seed = int.from_bytes(hashlib.sha256(path.encode()).digest()[:6], "big")
    return Wish(name=name, seed=seed, width=64, height=64)


def _content(request: Request, content: bytes, content_type: str) -> Answer:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"content-type": content_type, "accept-ranges": "bytes", "etag": tag}
    part = _part(request, len(content), tag)
    status, body = 200, content
    if part is not None:
        first, last = part
        if first >= len(content) or last < first:
            return Answer(416, {"content-range": f"bytes */{len(content)}"})
        status, body = 206, content[first : last + 1]
        headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
    if request.method == "HEAD":
        headers["content-length"], body = str(len(body)), b""
    return Answer(status, headers, body)


def _part(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """The first and the last byte that are asked for; None for all of them."""
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if found is None or not any(found.groups()) or request.headers.get("if-range", tag) != tag:
        return None
    if not found[1]:
        return max(size - int(found[2]), 0), size - 1
    return int(found[1]), min(int(found[2]), size - 1) if found[2] else size - 1


def _key(url: str) -> str:
    """The same for two spellings of a URL. With a query it is another file, where one was put there."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    upload = _UPLOADS.fullmatch(path)
    return f"{parts.netloc.lower()}{path}{parts.query and '?'}{parts.query}" if upload is None else upload[1]


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in _texts(one)]

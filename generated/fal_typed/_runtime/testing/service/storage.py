"""fal's storage: tokens, uploads whole and in parts, with the token or by a signed URL."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ... import forks
from ...checks import is_array, is_object
from ..scripting.script import UploadedFile
from .answers import in_json, not_found, wrong_method

if TYPE_CHECKING:
    from ..messages import Answer, Json, Request
    from .files import Files
    from .places import Place

_TOKEN_SECONDS = 86_400
_INITIATE = ("storage/upload/initiate", "storage/upload/initiate-multipart")
_TOKENS = ("storage/auth/token", "tokens", "tokens/realtime")
# With a token, parts are below `multipart/<id>`; with a signed URL, they are right below it.
_UPLOADING = re.compile(r"(?P<path>files/uploading/[^/]+/[^/]+)(/multipart/[^/]+)?(/(?P<step>\d+|complete))?")
_NAMELESS, _UNTYPED = "upload.bin", "application/octet-stream"


@dataclass
class _Upload:
    """One that was begun.

    Attributes:
        url: Where it will be.
        parts: What came of it, by number.
    """

    name: str
    content_type: str
    lifecycle: Json
    url: str = ""
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])


class Storage:
    """Safe to share between threads.

    Args:
        files: Where what arrives is kept.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._lock = forks.Lock()
        self._numbers = itertools.count(1)
        self._begun: dict[str, _Upload] = {}

    def rest(self, request: Request, place: Place) -> Answer:
        """What is asked of `rest.fal.ai`: it has the key, or somebody else adds it."""
        path = place.path.rstrip("/")
        known = path in _TOKENS or path in _INITIATE
        if known and request.method != "POST":
            return wrong_method()
        if path == "storage/auth/token":
            expires = datetime.now(UTC) + timedelta(seconds=_TOKEN_SECONDS)
            token = {"token": f"token-{next(self._numbers)}", "token_type": "Bearer", "base_url": place.hosts.cdn}
            return in_json({**token, "expires_at": expires.isoformat()})
        if path in _INITIATE:
            return self._initiate(request, place)
        return in_json(f"token-{next(self._numbers)}") if known else not_found()

    def cdn(self, request: Request, place: Place) -> Answer | None:
        """What is asked of the host of files, but for downloads: None."""
        if place.path == "files/upload" and request.method == "POST":
            upload = _told(request)
            url = f"{place.hosts.cdn}/{path_of(upload.name, request.body)}"
            self._finish(url, upload, request.body)
            return in_json({"access_url": url})
        if place.path == "files/upload/multipart" and request.method == "POST":
            url = self._begin(_told(request), place)
            return in_json({"access_url": url, "uploadId": url.split("/")[-2]})
        found = _UPLOADING.fullmatch(place.path)
        if found is None or request.method not in ("PUT", "POST"):
            return None
        with self._lock:
            begun = self._begun.get(found["path"])
        if begun is None:
            return not_found("no such upload")
        if request.method == "PUT" and found["step"] is None:
            self._finish(begun.url, begun, request.body)
            return in_json({})
        return self._part(request, begun, found["step"] or "")

    def clear(self) -> None:
        """Forget what was begun."""
        with self._lock:
            self._begun.clear()

    def _initiate(self, request: Request, place: Place) -> Answer:
        """A place where a file is put without a key."""
        asked = _object(request.body)
        name, content_type = asked.get("file_name"), asked.get("content_type")
        upload = _Upload(str(name or _NAMELESS), str(content_type or _UNTYPED), _lifecycle(request))
        url = self._begin(upload, place)
        return in_json({"upload_url": f"{url}?signature=fake", "file_url": url})

    def _begin(self, upload: _Upload, place: Place) -> str:
        """Where a file is while it comes, and afterwards."""
        with self._lock:
            path = f"files/uploading/{next(self._numbers)}/{upload.name.replace('/', '_') or _NAMELESS}"
            self._begun[path] = upload
        upload.url = f"{place.hosts.cdn}/{quote(path)}"
        return upload.url

    def _part(self, request: Request, upload: _Upload, step: str) -> Answer:
        """A part of a file, or their end."""
        if request.method == "PUT" and step.isdecimal():
            with self._lock:
                upload.parts[int(step)] = request.body
            tag = _tag(request.body)
            return in_json({"partNumber": int(step), "etag": tag}, headers={"etag": tag})
        if request.method != "POST" or step != "complete":
            return wrong_method()
        with self._lock:
            parts = dict(sorted(upload.parts.items()))
        wanted = [{"partNumber": number, "etag": _tag(part)} for number, part in parts.items()]
        told = _object(request.body).get("parts")
        if not is_array(told) or sorted(told, key=_number) != wanted:
            return in_json({"detail": "parts are missing, or are not those that came"}, 400)
        self._finish(upload.url, upload, b"".join(parts.values()), len(parts))
        return in_json({})

    def _finish(self, url: str, upload: _Upload, content: bytes, parts: int = 0) -> None:
        self._files.add(UploadedFile(url, upload.name, upload.content_type, content, upload.lifecycle, parts))


def path_of(name: str, content: bytes) -> str:
    """Where an upload is found: the same for the same content under the same name."""
    return f"files/uploaded/{hashlib.sha256(content).hexdigest()[:16]}/{quote(name.replace('/', '_') or _NAMELESS)}"


def _told(request: Request) -> _Upload:
    """What the headers of an upload say of it."""
    headers = request.headers
    name = headers.get("x-fal-file-name") or _NAMELESS
    return _Upload(name, headers.get("content-type") or _UNTYPED, _lifecycle(request))


def _lifecycle(request: Request) -> Json:
    return _object(request.headers.get("x-fal-object-lifecycle", "").encode()) or None


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _number(part: Any) -> int:
    number = part.get("partNumber") if is_object(part) else None
    return number if isinstance(number, int) else 0


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if is_object(found) else {}

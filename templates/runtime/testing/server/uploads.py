"""Files that come to the storage, in any of the ways of fal's clients: seen as they pass. No I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ..messages import Answer, Json, Request

_MOST_AWAITED = 1000
_COMPLETE, _MULTIPART = "/complete", "/multipart/"


@dataclass(frozen=True)
class Came:
    """A file that is there now.

    Attributes:
        url: Where it can be downloaded.
        name: As the client called it.
        content_type: The same.
    """

    url: str
    name: str
    content_type: str

    def told(self) -> Json:
        """What was said of it."""
        return {"file_name": self.name, "content_type": self.content_type}


class Uploads:
    """What was announced and has not come yet, by the URL that it is to come to."""

    def __init__(self) -> None:
        self._awaited: dict[str, Came] = {}

    def see(self, request: Request, answer: Answer) -> Came | None:
        """The file of which a request brought the end.

        Args:
            request: To the storage, or to where files are.
            answer: That it was accepted.
        """
        if request.method not in ("POST", "PUT"):
            return None
        said = _object(answer.body)
        if "upload_url" in said or "uploadId" in said:
            self._await(request, said)
            return None
        url = said.get("access_url")
        if isinstance(url, str):
            return _told(request.headers, url)
        return self._awaited.pop(request.url.partition("?")[0].removesuffix(_COMPLETE), None)

    def _await(self, request: Request, said: dict[str, Json]) -> None:
        """An upload in steps is announced: the JavaScript client's to a place of its own, others' in parts."""
        asked = _object(request.body)
        if "upload_url" in said:
            name, kind = str(asked.get("file_name", "file")), str(asked.get("content_type", ""))
            place, came = str(said["upload_url"]), Came(str(said.get("file_url", "")), name, kind)
        else:
            came = _told(request.headers, str(said.get("access_url", "")))
            place = f"{came.url}{_MULTIPART}{said['uploadId']}"
        if len(self._awaited) >= _MOST_AWAITED:  # most of them will never come
            self._awaited.pop(next(iter(self._awaited)), None)
        self._awaited[place.partition("?")[0]] = came


def _told(headers: object, url: str) -> Came:
    said = cast("dict[str, str]", headers)
    name = said.get("x-fal-file-name") or url.rpartition("/")[2]
    return Came(url, name, said.get("content-type", ""))


def _object(body: bytes) -> dict[str, Json]:
    try:
        read: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Json]", read) if isinstance(read, dict) else {}

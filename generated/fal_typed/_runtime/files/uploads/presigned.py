"""Uploads by a URL that fal signs: what a client does whose proxy has the key, since a token is not for it to have.

Where to put the file is asked through the proxy; the file goes there itself, without a key. Source: the official
JavaScript client 1.10.1, `storage.upload`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...http.error_answers import unreadable
from ...http.exchange import Answer, Exchange, Purpose
from ...http.hosts import is_loopback
from .storage_api import check_success, read_object
from .upload_steps import Parallel, Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .upload_steps import Flow, Piece

_NAME, _TYPE = "x-fal-file-name", "content-type"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file may be put, and where it will be found."""

    upload_url: str
    file_url: str

    def below(self, step: str) -> str:
        """A place below the signed one; the signature is in the query."""
        path, mark, query = self.upload_url.partition("?")
        return f"{path}/{step}{mark}{query}"


class PresignedUpload(Upload):
    """One file on its way, by a URL that fal signs."""

    __slots__ = ()

    def _single(self, content: Callable[[], Iterator[bytes]], length: int) -> Flow[str]:
        place = yield from self._place("initiate")
        yield from self._put(place.upload_url, self.meter.counted(content), length)
        self._done()
        return place.file_url

    def _multipart(self, pieces: Iterator[Piece], *, blocks: bool) -> Flow[str]:
        place = yield from self._place("initiate-multipart")
        parts = (self._signed_part(place, number, piece) for number, piece in enumerate(pieces, start=1))
        done: list[dict[str, object]] = yield Parallel(parts, blocks)
        self.source.check_unchanged()  # before it is put together
        body = json.dumps({"parts": done}).encode()
        exchange = self._keyless("POST", place.below("complete"), "application/json", lambda: iter((body,)), len(body))
        check_success(exchange, (yield exchange))
        self._done()
        return place.file_url

    def _signed_part(self, place: Place, number: int, piece: Piece) -> Flow[dict[str, object]]:
        content, length = piece
        exchange, answer = yield from self._put(place.below(str(number)), self.meter.counted(content), length)
        etag = answer.headers.get("etag") or answer.json_object().get("etag")
        if not etag:
            raise unreadable(answer, exchange, "the answer to a part has no ETag")
        return {"partNumber": number, "etag": etag}

    def _place(self, step: str) -> Flow[Place]:
        """Ask where to put the file: the one request with the key, or through whoever has it."""
        requests = self.requests
        headers = {name: text for name, text in requests.headers.items() if name not in (_NAME, _TYPE)}
        headers |= {"accept": "application/json", _TYPE: "application/json", "user-agent": requests.user_agent}
        url = f"{requests.hosts.rest}/storage/upload/{step}?storage_type=fal-cdn-v3"
        body = json.dumps({"content_type": requests.headers[_TYPE], "file_name": requests.headers[_NAME]}).encode()
        exchange = Exchange(Purpose.UPLOAD, "POST", url, headers, requests.label, body)
        answer: Answer = yield exchange
        found = read_object(exchange, answer)
        upload_url, file_url = found.get("upload_url"), found.get("file_url")
        if not isinstance(file_url, str) or not isinstance(upload_url, str) or not _is_safe(upload_url):
            raise unreadable(answer, exchange, "the answer does not say where to put the file")
        return Place(upload_url, file_url)

    def _put(self, url: str, content: Callable[[], Iterator[bytes]], length: int) -> Flow[tuple[Exchange, Answer]]:
        exchange = self._keyless("PUT", url, self.requests.headers[_TYPE], content, length)
        answer: Answer = yield exchange
        check_success(exchange, answer)
        return exchange, answer

    def _keyless(
        self, method: str, url: str, content_type: str, content: Callable[[], Iterator[bytes]], length: int
    ) -> Exchange:
        own = {"accept": "*/*", "accept-encoding": "identity", "user-agent": self.requests.user_agent}
        headers = {**own, _TYPE: content_type, "content-length": str(length)}
        return Exchange(Purpose.UPLOAD, method, url, headers, self.requests.label, keyless=True, content=content)


def _is_safe(url: str) -> bool:
    """Whether a file may be sent to a URL that an answer named."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))

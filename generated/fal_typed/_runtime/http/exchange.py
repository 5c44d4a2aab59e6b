"""One HTTP request to make, and one HTTP answer: the values between the pure core and the two transports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..checks import is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .credentials import Secret

REQUEST_ID_HEADER = "x-fal-request-id"
# fal docs, Errors: the older and the newer name of one header; both still occur.
_RETRY_HEADERS = ("x-fal-retryable", "x-fal-needs-retry")
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


class Purpose(Enum):
    """What a request is for: retries, time limits and error texts depend on it."""

    RUN = "run"
    STREAM = "stream"
    SUBMIT = "submit"
    STATUS = "status"
    RESULT = "result"
    CANCEL = "cancel"
    UPLOAD = "upload"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, without the key: the transport adds that.

    Attributes:
        endpoint: What it is for, in words that messages use: an endpoint's id, or which upload.
        alternate: The same place on the other one of two hosts that fal has for it, if there is one.
        request_id: The queue's id of the request that this is about.
        keyless: Whether it goes where the key must not go. Then it has the headers given here and no others.
        token: What goes there instead of the key, if anything does.
        content: Makes the pieces of a body that is too long for memory, anew for each try.
        trace: Called with what happens to the connection (httpx docs, Extensions: `trace`).
        sink: Told the headers of a success, gives what takes the pieces of its body, anew for each try.
    """

    purpose: Purpose
    method: str
    url: str
    headers: Mapping[str, str]
    endpoint: str
    body: bytes | None = None
    request_id: str | None = None
    alternate: str | None = None
    keyless: bool = False
    token: Secret | None = None
    content: Callable[[], Iterator[bytes]] | None = None
    trace: Callable[[str, Any], object] | None = None
    sink: Callable[[Mapping[str, str]], Callable[[bytes], object]] | None = None

    @property
    def shown_url(self) -> str:
        """The URL for messages and logs; a query may hold the caller's webhook secret."""
        return self.url.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer with its whole body (or, for an error status, what came of it).

    Without slots: the decoded body is kept, since more than one asks for it.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        """Fal's id of the request (fal docs, Response headers)."""
        return self.headers.get(REQUEST_ID_HEADER)

    @property
    def retryable(self) -> bool | None:
        """What fal says about trying again, as `1`/`0` or `true`/`false`; where the two headers differ, no."""
        words = {self.headers.get(name, "").strip().lower() for name in _RETRY_HEADERS}
        if not words.isdisjoint(_NO):
            return False
        return None if words.isdisjoint(_YES) else True

    def json(self) -> Any:
        """The decoded body.

        Raises:
            ValueError: The body is not JSON.
        """
        return self._decoded

    @cached_property
    def _decoded(self) -> Any:
        try:
            return json.loads(self.content)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    def json_object(self) -> dict[str, Any]:
        """The decoded body if it is a JSON object, else an empty one."""
        try:
            body = self.json()
        except ValueError:
            return {}
        return body if is_object(body) else {}

    def json_or_text(self) -> Any:
        """The decoded body, or its text."""
        try:
            return self.json()
        except ValueError:
            return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class OpenAnswer(Answer):
    """A success whose body is a stream of events, still to be read from `response`; `content` is empty."""

    response: Any = None

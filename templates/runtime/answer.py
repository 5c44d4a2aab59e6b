"""One HTTP request to make, and one HTTP answer: the values between the pure core and the two transports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from .shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_ID_HEADER = "x-fal-request-id"


class Purpose(Enum):
    """What a request is for: retries, time limits and error texts depend on it."""

    RUN = "run"
    SUBMIT = "submit"
    STATUS = "status"
    RESULT = "result"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, without the key: the transport adds that."""

    purpose: Purpose
    method: str
    url: str
    headers: Mapping[str, str]
    endpoint: str
    body: bytes | None = None
    request_id: str | None = None

    @property
    def is_read(self) -> bool:
        """Whether sending it twice changes nothing on the server."""
        return self.method == "GET"

    @property
    def shown_url(self) -> str:
        """The URL for messages and logs; a query may hold the caller's webhook secret."""
        return self.url.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer with its whole body (or, for an error status, what came of it)."""

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

    def json(self) -> Any:
        """The decoded body.

        Raises:
            ValueError: The body is not JSON.
        """
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

"""One document by its endpoint's id: `https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=…`."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ..diagnostics import FetchError
from .answers import Gone, failed, judge
from .http import refusal

if TYPE_CHECKING:
    from .answers import Answer
    from .http import Http

URL = "https://fal.ai/api/openapi/queue/openapi.json"


async def ask(http: Http, base: str, endpoint_id: str) -> Answer:
    """An endpoint's document.

    An id that fal does not know, or that has no queue, is answered with 404 and `null`; no other 404 says as much.
    """
    try:
        reply = await http.get(base, (("endpoint_id", endpoint_id),))
        if reply.status == HTTPStatus.NOT_FOUND and reply.data is None:
            return Gone()
        if reply.status != HTTPStatus.OK:
            return failed(refusal(reply))
    except FetchError as error:
        return failed(error)
    return judge(endpoint_id, reply.data, f"{base}?endpoint_id={endpoint_id}")

"""A part of a file, where a client asks for one (RFC 9110, Range Requests). No I/O."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..messages import Answer

_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


def with_range(answer: Answer, headers: Mapping[str, str]) -> Answer:
    """The part of an answer's body that a request asks for.

    Args:
        answer: With the whole of it.
        headers: The request's.

    Returns:
        The answer as it is, if nothing or something else than one range is asked for, or the file has changed.
    """
    if answer.status != 200 or answer.events is not None:
        return answer
    whole = replace(answer, headers={**answer.headers, "accept-ranges": "bytes"})
    asked = _ONE_RANGE.fullmatch(headers.get("range", "").strip())
    condition = headers.get("if-range")
    known = (answer.headers.get("etag"), answer.headers.get("last-modified"))
    if asked is None or (condition is not None and condition not in known):
        return whole
    size = len(answer.body)
    start, end = _bounds(asked, size)
    if not 0 <= start < end:
        return replace(whole, status=416, headers={**whole.headers, "content-range": f"bytes */{size}"}, body=b"")
    part = {**whole.headers, "content-range": f"bytes {start}-{end - 1}/{size}"}
    return replace(whole, status=206, headers=part, body=answer.body[start:end])


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """Where the part begins, and where it is over."""
    first, last, final = asked.group(1, 2, 3)
    if final is not None:
        return max(size - int(final), 0), size
    return int(first), min(int(last) + 1, size) if last else size

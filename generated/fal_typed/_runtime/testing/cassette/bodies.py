"""Bodies as a cassette has them: JSON as JSON, events as events, text as text, all else in base64."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

import httpx

from .exchanges import media_type_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .exchanges import Heard, Kept, Sent

EVENT_STREAM = "text/event-stream"
_TEXTS = ("text/", "application/json", "application/xml", "application/problem+json")


def request_body(sent: Sent) -> Kept:
    """The form of a request's body; of an upload, what tells it from others."""
    if not sent.size:
        return {}
    if sent.is_upload:
        return {"upload": {"sha256": sent.sha256, "size": sent.size}}
    return _as_json(bytes(sent.body)) or _as_text(bytes(sent.body)) or _as_base64(bytes(sent.body))


def answer_body(heard: Heard, *, is_file: bool) -> tuple[Kept, Mapping[str, str]]:
    """The form of an answer's body, and its headers without the encoding that it has no more.

    Args:
        heard: The answer.
        is_file: Whether each byte counts, also of JSON.
    """
    headers = heard.headers
    if heard.size > heard.most:
        return {"too_long": {"size": heard.size, "most": heard.most}}, headers
    content = bytes(heard.body)
    if encoding := headers.get("content-encoding"):
        plain = decoded(content, encoding)
        if plain is None:
            return _as_base64(content), headers
        content, headers = plain, {name: text for name, text in headers.items() if name != "content-encoding"}
    if not content:
        return {}, headers
    media_type = media_type_of(headers)
    if media_type == EVENT_STREAM:
        return {"events": events_in(content)}, headers
    form: Kept | None = None
    if media_type.startswith(_TEXTS) or not media_type:
        form = (None if is_file else _as_json(content)) or _as_text(content)
    return form or _as_base64(content), headers


def decoded(content: bytes, encoding: str) -> bytes | None:
    """A body without its content encoding, as far as it came; None where that is none we know."""
    plain = bytearray()
    response = httpx.Response(200, headers={"content-encoding": encoding}, content=iter((content,)))
    try:
        for piece in response.iter_bytes():
            plain += piece
    except httpx.DecodingError:
        return bytes(plain) or None
    return bytes(plain)


def content_of(form: Mapping[str, Any]) -> bytes:
    """The bytes of a body that has no events, nor is kept beside the file."""
    if "json" in form:
        return json.dumps(form["json"], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if "text" in form:
        return str(form["text"]).encode("utf-8", "surrogatepass")
    return base64.b64decode(form.get("base64", ""))


def _as_json(content: bytes) -> Kept | None:
    try:
        return {"json": json.loads(content)}
    except (ValueError, RecursionError):
        return None


def _as_text(content: bytes) -> Kept | None:
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return None


def _as_base64(content: bytes) -> Kept:
    return {"base64": binascii.b2a_base64(content, newline=False).decode()}


# Events.


def events_in(content: bytes) -> list[Kept]:
    """The events of a stream, its comments, and what was cut off at its end.

    An event has its fields, `data` as JSON where it is some; one without data has `lines`, as they came.
    """
    text = content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    *blocks, rest = text.split("\n\n")
    found = [_event(block) for block in blocks if block.strip("\n")]
    return [*found, {"cut": rest}] if rest.strip("\n") else found


def _event(block: str) -> Kept:
    event: Kept = {}
    for line in block.strip("\n").split("\n"):
        name, colon, value = line.partition(":")
        if not name or not colon or name not in ("data", "event", "id", "retry"):
            return {"lines": block.strip("\n").split("\n")}
        value = value.removeprefix(" ")
        event[name] = f"{event[name]}\n{value}" if name == "data" and name in event else value
    if "data" not in event:
        return {"lines": block.strip("\n").split("\n")}
    text = event.pop("data")
    data = _as_json(text.encode())
    return {**event, "data_text": text} if data is None else {**event, "data": data["json"]}


def pieces_of(events: list[Kept]) -> Iterator[bytes]:
    """The stream again, event by event."""
    for event in events:
        if "cut" in event:
            yield str(event["cut"]).encode()
            return
        yield ("\n".join(_lines(event)) + "\n\n").encode("utf-8", "surrogatepass")


def _lines(event: Kept) -> list[str]:
    if "lines" in event:
        return [str(line) for line in event["lines"]]
    lines = [f"{name}: {event[name]}" for name in ("event", "id", "retry") if name in event]
    if "data" in event:
        return [*lines, f"data: {json.dumps(event['data'], ensure_ascii=False)}"]
    return [*lines, *(f"data: {line}" for line in str(event.get("data_text", "")).split("\n"))]

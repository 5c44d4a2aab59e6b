"""The page at `/`: what the server was asked, newest first. Without JavaScript it is a list that stands still."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import mimetypes
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from ..messages import Answer
from .page_parts import FRAME, SCRIPT, STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..messages import Json
    from .history import History, Row

REQUESTS_PATH = "/_fake/requests.json"
_MOST_SHOWN, _MOST_FILES = 100, 16
_SUMMARY = 160
_STATES = {"COMPLETED": "good", "FAILED": "bad", "CANCELLED": "bad"}


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# The page asks nobody but its own server, and does nothing that is not written here.
_POLICY = (
    f"default-src 'none'; script-src 'sha256-{_hash(SCRIPT)}'; style-src 'sha256-{_hash(STYLE)}'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# What was asked is for nobody but the page: a browser shows it to no other site.
_HEADERS = {
    "cache-control": "no-cache",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def page_answer(place: str, headers: Mapping[str, str], history: History) -> Answer | None:
    """The page, or the same as JSON; None where something else is asked for.

    Args:
        place: A path and a query.
        headers: The request's.
        history: What the server was asked.
    """
    path = place.partition("?")[0]
    if path == "/":
        content = _page(history).encode("utf-8", "replace")
        own = {"content-type": "text/html; charset=utf-8", "content-security-policy": _POLICY}
    elif path == REQUESTS_PATH:
        listed = [_as_json(row, history.now()) for row in history.rows()]
        content, own = json.dumps({"requests": listed}).encode(), {"content-type": "application/json"}
    else:
        return None
    if not _is_own_name(headers.get("host", "")):
        return Answer(421, {"content-type": "text/plain"}, b"this server's page is not shown under that name\n")
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    own |= {**_HEADERS, "etag": etag}
    return Answer(304, own) if headers.get("if-none-match") == etag else Answer(200, own, content)


def _is_own_name(host: str) -> bool:
    """Whether that may be this server's name for a browser: a stranger's site can have its own lead here."""
    name = host.rpartition(":")[0] or host
    if "." not in name or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def files_of(value: Json, cdn: str) -> Iterator[tuple[str, str]]:
    """The path and the kind (image, video, audio, or none of them) of every file of the server's own in a value.

    Args:
        value: An output.
        cdn: How their URLs begin.
    """
    if isinstance(value, str):
        if value.startswith(f"{cdn}/"):
            yield f"/cdn{value.removeprefix(cdn)}", (mimetypes.guess_type(value)[0] or "").partition("/")[0]
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from files_of(one, cdn)
    elif isinstance(value, Sequence):
        for one in value:
            yield from files_of(one, cdn)


def _page(history: History) -> str:
    now = history.now()
    rows = "\n".join(_row(row, now) for row in history.rows()[:_MOST_SHOWN])
    fixed = FRAME.replace("STYLE", STYLE).replace("SCRIPT", SCRIPT)
    return fixed.replace("ROWS", rows or "<p>Nothing was asked yet.</p>")


def _row(row: Row, now: float) -> str:
    state = row.state(now)
    is_done = state == "COMPLETED"
    files = "".join(map(_file, [*files_of(row.output if is_done else None, row.cdn)][:_MOST_FILES]))
    came = datetime.fromtimestamp(row.came, UTC).strftime("%H:%M:%S UTC")
    took = f"{row.seconds:.1f} s" if row.seconds is not None else ""
    facts = " · ".join(filter(None, (took, came, row.request_id)))
    why = f"<pre>{escape(row.error or '')}</pre>" if state == "FAILED" else ""
    after = f"<h3>answer</h3><pre>{escape(_pretty(row.output))}</pre>" if is_done else ""
    return (
        f'<article id="r{row.number}" data-state="{escape(state)}">'
        f'<h2><b>{escape(row.verb)}</b> {escape(row.endpoint)} <i class="{_STATES.get(state, "busy")}">{state}</i></h2>'
        f"<p>{escape(facts)}</p>{why}{files and f'<div>{files}</div>'}"
        f"<details><summary>{escape(_summary(row.input))}</summary>"
        f"<h3>input</h3><pre>{escape(_pretty(row.input))}</pre>{after}</details></article>"
    )


def _file(file: tuple[str, str]) -> str:
    path, kind = escape(file[0]), file[1]
    if kind == "image":
        return f'<a href="{path}"><img src="{path}" alt="{path}" loading="lazy"></a>'
    if kind in ("video", "audio"):
        return f'<{kind} src="{path}" controls preload="metadata"></{kind}>'
    return f'<a href="{path}">{path}</a>'


def _summary(given: Json) -> str:
    prompt = given.get("prompt") if isinstance(given, Mapping) else None
    text = prompt if isinstance(prompt, str) else json.dumps(given, ensure_ascii=False)
    return text if len(text) <= _SUMMARY else f"{text[:_SUMMARY]}…"


def _pretty(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _as_json(row: Row, now: float) -> dict[str, Json]:
    return {
        "number": row.number,
        "verb": row.verb,
        "endpoint": row.endpoint,
        "request_id": row.request_id,
        "state": row.state(now),
        "input": row.input,
        "output": row.output,
        "error": row.error,
        "seconds": row.seconds,
        "came": row.came,
    }

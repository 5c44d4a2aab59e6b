"""Which endpoint is meant: what an id is, where its document lies, and the path a document says to call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ..json_text import Json

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
# Segments are names of files and folders, here and in the client: file systems end at 255 bytes, and whole paths at
# 4,096 or, on Windows, at 260. The longest id of fal's has 62 characters.
LONGEST_SEGMENT, LONGEST_ID = 200, 400


def is_endpoint_id(text: str) -> bool:
    """Whether a text is an endpoint id, e.g. `fal-ai/flux-1/schnell`. Ids become paths and code; nothing else may."""
    segments = text.split("/")
    return len(segments) >= 2 and all(_SEGMENT.fullmatch(segment) for segment in segments)


def is_too_long(endpoint_id: str) -> bool:
    """Whether an id is too long for the names of the files that would be made of it."""
    return max(map(len, endpoint_id.split("/"))) > LONGEST_SEGMENT or len(endpoint_id) > LONGEST_ID


def document_path(specs: Path, endpoint_id: str) -> Path:
    """Where an endpoint's document lies.

    Raises:
        ValueError: This is no endpoint id, and a path made of it could lead anywhere.
    """
    if not is_endpoint_id(endpoint_id):
        raise ValueError(f"{endpoint_id!r} is not an endpoint id")
    return specs / f"{endpoint_id}.json"


def find_documents(specs: Path) -> dict[str, Path]:
    """Documents by id: every `.json` at least one folder deep (files at the top are the project's own)."""
    found: dict[str, Path] = {}
    for path in specs.rglob("*.json"):
        parts = path.relative_to(specs).with_suffix("").parts
        if len(parts) >= 2 and path.is_file():
            found["/".join(parts)] = path
    return found


def posted_path(endpoint_id: str, paths: Mapping[str, Json]) -> str | None:
    """The path to post to: the endpoint's own if it is there, else the shortest (an alias names another id).

    A path that is no endpoint's is never taken. The client appends it to fal's host and sends the key there, and in
    `/a/b?fal_webhook=…`, `/a/b#…` or `/../a/b` a document would say more than which endpoint it is about.

    Args:
        endpoint_id: The id that the document was asked for by.
        paths: The `paths` of the document.
    """
    posts = [path for path in post_paths(paths) if is_endpoint_id(called_id(path))]
    own = "/" + endpoint_id
    return own if own in posts else shortest(posts)


def post_paths(paths: Mapping[str, Json]) -> list[str]:
    """The paths of a document that can be posted to, whatever they are."""
    return [path for path, item in paths.items() if isinstance(item, dict) and "post" in item]


def shortest(paths: Iterable[str]) -> str | None:
    """Of several paths the shortest, and of such the first by letters, so that the order of a document never counts."""
    return min(paths, key=lambda path: (len(path), path), default=None)


def called_id(path: str) -> str:
    """The id of the endpoint at a path: what stands behind its slash."""
    return path.removeprefix("/").removesuffix("/")

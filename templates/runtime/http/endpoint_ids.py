"""Endpoint ids and the part of them that status, result and cancel URLs use."""

from __future__ import annotations

import re

from ..checks import quoted

# fal docs, Queue API and the official clients: these first segments stand before owner/app.
NAMESPACES = frozenset({"workflows", "comfy"})
_SEGMENT = re.compile(r"[A-Za-z0-9._-]+")


def is_segment(text: str) -> bool:
    """Whether a text may stand between two slashes of an id; `.` and `..` would lead elsewhere."""
    return _SEGMENT.fullmatch(text) is not None and text.strip(".") != ""


def check_endpoint_id(endpoint_id: str) -> str:
    """The id, if it is one: two or more segments of letters, digits, `.`, `_` and `-`.

    Raises:
        ValueError: It is not; the message says why.
    """
    if not isinstance(endpoint_id, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"an endpoint id must be a str, not {type(endpoint_id).__name__}")
    segments = endpoint_id.split("/")
    if len(segments) < 2:
        raise ValueError(
            f"{quoted(endpoint_id)} is not an endpoint id: it needs an owner and a name, as in 'fal-ai/flux-1'"
        )
    for segment in segments:
        if not is_segment(segment):
            raise ValueError(
                f"{quoted(endpoint_id)} is not an endpoint id: "
                f"segment {quoted(segment)} must be letters, digits, '.', '_' or '-'"
            )
    return endpoint_id


def check_path(path: str | None) -> str | None:
    """A path below an endpoint, if it is one: empty, or segments as in ids, with or without a slash before them.

    Raises:
        ValueError: It is not; the message says why.
    """
    if path is None:
        return None
    if not isinstance(path, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"path must be a str, not {type(path).__name__}")
    below = path.removeprefix("/")
    if not below:
        return ""
    if not all(map(is_segment, below.split("/"))):
        raise ValueError(f"path must be like '/stream': segments of letters, digits, '.', '_' or '-'; not {path!r}")
    return f"/{below}"


def app_of(path: str) -> str:
    """`[namespace/]owner/app` of an endpoint's path: `fal-ai/flux-1` of `fal-ai/flux-1/schnell`."""
    segments = path.split("/")
    return "/".join(segments[: 3 if segments[0] in NAMESPACES else 2])

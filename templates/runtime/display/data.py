"""Sizes as people read them, and those of `data:` URIs without decoding them."""

from __future__ import annotations


def is_data_uri(text: str) -> bool:
    """Whether a text holds a file itself."""
    return text[:5].lower() == "data:" and "," in text


def size_of(uri: str) -> int:
    """How many bytes are in a `data:` URI (RFC 2397), to within a few where it is not base64."""
    head, _, _ = uri[:200].partition(",")
    length = len(uri) - len(head) - 1
    if not head.lower().endswith(";base64"):
        return length - 2 * uri.count("%", len(head))
    return max(0, length // 4 * 3 - (len(uri) - len(uri[-2:].rstrip("=")) - len(uri[:-2])))


def told_size(count: float) -> str:
    """A number of bytes in words: `3.0 MB`."""
    if count < 1_000:
        return f"{count:.0f} byte{'' if count == 1 else 's'}"
    for power, unit in ((3, "kB"), (6, "MB")):
        if count < 999.95 * 10**power:
            return f"{count / 10**power:.1f} {unit}"
    return f"{count / 10**9:.1f} GB"

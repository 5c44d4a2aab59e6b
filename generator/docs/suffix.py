"""The site's "Default value: …": it stands behind every description on a page, and in no document."""

from __future__ import annotations

import re

from generator.docs.describe import Text, Value, printed, squeezed
from generator.docs.jsonin import whole_value

_SUFFIX = re.compile(r"(?:^|\s)Default value: ")


def split_suffix(text: str) -> tuple[str, str | None]:
    """A description without the site's suffix, and what the suffix says; None where there is none.

    The suffix is the last thing in a description. A default may hold the words itself, so the first place counts
    from which on all is one value; a description may hold them too, with more sentences behind.
    """
    text = text.strip()
    starts = list(_SUFFIX.finditer(text))
    for match in starts:
        rest = _without_code_marks(text[match.end() :])
        if whole_value(rest) is not None or not re.search(r"[.!?]\s", rest):
            return squeezed(text[: match.start()]), rest
    return squeezed(text), None


def _without_code_marks(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text.startswith("`") and text.endswith("`") else text


def read_suffix(text: str, *, is_enum: bool) -> Value | Text:
    """The value in a suffix. It is JSON, but for the members of a union, which have no quotes.

    Args:
        text: What stands behind the words.
        is_enum: Whether the field is an enum: the site quotes its members whatever they are, so `"0"` may be 0.
    """
    value = whole_value(text)
    if value is None or is_enum:
        return Text(text if value is None else printed(value.json))
    return value

"""How a fetched document is printed, so that a change of one fact shows as a change of one line.

fal gives the keys of one document in another order each time, so the order it sends is no order. Keys stay where they
were in the document on disk; new ones follow, sorted, or as `x-fal-order-properties` has them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.jsontext import Json

_ORDER = "x-fal-order-properties"


def printed(document: Json, old: Json = None) -> bytes:
    """A document as its file holds it: two spaces, UTF-8, a final newline.

    Args:
        document: What fal sent.
        old: What the file holds now, if it holds a document.
    """
    text = json.dumps(_arranged(document, old, []), indent=2, ensure_ascii=False) + "\n"
    # A lone surrogate, which JSON may hold and UTF-8 may not, stays the escape it came as.
    return text.encode("utf-8", "backslashreplace")


def _arranged(value: Json, old: Json, wished: list[str]) -> Json:
    if isinstance(value, list):
        before = old if isinstance(old, list) else []
        return [_arranged(item, before[at] if at < len(before) else None, []) for at, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kept = old if isinstance(old, dict) else {}
    order = value.get(_ORDER)
    below = [str(name) for name in order] if isinstance(order, list) else []
    keys = dict.fromkeys([*kept, *wished, *sorted(value)])
    return {
        key: _arranged(value[key], kept.get(key), below if key == "properties" else []) for key in keys if key in value
    }

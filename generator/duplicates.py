"""Where a JSON text has a key twice (a part of stage load): readers take the last one, and few authors mean that."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]', re.DOTALL)


@dataclass(slots=True)
class _Level:
    """An object or a list that is being read; `step` leads to the value that comes next."""

    is_object: bool
    step: str = "0"
    index: int = 0
    wants_key: bool = True
    keys: set[str] = field(default_factory=set[str])


def duplicate_keys(text: str) -> Iterator[tuple[str, int]]:
    """The pointer of every repetition of a key, and its line (from 1), in the order of the text.

    Args:
        text: A text that is JSON.
    """
    path: list[_Level] = []
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        level = path[-1] if path else None
        if mark in "[{":
            path.append(_Level(mark == "{"))
        elif mark in "]}":
            path.pop()
        elif level is None:
            continue
        elif mark == ",":
            level.index, level.wants_key = level.index + 1, True
            level.step = str(level.index)
        elif mark == '"' and level.is_object and level.wants_key:
            key = cast("str", json.loads(token[0]))
            level.step, level.wants_key = key.replace("~", "~0").replace("/", "~1"), False
            if key in level.keys:
                yield "".join(f"/{one.step}" for one in path), text.count("\n", 0, token.start()) + 1
            level.keys.add(key)

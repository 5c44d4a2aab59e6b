"""Whether a request is the same as a recorded one but for secrets, which may be others now, or not be known as such."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from ...checks import is_array, is_object
from .secret_book import PLACEHOLDER

# What a service gave out: another one of these is another request.
_GIVEN_OUT = ("request", "upload")


class Likeness:
    """A comparison of two values, recorded and asked.

    Attributes:
        pairs: What stands now for the placeholders of the recorded one.
    """

    def __init__(self) -> None:
        self.pairs: dict[str, str] = {}

    @property
    def is_one_to_one(self) -> bool:
        """Whether what was two is two: else two tokens of the recording are one now, which may be."""
        return len({*self.pairs.values()}) == len(self.pairs)

    def holds(self, recorded: Any, asked: Any, *, is_place: bool = False) -> bool:
        """Whether they are alike, the same placeholder standing for the same wherever it stands.

        Args:
            recorded: A value of JSON.
            asked: Another one.
            is_place: Whether they are parts of a URL, where what the service gave out must be the same.
        """
        if is_object(recorded) and is_object(asked):
            return self._objects_hold(recorded, asked, is_place=is_place)
        if is_array(recorded) and is_array(asked):
            return len(recorded) == len(asked) and all(
                self.holds(*pair, is_place=is_place) for pair in zip(recorded, asked, strict=True)
            )
        if isinstance(recorded, str) and isinstance(asked, str):
            return recorded == asked or self._text_holds(recorded, asked, is_place=is_place)
        return json.dumps(recorded) == json.dumps(asked)

    def _objects_hold(self, one: dict[str, Any], other: dict[str, Any], *, is_place: bool) -> bool:
        names = [name for name in one if name not in other]  # secrets themselves, or there is something else
        others = [name for name in other if name not in one]
        return (
            self.holds(names, others)
            and all(self.holds(one[name], other[its]) for name, its in zip(names, others, strict=True))
            and all(
                self.holds(value, other[name], is_place=is_place or name == "place")
                for name, value in one.items()
                if name in other
            )
        )

    def _text_holds(self, recorded: str, asked: str, *, is_place: bool) -> bool:
        names = [match[0] for match in PLACEHOLDER.finditer(recorded)]
        match = _pattern(recorded, is_place).fullmatch(asked) if names else None
        if match is None:
            return False
        pairs = zip(names, match.groups(), strict=True)
        return all(self.pairs.setdefault(name, text) == text for name, text in pairs)


@lru_cache(512)
def _pattern(recorded: str, is_place: bool) -> re.Pattern[str]:
    """What matches a text with something else in the places of placeholders: itself, or what is none of a cassette."""
    pieces: list[str] = []
    end = 0
    for match in PLACEHOLDER.finditer(recorded):
        pieces.append(re.escape(recorded[end : match.start()]))
        itself = re.escape(match[0])
        is_fixed = is_place and match[1] in _GIVEN_OUT
        pieces.append(f"({itself})" if is_fixed else rf"({itself}|(?!REDACTED-[a-z0-9_]+-\d).+?)")
        end = match.end()
    return re.compile("".join((*pieces, re.escape(recorded[end:]))), re.DOTALL)

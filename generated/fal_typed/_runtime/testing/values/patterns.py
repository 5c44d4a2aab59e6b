"""A text that a regular expression matches, for those that documents have: nothing that looks around or back."""

from __future__ import annotations

import re
import string
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    # Writes one of the texts that a part of a pattern stands for.
    Write = Callable[[], str]

_PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " "
_INSIDE = {"d": string.digits, "w": string.digits + string.ascii_letters + "_", "s": " "}
_CLASSES = {
    **_INSIDE,
    **{name.upper(): "".join(one for one in _PRINTABLE if one not in _INSIDE[name]) for name in _INSIDE},
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "f": "\f",
    "v": "\v",
    **dict.fromkeys("bBAZz", ""),  # these stand between characters
}
_TIMES = re.compile(r"([*+?])|\{(\d+)(,?)(\d*)\}")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_UNSUPPORTED = re.compile(r"\(\?(?!:|P?<[A-Za-z_]\w*>)|\\[1-9pPkK]")


class NotSimple(Exception):
    """A regular expression that is beyond what is read here."""


def text_for(pattern: str, roll: Callable[[int], int], extra: int = 0) -> str:
    """A text for a pattern. Whether it really matches is for the caller to see.

    Args:
        pattern: A regular expression.
        roll: Gives a number below another one.
        extra: How many more times than it must each repeated part is written, if it may.

    Raises:
        NotSimple: The pattern has what is not read here.
    """
    if _UNSUPPORTED.search(pattern):
        raise NotSimple(pattern)
    reader = _Reader(pattern, roll, extra)
    write = reader.alternatives()
    if reader.at < len(pattern):
        raise NotSimple(pattern)
    return write()


def _repeated(write: Write, times: int) -> str:
    return "".join(write() for _ in range(times))


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str, roll: Callable[[int], int], extra: int) -> None:
        self.at = 0
        self._pattern, self._roll, self._extra = pattern, roll, extra

    def alternatives(self) -> Write:
        """All of `a|b|c`, of which one is written."""
        parts = [self._sequence()]
        while self._takes("|"):
            parts.append(self._sequence())
        return lambda: parts[self._roll(len(parts))]()

    def _sequence(self) -> Write:
        parts: list[Write] = []
        while self.at < len(self._pattern) and self._pattern[self.at] not in "|)":
            part, times = self._atom(), self._times()
            parts.append(partial(_repeated, part, times))
        return lambda: "".join(part() for part in parts)

    def _atom(self) -> Write:
        char = self._pattern[self.at]
        self.at += 1
        if char == "(":
            group = re.compile(r"\?:|\?P?<\w+>").match(self._pattern, self.at)
            self.at = group.end() if group else self.at
            inside = self.alternatives()
            if not self._takes(")"):
                raise NotSimple(self._pattern)
            return inside
        members = self._set() if char == "[" else self._class(char)
        return lambda: members[self._roll(len(members))] if members else ""

    def _times(self) -> int:
        found = _TIMES.match(self._pattern, self.at)
        if not found:
            return 1
        self.at = found.end()
        _ = self._takes("?") or self._takes("+")  # how eagerly makes no difference here
        word, low, comma, high = found.groups()
        least = int(low) if low else int(word == "+")
        most = int(high) if high else 1 if word == "?" else least if low and not comma else least + self._extra
        return min(least + self._extra, most)

    def _class(self, char: str) -> str:
        """The characters that one stands for outside of brackets."""
        if char in "^$":
            return ""
        if char == ".":
            return string.ascii_lowercase + string.digits
        return self._escaped() if char == "\\" else char

    def _escaped(self) -> str:
        if code := _CODE.match(self._pattern, self.at):
            self.at = code.end()
            return chr(int(code[1] or code[2], 16))
        char = self._pattern[self.at : self.at + 1]
        self.at += 1
        return _CLASSES.get(char, char)

    def _set(self) -> str:
        """The characters of `[a-z_]`, behind its first bracket."""
        without = self._takes("^")
        members: list[str] = []
        while not self._takes("]") or not members:
            if self.at >= len(self._pattern):
                raise NotSimple(self._pattern)
            char = self._pattern[self.at]
            self.at += 1
            one = self._escaped() if char == "\\" else char
            is_range = len(one) == 1 and self._pattern[self.at : self.at + 1] == "-"
            if is_range and self._pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 2
                last = self._pattern[self.at - 1]
                last = self._escaped() if last == "\\" else last
                one = "".join(chr(code) for code in range(ord(one), min(ord(last), ord(one) + 200) + 1))
            members.append(one)
        found = "".join(members)
        return "".join(one for one in _PRINTABLE if one not in found) if without else found

    def _takes(self, char: str) -> bool:
        found = self._pattern.startswith(char, self.at)
        self.at += found
        return found

"""The secrets that were seen, and where they stand in a text."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from . import sensitive
from .sensitive import NO_WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PLACEHOLDER = re.compile(r"REDACTED-([a-z0-9_]+)-(x?\d+)")
SCHEME = re.compile(r"(?:Bearer|Key|Basic|Token) +(?=\S)", re.IGNORECASE)
_OF_COOKIES = ("expires", "path", "domain", "max-age", "samesite")
# A longer text is searched for each secret, not for all at each place.
_LONG = 2**16


class SecretBook:
    """What is secret, and of which kind. Not safe to share between threads.

    Attributes:
        kinds: Of all secrets, also of those that may stand for something else in another place.
    """

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._beginnings: dict[str, list[str]] = {}

    def add(self, secret: str, kind: str, *, is_sure: bool = False) -> str:
        """Note a secret, and tell its kind, which is that of the first place it was seen in.

        Args:
            secret: It.
            kind: Of this place.
            is_sure: Whether it is one wherever it stands, even if it looks like a word.
        """
        is_everywhere = len(secret) >= NO_WORD if is_sure else not sensitive.is_plain_word(secret)
        if is_everywhere and secret not in self._forms:
            for form in (secret, quote(secret, safe="")):
                if form not in self._forms:
                    self._forms[form] = secret
                    same = self._beginnings.setdefault(form[:NO_WORD], [])
                    same.append(form)
                    same.sort(key=len, reverse=True)
        return self.kinds.setdefault(secret, kind)

    def learn(self, text: str, kind: str, *, is_sure: bool = False) -> None:
        """Note what is in no body, unless it is short or may be a word."""
        is_one = len(text) >= NO_WORD if is_sure else not sensitive.is_plain_word(text)
        if is_one and not PLACEHOLDER.fullmatch(text):
            self.add(text, kind, is_sure=is_sure)

    def learn_credential(self, text: str, kind: str, *, is_sure: bool) -> None:
        """Note a key whole, and its halves; its id is no word, and its secret may be one."""
        self.learn(text, kind, is_sure=is_sure)
        first, colon, second = text.partition(":")
        if colon:
            self.learn(first, kind)
            self.learn(second, kind, is_sure=is_sure)

    def learn_headers(self, headers: Mapping[str, str]) -> None:
        """Note the secrets of headers, none of which is kept."""
        for name, value in headers.items():
            kind = sensitive.kind_of_name(name)
            if kind is not None and kind != "request":
                for each in _secrets_in(value, kind):
                    self.learn_credential(each, kind, is_sure=name == "authorization")

    def replaced(self, text: str, instead: Callable[[str, str], str]) -> str:
        """A text with something else for each secret that may stand anywhere, of two that overlap the longer.

        Args:
            text: It.
            instead: What stands for a secret, and for how it is written there.
        """
        if len(text) > _LONG:
            for each in sorted(self._forms, key=len, reverse=True):
                if each in text:
                    text = text.replace(each, instead(self._forms[each], each))
            return text
        beginnings, pieces, end = self._beginnings, list[str](), 0
        places = [at for at in range(len(text) - NO_WORD + 1) if text[at : at + NO_WORD] in beginnings]
        for at in places:
            form = next((one for one in beginnings[text[at : at + NO_WORD]] if text.startswith(one, at)), None)
            if form is not None and at >= end:
                pieces += [text[end:at], instead(self._forms[form], form)]
                end = at + len(form)
        return "".join((*pieces, text[end:]))


def _secrets_in(value: str, kind: str) -> Iterable[str]:
    """What is secret in the value of a header: a key, also one in base64; the values of cookies."""
    if kind == "cookie":
        pairs = re.findall(r"([^\s=;,]+)=([^;,\s]+)", value)
        return [text for name, text in pairs if name.lower() not in _OF_COOKIES]
    found: list[str] = []
    for part in re.split(r"[\s,]+", SCHEME.sub("", value)):
        plain = from_base64(part) or b""
        found += [part, plain.decode("ascii", "ignore")] if b":" in plain else [part]
    return found


def from_base64(text: str) -> bytes | None:
    """What is encoded in a text, by either alphabet; None where nothing is."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None

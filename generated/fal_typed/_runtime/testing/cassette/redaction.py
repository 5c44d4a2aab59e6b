"""Replaces what nobody else may see, the same secret by the same placeholder everywhere."""

# design: What does a cassette keep to itself?

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ...checks import is_array, is_object
from . import sensitive
from .secret_book import PLACEHOLDER, SCHEME, SecretBook, from_base64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from .exchanges import Kept

    # Is given each text of a body with its JSON Pointer; gives what is written instead, maybe the same.
    Redact: TypeAlias = Callable[[str, str], str]

# Numbers of accounts stay numbers: whoever reads an answer expects some.
_FIRST_NUMBER = 900_000_000
_URL = re.compile(r"""https?://[^\s"'<>\\]+""")
_DATA_URI = re.compile(r"data:([\w.+/-]+);base64,([A-Za-z0-9+/=]{400,})")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_LONG_RUN = re.compile(r"([A-Za-z0-9+/=_-]{20000,})")
_FORM = re.compile(r"[^\s<>{}\[\]=&]+=[^\s<>{}\[\]]*")
_REQUEST = re.compile(r"(?<=/requests/)[^/?#\s\"']+")
# What of an exchange is text; else there are numbers, and words of our own.
_WITH_TEXT = ("url", "text", "ended")
_OF_A_WEBHOOK = "fal_webhook"


class Redactor:
    """What was replaced, and by what. Not safe to share between threads.

    Args:
        fields: Names of inputs whose texts are replaced as well.
        function: The caller's own.
        names: Placeholders that are known, by what they stand for.
        is_live: Whether its placeholders stand for nothing of a cassette yet: they have an `x` in them.
    """

    def __init__(
        self,
        fields: Iterable[str] = (),
        function: Redact | None = None,
        names: Mapping[str, str] | None = None,
        *,
        is_live: bool = False,
    ) -> None:
        self.names: dict[str, str] = dict(names or {})
        # Whether they have a number yet or not.
        self.secrets = SecretBook()
        self._fields = {name: re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "text" for name in fields}
        self._function = function
        self._mark = "x" if is_live else ""
        self._given = frozenset(self.names.values())
        self._counts: dict[str, int] = {}
        self._first_counts: dict[str, int] = {}
        self._own: set[str] = set()
        self._in_request = False
        for secret, placeholder in self.names.items():
            self.secrets.add(secret, placeholder.split("-")[1])
            self.note(placeholder)

    def note(self, text: str) -> None:
        """Give no new secret a placeholder that is in a text."""
        for kind, number in PLACEHOLDER.findall(text):
            if "x" not in number:
                self._counts[kind] = self._first_counts[kind] = max(self._counts.get(kind, 0), int(number))

    def number_anew(self) -> None:
        """Forget the numbers of placeholders, but not what is secret: those that are written are numbered in order."""
        self.names = {secret: name for secret, name in self.names.items() if name in self._given}
        self._counts = dict(self._first_counts)

    def request(self, request: Kept) -> Kept:
        """A request to be kept, or to be looked for."""
        self._in_request = True
        try:
            places = " ".join((str(request["url"]), *request.get("headers", {}).values()))
            self._own.update(set(_REQUEST.findall(places)) - self.secrets.kinds.keys())
            return {name: self._part(name, value) for name, value in request.items()}
        finally:
            self._in_request = False

    def answer(self, answer: Kept) -> Kept:
        """An answer to be kept."""
        return {name: self._part(name, value) for name, value in answer.items()}

    def _part(self, name: str, value: Any) -> Any:
        if name == "headers":
            return {each: self._header(each, text) for each, text in value.items()}
        if name == "json":
            return self._value(value, "")
        if name == "events":
            return [self._value(event, f"/{at}") for at, event in enumerate(value)]
        if name == "base64":
            return self._base64(value)
        if name == "text" and _FORM.fullmatch(value):
            return self._query(value)
        return self.text(self._called("", value) if name == "text" else value) if name in _WITH_TEXT else value

    def _header(self, name: str, text: str) -> str:
        kind = sensitive.kind_of_name(name)
        if kind == "request" and (self._in_request or text in self._own):
            return text
        return self._placeholder(kind, text) if kind is not None else self.text(text)

    # Values of JSON.

    def _value(self, value: Any, place: str, kind: str | None = None) -> Any:
        if is_object(value):
            return {
                self._key(name): self._value(one, f"{place}/{_pointed(name)}", self._kind(name) or kind)
                for name, one in value.items()
            }
        if is_array(value):
            return [self._value(one, f"{place}/{at}", kind) for at, one in enumerate(value)]
        if isinstance(value, str):
            text = self._called(place, value)
            return self._under(kind, text) if kind is not None and text else self.text(text)
        if kind == "account" and isinstance(value, int) and not isinstance(value, bool):
            return self._number(value)
        return value

    def _kind(self, name: str) -> str | None:
        return self._fields.get(name) or sensitive.kind_of_name(name)

    def _key(self, name: str) -> str:
        return name if sensitive.is_plain_word(name) else self.text(name)

    def _called(self, place: str, text: str) -> str:
        if self._function is None:
            return text
        instead = self._function(place, text)
        if not isinstance(instead, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"redact must give a text for each text, and gave {type(instead).__name__} for {place}")
        return instead

    def _under(self, kind: str, text: str) -> str:
        is_id = kind == "request"
        if is_id and (self._in_request or text in self._own):
            return self.text(text)
        scheme = SCHEME.match(text)
        start = scheme.end() if scheme is not None else 0
        return text[:start] + self._placeholder(kind, text[start:])

    def _number(self, number: int) -> int | str:
        if number >= _FIRST_NUMBER:
            return f"REDACTED-account-{number - _FIRST_NUMBER}" if self._in_request else number
        placeholder = self._placeholder("account", str(number))
        count = PLACEHOLDER.fullmatch(placeholder)
        return placeholder if self._in_request or count is None else _FIRST_NUMBER + int(count[2].strip("x"))

    # Texts.

    def text(self, text: str) -> str:
        """A text without its secrets."""
        if text[:1] in ("{", "[") and (inner := self._nested(text)) is not None:
            return inner
        if self._in_request:
            text = _DATA_URI.sub(_hashed, text)
        pieces = _LONG_RUN.split(text)  # a picture, in which patterns would look for long
        return "".join(self._encoded(piece) if at % 2 else self._short(piece) for at, piece in enumerate(pieces))

    def _short(self, text: str) -> str:
        text = self._known(text)
        text = _URL.sub(lambda match: self._url(match[0]), text)
        text = sensitive.replaced(text, self._placeholder, self._fields)
        return _ENCODED.sub(lambda match: self._encoded(match[0]), text)

    def _placeholder(self, kind: str, secret: str) -> str:
        if PLACEHOLDER.fullmatch(secret):
            return secret
        kind = self.secrets.add(secret, kind)
        if secret not in self.names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self.names[secret] = f"REDACTED-{kind}-{self._mark}{self._counts[kind]}"
        return self.names[secret]

    def _nested(self, text: str) -> str | None:
        """JSON within a text."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        without = self._value(value, "")
        return text if without == value else json.dumps(without, ensure_ascii=False)

    def _known(self, text: str) -> str:
        return self.secrets.replaced(text, self._of)

    def _of(self, secret: str, _form: str) -> str:
        return self._placeholder(self.secrets.kinds[secret], secret)

    def _id(self, text: str) -> str:
        """An id of a request in a path, also a short one."""
        return self._placeholder("request", text) if self.secrets.kinds.get(text) == "request" else text

    def _url(self, url: str) -> str:
        rest, hash_mark, fragment = url.partition("#")
        place, mark, query = rest.partition("?")
        scheme, _, after = place.partition("://")
        host, slash, path = after.partition("/")
        path = _REQUEST.sub(lambda match: self._id(match[0]), f"/{path}")[1:]
        user, at, name = host.rpartition("@")
        if at:
            host = "@".join((":".join(self._placeholder("password", part) for part in user.split(":")), name))
        return f"{scheme}://{host}{slash}{path}{mark}{self._query(query)}{hash_mark}{self._query(fragment)}"

    def _query(self, query: str) -> str:
        if not sensitive.is_signed(query):
            return "&".join(self._pair(pair) for pair in query.split("&"))
        for pair in query.split("&"):
            name, _, value = pair.partition("=")
            kind = sensitive.kind_of_name(name)
            if kind is not None:
                self.secrets.learn(unquote(value), kind)
        return self._placeholder("signature", query)

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        if not value:
            return pair
        plain, kind = unquote(value), self._kind(name)
        if kind == "request" and self._in_request:
            kind = None
        if kind is not None:
            return f"{name}{equals}{self._placeholder(kind, plain)}"
        without = self._webhook(plain) if name == _OF_A_WEBHOOK else self.text(plain) if "%" in value else plain
        return pair if without == plain else f"{name}{equals}{quote(without, safe='')}"

    def _webhook(self, url: str) -> str:
        """The URL of a webhook, which is the caller's own business but for its host."""
        scheme, mark, rest = url.partition("://")
        host, slash, path = rest.rpartition("@")[2].partition("/")
        return f"{scheme}{mark}{host}{slash}{self._placeholder('webhook', path)}" if path else url

    # What is encoded.

    def _encoded(self, run: str) -> str:
        content = from_base64(run)
        if content is None:
            return run
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return self._placeholder("encoded", run) if self._bytes(content) != content else run
        if any(one < " " and one not in "\t\r\n" for one in text):
            return run
        without = self.text(text)
        if without != text and self._in_request:  # numbers of placeholders would show in all of it
            return self._placeholder("encoded", run)
        return run if without == text else base64.b64encode(without.encode()).decode()

    def _base64(self, text: str) -> str:
        content = from_base64(text)
        return text if content is None else binascii.b2a_base64(self._bytes(content), newline=False).decode()

    def _bytes(self, content: bytes) -> bytes:
        """A file without the secrets that are known, as long as it was."""
        text = content.decode("utf-8", "surrogateescape")
        return self.secrets.replaced(text, _stars).encode("utf-8", "surrogateescape")


def _stars(_secret: str, form: str) -> str:
    return "*" * len(form.encode("utf-8", "surrogatepass"))


def _hashed(match: re.Match[str]) -> str:
    """A long data URI of a request, which need not be there again."""
    content = match[2].encode()
    return f"data:{match[1]};sha256,{hashlib.sha256(content).hexdigest()};{len(content)}"


def _pointed(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")

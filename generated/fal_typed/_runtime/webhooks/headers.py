"""fal's headers of a call, in whichever form a server or a web framework has the headers."""

# design: In which forms are a webhook call's headers taken?

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from ..checks import is_sequence

NAMES = ("request-id", "user-id", "timestamp", "signature")
_PREFIX = "x-fal-webhook-"


class HeaderItems(Protocol):
    """A mapping of headers, or what has `items()` as one has: `wsgiref.headers.Headers`, `email.message.Message`."""

    def items(self) -> Iterable[tuple[str | bytes, object]]:
        """Names and values; a value of several is a list."""
        ...


Headers: TypeAlias = HeaderItems | Iterable[tuple[str | bytes, object]]


def webhook_headers(headers: Headers) -> dict[str, list[str]]:
    """The values of fal's headers, by the end of their name (`user-id`); what the others hold is not looked at.

    Raises:
        TypeError: These are no headers.
    """
    found: dict[str, list[str]] = {}
    for pair in _pairs(headers):
        if not isinstance(pair, tuple | list) or len(pair) != 2:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError("headers must be a mapping, or pairs of a name and a value")
        name, value = pair
        end = _end_of(name)
        if end in NAMES:
            found.setdefault(end, []).extend(_texts(value))
    return found


def shown_name(end: str) -> str:
    """The name as fal writes it."""
    return f"{_PREFIX}{end}".title()


def _pairs(headers: Headers) -> Iterable[tuple[str | bytes, object]]:
    items: Callable[[], Iterable[tuple[str | bytes, object]]] | None = getattr(headers, "items", None)
    if callable(items):
        return items()
    if isinstance(headers, str | bytes) or not isinstance(headers, Iterable):
        raise TypeError(f"headers must be a mapping or pairs, not {type(headers).__name__}")
    return headers


def _end_of(name: object) -> str | None:
    """`user-id` of `X-Fal-Webhook-User-Id`, and of what WSGI makes of it, `HTTP_X_FAL_WEBHOOK_USER_ID`."""
    text = (name.decode("latin-1") if isinstance(name, bytes) else str(name)).lower()
    if text.startswith("http_"):
        text = text.removeprefix("http_").replace("_", "-")
    return text.removeprefix(_PREFIX) if text.startswith(_PREFIX) else None


def _texts(value: object) -> list[str]:
    values = value if is_sequence(value) else (value,)
    return [each.decode("latin-1") if isinstance(each, bytes) else str(each) for each in values]

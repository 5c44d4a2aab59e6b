"""The formats of texts that JSON Schema names: a text of each, and whether a text is of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_DATE, _TIME = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
_ZONE = r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_URI_TEXT = r"([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
_FORMATS = {
    "date-time": rf"{_DATE}[Tt ]{_TIME}{_ZONE}",
    "date": _DATE,
    "time": _TIME + _ZONE,
    "duration": r"P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)",
    "uuid": r"[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
    "email": r"[^@\s]+@[^@\s]+",
    "idn-email": r"[^@\s]+@[^@\s]+",
    "hostname": rf"{_LABEL}(\.{_LABEL})*",
    "idn-hostname": r"[^\s.]{1,63}(\.[^\s.]{1,63})*",
    "uri": rf"[A-Za-z][A-Za-z0-9+.-]*:{_URI_TEXT}",
    "iri": r"[A-Za-z][A-Za-z0-9+.-]*:\S*",
    "uri-reference": _URI_TEXT,
    "iri-reference": r"\S*",
    "uri-template": r"[^\s<>\"\\^`|]*",
    "ipv4": r"((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}",
    "ipv6": r"[0-9A-Fa-f:.]{2,45}",
    "relative-json-pointer": r"(0|[1-9]\d*)(#|(/([^~/]|~[01])*)*)",
    "json-pointer": r"(/([^~/]|~[01])*)*",
    "byte": r"[A-Za-z0-9+/]*={0,2}",
}


def is_of_format(form: str, text: str) -> bool:
    """Whether a text is of a format; one that is not known here has any text."""
    return form not in _FORMATS or re.fullmatch(_FORMATS[form], text) is not None


def text_of(form: str, roll: Callable[[int], int], token: str) -> str | None:
    """A text of a format; None for one that is not known here.

    Args:
        form: As a schema names it.
        roll: Gives a number below another one.
        token: At least 32 digits in base 16.
    """
    day, time = f"2026-{roll(12) + 1:02}-{roll(28) + 1:02}", f"{roll(24):02}:{roll(60):02}:{roll(60):02}Z"
    texts = {
        "date-time": f"{day}T{time}",
        "date": day,
        "time": time,
        "duration": f"PT{roll(59) + 1}S",
        # Of version 4, and of the variant of RFC 9562.
        "uuid": f"{token[:8]}-{token[8:12]}-4{token[13:16]}-8{token[17:20]}-{token[20:32]}",
        "email": f"{token[:8]}@example.com",
        "idn-email": f"{token[:8]}@example.com",
        "hostname": f"{token[:8]}.example.com",
        "idn-hostname": f"{token[:8]}.example.com",
        "uri": f"https://example.com/{token[:8]}",
        "iri": f"https://example.com/{token[:8]}",
        "uri-reference": f"/{token[:8]}",
        "iri-reference": f"/{token[:8]}",
        "uri-template": f"/{token[:8]}/{{id}}",
        "ipv4": f"192.0.2.{roll(255)}",
        "ipv6": f"2001:db8::{token[:4]}",
        "json-pointer": f"/{token[:8]}",
        "relative-json-pointer": "0",
        "regex": f"^{token[:8]}$",
        "byte": "AAAA",
    }
    return texts.get(form)

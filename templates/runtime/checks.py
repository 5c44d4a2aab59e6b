"""Checks of the values a caller passes as options: each returns the value or says which parameter is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable

# Set by the client or by the protocol; a caller's value would break the request or leak into another account.
FORBIDDEN_HEADERS = frozenset({"authorization", "host", "content-length", "transfer-encoding"})
# 31 years. A socket refuses ten times as much, and it would when a paid request is on its way.
MOST_SECONDS = 1e9
LONGEST_QUOTED = 300
# Of a text that is a name.
LONGEST_SHORT = 255
_TOKEN_PUNCTUATION = frozenset("!#$%&'*+-.^_`|~")  # RFC 9110, field names


def seconds(name: str, value: float | None, *, above: float = 0.0) -> float | None:
    """A number of seconds greater than `above` that a clock can count, or None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a number of seconds, not {type(value).__name__}")
    if not above < value < float("inf"):
        raise ValueError(f"{name} must be a finite number of seconds greater than {above:g}, not {value!r}")
    if value > MOST_SECONDS:
        raise ValueError(f"{name} must be at most {MOST_SECONDS:g} seconds")
    return value


def count(name: str, value: int | None) -> int | None:
    """A whole number, zero or more, or None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < 0:
        raise ValueError(f"{name} must be 0 or more, not {value}")
    return value


def flag(name: str, value: object) -> Any:
    """A bool or None."""
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {type(value).__name__}")
    return value


def header_text(name: str, value: str | None) -> str | None:
    """Text that can be sent as the value of an HTTP header, or None. The value is not repeated in the message."""
    if value is None:
        return None
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not (value.isascii() and value.isprintable()):
        raise ValueError(
            f"{name} cannot be sent as a header: it contains a line break or a character that is not ASCII"
        )
    if value != value.strip():
        raise ValueError(f"{name} cannot be sent as a header: it begins or ends with a blank")
    return value


def choice(name: str, value: str | None, allowed: tuple[str, ...]) -> str | None:
    """One of the allowed words, or None."""
    if value is not None and value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}")
    return value


def callback(name: str, value: Callable[..., object] | None) -> Callable[..., object] | None:
    """Something that can be called, or None."""
    if value is not None and not callable(value):
        raise TypeError(f"{name} must be callable, not {type(value).__name__}")
    return value


def plain_callback(name: str, value: Callable[..., object] | None) -> None:
    """Refuse a coroutine function, or an object that is called as one, where nothing would await it."""
    if _is_awaited(value):
        raise TypeError(f"{name} is a coroutine function: only AsyncFal awaits those")


def plain_function(name: str, value: Callable[..., object] | None) -> None:
    """Refuse a coroutine function where even the asynchronous client does not await it."""
    if _is_awaited(value):
        raise TypeError(f"{name} must be a plain function: it is called and not awaited")


def _is_awaited(value: object) -> bool:
    """Whether calling it gives a coroutine; `functools.partial` of such a thing does, too."""
    import functools
    import inspect

    while isinstance(value, functools.partial):
        value = value.func
    # Of its type: calling a class makes an object, whatever calling that one gives.
    return any(inspect.iscoroutinefunction(each) for each in (value, type(value).__call__))


def web_url(name: str, value: str | None) -> str | None:
    """An http or https URL as text, or None."""
    if value is None:
        return None
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not value.lower().startswith(("http://", "https://")) or not value.isprintable() or " " in value:
        raise ValueError(f"{name} must be an http or https URL, not {value!r}")
    return value


def journal(name: str, value: Any) -> Any:
    """A journal, or where one is."""
    kind: Any = type(value)  # pyright: ignore[reportUnknownVariableType]
    if value is None or hasattr(kind, "claim"):
        return value
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{name} must be a Journal, a path or a URL, not {kind.__name__}")
    path: Any = value  # pyright: ignore[reportUnknownVariableType]
    if not str(path).strip():
        raise ValueError(f"{name} must be a path or a URL, not an empty text")
    return path


def path_text(name: str, value: Any) -> str:
    """A path as text."""
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{name} must be a path, not {type(value).__name__}")
    path: Any = os.fspath(value)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    if not isinstance(path, str) or not path:
        raise ValueError(f"{name} must be a path as text, not {path!r}")
    return path


def short_text(name: str, value: str | None) -> str | None:
    """A text of one line that is not long."""
    if value is None:
        return None
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not value.strip() or not value.isprintable() or len(value) > LONGEST_SHORT:
        raise ValueError(f"{name} must be 1 to {LONGEST_SHORT} characters that can be printed, not {quoted(value)}")
    return value


def mapping(name: str, value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A mapping with text keys, copied, or None."""
    if value is None:
        return None
    if not isinstance(value, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a mapping, not {type(value).__name__}")
    for key in value:
        if not isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"{name} must have str keys, not {type(key).__name__}")
    return dict(value)


def headers(name: str, value: Mapping[str, str] | None) -> dict[str, str] | None:
    """Extra request headers by lower-case name, or None."""
    copied = mapping(name, value)
    if copied is None:
        return None
    for key, text in copied.items():
        if not key or not all(c.isascii() and (c.isalnum() or c in _TOKEN_PUNCTUATION) for c in key):
            raise ValueError(f"{name}: {key!r} is not a header name")
        if key.lower() in FORBIDDEN_HEADERS:
            raise ValueError(f"{name}: {key!r} is set by the client and cannot be replaced")
        if text is None:
            raise TypeError(f"{name}[{key!r}] must be a str, not None")
        header_text(f"{name}[{key!r}]", text)
    return {key.lower(): text for key, text in copied.items()}


def tags(name: str, value: Mapping[str, str] | None) -> dict[str, str] | None:
    """Tags of usage with keys in lower case, as fal keeps them, or None.

    fal drops a pair that breaks one of its rules (fal docs, Common parameters) and says nothing; here it is refused.
    """
    copied = mapping(name, value)
    if copied is None:
        return None
    for key, text in copied.items():
        pair, small = f"{name}[{key!r}]", key.lower()
        if not 1 <= len(key) <= 64 or not all(c.isascii() and (c.isalnum() or c in "._-") for c in key):
            raise ValueError(f"{pair}: a key must be 1 to 64 letters, digits, '.', '_' or '-'")
        if small.startswith("fal."):
            raise ValueError(f"{pair}: keys that begin with 'fal.' are fal's own")
        if small != key and small in copied:
            raise ValueError(f"{pair}: the key is there twice, since case does not count")
        if not isinstance(text, str):
            raise TypeError(f"{pair} must be a str, not {type(text).__name__}")
        if len(text) > 256 or "," in text or not (text.isascii() and text.isprintable()) or text != text.strip():
            raise ValueError(
                f"{pair}: a value must be at most 256 printable ASCII characters, without a comma or blanks at its ends"
            )
    if len(copied) > 10:
        raise ValueError(f"{name}: fal takes at most 10, not {len(copied)}: {', '.join(copied)}")
    found = {key.lower(): text for key, text in copied.items()}
    if (length := len(tags_text(found))) > 1024:
        raise ValueError(f"{name}: fal takes at most 1024 characters in all ('key=value,key=value'), not {length}")
    return found


def tags_text(given: Mapping[str, str]) -> str:
    """Tags as they are sent."""
    return ",".join(f"{key}={text}" for key, text in given.items())


# The words of the official clients for how long a file is kept, in seconds.
LIFETIMES = {"immediate": 60, "1h": 3600, "1d": 86_400, "7d": 604_800, "30d": 2_592_000, "1y": 31_536_000}


def lifetime(name: str, value: Any, also: tuple[str, ...] = ()) -> int | None:
    """How many seconds fal keeps a file: one of its words, a whole number of seconds, or a timedelta; or None."""
    if value is None:
        return None
    if isinstance(value, str):
        choice(name, value, (*also, *LIFETIMES))
        return LIFETIMES[value]
    from datetime import timedelta

    given: Any = value
    if isinstance(value, timedelta):
        whole, rest = divmod(value, timedelta(seconds=1))
        if rest:
            raise ValueError(f"{name} must be whole seconds, not {value}")
        given = whole
    if not count(name, given):
        raise ValueError(f"{name} must be more than 0 seconds, not {value}")
    return int(given)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """A decoded JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """A decoded JSON array."""
    return isinstance(value, list)


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """What a caller may pass for a JSON object."""
    return isinstance(value, Mapping)


def is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    """What a caller may pass for a JSON array."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)


def suggestion(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """`"; did you mean 'x'?"` with the nearest known name that is not private, or nothing."""
    import difflib

    names = [each for each in known if not each.startswith("_")]
    by_lower = {each.lower(): each for each in names}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=cutoff)
    return f"; did you mean {by_lower[near[0]]!r}?" if near else ""


def quoted(name: object) -> str:
    """A name for a message: a long one, which nobody meant, is cut."""
    text = repr(name)
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]} … {len(text) - LONGEST_QUOTED:,} more"


def shortened(value: object) -> str:
    """A value as text for a message."""
    import reprlib

    short = reprlib.Repr()
    short.maxstring = short.maxother = 80
    try:
        return short.repr(value)
    except Exception:  # a caller's __repr__ may do anything
        return f"a {type(value).__name__}"

"""Any value on a line that a person can read: what is left out is counted.

A value that fits is shown as Python shows it. Another one is shown with ever fewer items, and ever less of its texts,
until it fits: so each field of an output has its share, and none takes the whole line.
"""

# design: How is an output shown?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from ..checks import is_object
from .data import is_data_uri, size_of, told_size
from .told import cut, fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
MOST = 1_700
"""How many characters a value has, with a little left for what is written around it."""
# So much of a data URI tells what it is; what is no longer than the second is shown whole.
_OF_DATA_URI, _WHOLE_DATA_URI = 40, 60
_LONGEST_NAME = 60
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}


class Written(str):
    """Text that is shown as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class _Share(NamedTuple):
    """How much is shown: of the fields of a record, of a list or dict, of a text; and how deep it goes."""

    fields: int
    items: int
    text: int
    depth: int


# The first is for what fits whole, the last for what fits with no other.
_SHARES = (
    _Share(MOST, MOST, MOST, 12),
    _Share(100, 30, 300, 8),
    _Share(50, 10, 150, 6),
    _Share(30, 5, 80, 5),
    _Share(20, 3, 50, 4),
    _Share(12, 2, 40, 3),
    _Share(8, 1, 30, 2),
    _Share(3, 1, 20, 1),
)


class _TooLongError(Exception):
    """It does not fit."""


def short(value: object, most: int = MOST) -> str:
    """A value as text of about so many characters at most: records, lists and dicts as Python shows them."""
    return _fitting(lambda writer: writer.value(value, 0), most)[0]


def short_fields(fields: Iterable[tuple[str, object]]) -> list[tuple[str | None, Written]] | None:
    """Names and values of a record as text; the last may be without a name, and count those that are left out.

    Returns:
        None where all of it fits as Python shows it.
    """
    given = list(fields)
    texts, is_whole = _fitting(lambda writer: writer.fields(given, 0), MOST)
    return None if is_whole else [(name, Written(text)) for name, text in texts]


def _fitting(write: Callable[[_Writer], T], most: int) -> tuple[T, bool]:
    """What is written with the largest share that fits, and whether nothing was left out."""
    for share in _SHARES[:-1]:
        writer = _Writer(share, most)
        try:
            return write(writer), writer.is_whole
        except _TooLongError:
            pass
    return write(_Writer(_SHARES[-1], None)), False


class _Writer:
    """Writes a value with one share.

    Args:
        share: How much is shown.
        most: How many characters there may be; None for as many as the share makes.

    Attributes:
        is_whole: Whether all is as Python shows it.
    """

    def __init__(self, share: _Share, most: int | None) -> None:
        self.is_whole = True
        self._share, self._left = share, most

    def value(self, value: object, depth: int) -> str:
        """A value that is so deep in the whole."""
        if isinstance(value, str):
            return self._spent(self._text(value))
        fields = fields_of(value)
        if fields is not None:
            name = type(value).__name__
            if depth >= self._share.depth:
                return self._spent(f"{name}({self._more(len(fields), 'fields', only=True)})")
            written = self.fields(fields, depth)
            return f"{name}({', '.join(text if of is None else f'{of}={text}' for of, text in written)})"
        if is_object(value):
            return self._dict(value, depth)
        if isinstance(value, list | tuple | set | frozenset):
            return self._items(cast("list[object]", value), depth)
        return self._spent(self._other(value))

    def fields(self, fields: list[tuple[str, object]], depth: int) -> list[tuple[str | None, str]]:
        """Names and values of a record."""
        first = fields[: self._share.fields]
        written: list[tuple[str | None, str]] = [(self._name(of), self.value(item, depth + 1)) for of, item in first]
        left_out = len(fields) - len(first)
        return [*written, (None, self._more(left_out, "fields"))] if left_out else written

    def _dict(self, value: dict[Any, Any], depth: int) -> str:
        if depth >= self._share.depth and value:
            return self._spent(f"{{{self._more(len(value), 'items', only=True)}}}")
        first = list(value)[: self._share.items]
        pairs = [f"{self.value(key, depth + 1)}: {self.value(value[key], depth + 1)}" for key in first]
        return f"{{{', '.join(self._with_rest(pairs, len(value)))}}}"

    def _items(self, value: Iterable[object], depth: int) -> str:
        items = list(value)
        begin, end = next(both for kind, both in _BRACKETS.items() if isinstance(value, kind))
        if depth >= self._share.depth and items:
            return self._spent(f"{begin}{self._more(len(items), 'items', only=True)}{end}")
        written = [self.value(item, depth + 1) for item in items[: self._share.items]]
        inside = ", ".join(self._with_rest(written, len(items)))
        if isinstance(value, tuple) and len(items) == 1:
            inside += ","
        is_empty_set = isinstance(value, set | frozenset) and not items
        return f"{type(value).__name__}()" if is_empty_set else f"{begin}{inside}{end}"

    def _with_rest(self, written: list[str], count: int) -> list[str]:
        self._spend(2 * len(written) + 2)
        return written if count == len(written) else [*written, self._more(count - len(written), "items")]

    def _text(self, text: str) -> str:
        if is_data_uri(text) and len(text) > _WHOLE_DATA_URI:
            self.is_whole = False
            return f"{text[:_OF_DATA_URI]!r} … {told_size(size_of(text))}"
        most = self._share.text
        if len(text) <= most:
            return str.__repr__(text)  # not that of a subclass, which comes from here
        self.is_whole = False
        return f"{text[:most]!r} … {len(text) - most:,} more characters"

    def _other(self, value: object) -> str:
        try:
            text = repr(value)
        except Exception:  # a caller's may do anything, and a number can have too many digits
            self.is_whole = False
            return f"<{type(value).__name__[:_LONGEST_NAME]}>"
        self.is_whole = self.is_whole and len(text) <= self._share.text
        return cut(text, self._share.text)

    def _name(self, name: str) -> str:
        """The name of a field. A server may send any text for one."""
        if name.isidentifier() and len(name) <= _LONGEST_NAME:
            return self._spent(name)
        self.is_whole = False
        return self._spent(cut(repr(name[: 2 * _LONGEST_NAME]), _LONGEST_NAME))

    def _more(self, count: int, what: str, *, only: bool = False) -> str:
        self.is_whole = False
        what = what if count != 1 else what[:-1]
        return f"… {count:,} {what}" if only else f"… {count:,} more {what}"

    def _spent(self, text: str) -> str:
        self._spend(len(text) + 2)
        return text

    def _spend(self, count: int) -> None:
        if self._left is not None:
            self._left -= count
            if self._left < 0:
                raise _TooLongError

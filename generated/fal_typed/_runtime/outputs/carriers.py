"""Plain outputs that know the answer they came from: an object, a list or a text that is nothing else to anybody."""

# design: How does an output that is no model tell where it came from?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..display.shown import InNotebook, ShownList, short_repr
from .parse import show_files

if TYPE_CHECKING:
    from .model import ResponseInfo


class JsonObject(InNotebook, dict[str, Any]):
    """An object: equal to a plain dict, and written as one while that is short."""

    response_info: ResponseInfo | None = None

    def __repr__(self) -> str:
        return short_repr(self)


class JsonArray(ShownList):
    """A list: equal to a plain one, and written as one while that is short."""

    response_info: ResponseInfo | None = None


class JsonText(str):
    """A text: equal to a plain one, and written as one while that is short."""

    response_info: ResponseInfo | None = None
    __slots__: ClassVar[tuple[str, ...]] = ("__dict__",)

    def __repr__(self) -> str:
        return short_repr(self)


_KINDS: dict[type, Any] = {dict: JsonObject, list: JsonArray, str: JsonText}


def carrying(value: Any, info: ResponseInfo) -> Any:
    """The value with the answer that it came from; a number, a truth value or null has no place for it."""
    carrier = showing(value)
    if carrier is not value:
        carrier.response_info = info
    return carrier


def showing(value: Any) -> Any:
    """The value, decoded JSON, such that a notebook shows it and its `repr` is short; it is equal to the plain one."""
    kind: Any = _KINDS.get(type(value))  # pyright: ignore[reportUnknownArgumentType]
    if kind is None:
        return value
    carrier = kind(value)
    if kind is not JsonText:
        show_files(carrier)
    return carrier

"""The bases of everything that a notebook shows as more than text, and whose `repr` is short."""

# design: How is an output shown?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from .told import Telling

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


class InNotebook:
    """Whatever a notebook shows as more than text."""

    __slots__ = ()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """What a notebook shows: HTML, and the same text as `repr`.

        Args:
            include: The media types that are wanted; by default both.
            exclude: Those that are not.
        """
        return bundle(self, include, exclude)


class Shown(InNotebook, Telling):
    """A notebook shows what it tells. Handles, streams, and all below."""

    __slots__ = ()


class Record(Shown):
    """Is nothing but its fields. Outputs and their parts."""

    __slots__ = ()

    __is_record__ = True


class ShownData(Record):
    """The base of dataclasses with `repr=False`: shows their fields, but for those with `repr=False`."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __shown__(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name, field in self.__dataclass_fields__.items() if field.repr}

    def __repr__(self) -> str:
        return short_repr(self)


class ShownList(InNotebook, list[Any]):
    """A list: equal to a plain one, and written as one while that is short. In a notebook the files in it show.

    So they do in what is made of it: slices, sums, multiples and copies.
    """

    __slots__ = ()

    if not TYPE_CHECKING:  # the signatures are those of list

        def __getitem__(self, at: Any) -> Any:
            found = list.__getitem__(self, at)
            return ShownList(found) if isinstance(at, slice) else found

        def __add__(self, other: Any) -> Any:
            return ShownList([*self, *other]) if isinstance(other, list) else NotImplemented

        def __radd__(self, other: Any) -> Any:
            return ShownList([*other, *self]) if isinstance(other, list) else NotImplemented

        def __mul__(self, count: Any) -> Any:
            try:
                return ShownList(list.__mul__(self, count))
            except TypeError:  # the other one may know how
                return NotImplemented

        __rmul__ = __mul__

        def copy(self) -> Any:  # noqa: D102
            return ShownList(self)

    def __repr__(self) -> str:
        return short_repr(self)


def short_repr(value: object) -> str:
    """A value in less than 2,000 characters. What is left out is counted."""
    from .short import short

    return short(value)


def bundle(value: object, include: Container[str] | None, exclude: Container[str] | None) -> dict[str, str]:
    """What a notebook shows of a value, by media type. See `InNotebook._repr_mimebundle_`."""

    def is_wanted(kind: str) -> bool:
        return (not include or kind in include) and not (exclude and kind in exclude)

    shown: dict[str, str] = {}
    if is_wanted("text/plain"):
        shown["text/plain"] = repr(value)
    if is_wanted("text/html"):
        from .page import page

        shown["text/html"] = page(value)
    return shown

"""Types that input declarations use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Protocol, TypeVar, overload

    T_co = TypeVar("T_co", covariant=True)

    class SequenceNotStr(Protocol[T_co]):
        """A list, tuple or other sequence; not a `str`, which a type checker takes for a sequence of `str`.

        `str.__contains__` accepts only `str`, so `str` does not match. There is no `index` or `count` here: their `Any`
        makes pyright and mypy give up on inferring the items of a list literal.
        """

        @overload
        def __getitem__(self, index: int, /) -> T_co: ...
        @overload
        def __getitem__(self, index: slice, /) -> Sequence[T_co]: ...
        def __contains__(self, value: object, /) -> bool: ...
        def __len__(self) -> int: ...
        def __iter__(self) -> Iterator[T_co]: ...
else:
    from collections.abc import Sequence as SequenceNotStr

__all__ = ["SequenceNotStr"]

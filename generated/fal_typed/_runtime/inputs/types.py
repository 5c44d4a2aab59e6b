"""Types that input declarations use. Only modules of endpoints and their types import this one: it loads pydantic."""

# design: Is a sequence input a `list`?

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import AfterValidator, ValidationError, WrapValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol, TypeAlias, TypeVar, overload

    from pydantic import ValidatorFunctionWrapHandler

    P = TypeVar("P")
    M = TypeVar("M")
    T_co = TypeVar("T_co", covariant=True)

    OrModel: TypeAlias = P | M
    """An object that goes in, or the model in which it comes out of the same endpoint."""

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
    from typing import Annotated, Any

    from pydantic import BeforeValidator

    class OrModel:
        """The object alone: of a union with the model pydantic would let unknown names pass. See `laid_open`."""

        def __class_getitem__(cls, either: tuple[Any, Any]) -> Any:
            return either[0]

    def _refuse_text(value: object) -> object:
        if isinstance(value, str | bytes | bytearray):
            raise PydanticCustomError("sequence_str", "text is not taken for a sequence of characters")
        return value

    class SequenceNotStr:
        """A sequence as pydantic checks it: it refuses text by itself, except where the items can be anything."""

        def __class_getitem__(cls, item: Any) -> Any:
            return Annotated[Sequence[item], BeforeValidator(_refuse_text)] if item is Any else Sequence[item]


def _refuse_repeated(value: Sequence[object]) -> Sequence[object]:
    # In JSON true is not 1. Not every item can be hashed, and those that can are many times faster so.
    items = [(isinstance(item, bool), item) for item in value]
    try:
        repeated = len(set(items)) < len(items)
    except TypeError:
        repeated = any(item in items[:at] for at, item in enumerate(items))
    if repeated:
        raise PydanticCustomError("repeated_item", "an item is there twice")
    return value


def _refuse_lookalike(value: object, is_member: ValidatorFunctionWrapHandler) -> object:
    member = is_member(value)
    if isinstance(value, type(member)) and isinstance(value, bool) == isinstance(member, bool):
        return value
    try:
        is_member(object())
    except ValidationError as error:
        raise PydanticKnownError("literal_error", error.errors()[0].get("ctx")) from None
    return value


UNIQUE_ITEMS = AfterValidator(_refuse_repeated)
"""JSON Schema's `uniqueItems`."""

SAME_TYPE = WrapValidator(_refuse_lookalike)
"""For a `Literal` with numbers: to Python `True` and `1.0` equal `1`; fal would be sent something else."""

__all__ = ["SAME_TYPE", "UNIQUE_ITEMS", "OrModel", "SequenceNotStr"]

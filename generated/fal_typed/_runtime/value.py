"""A base for small immutable values, without the 8 ms that importing `dataclasses` would add to naming the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from typing import Self


class Value:
    """Immutable, compared by content, pickled by its fields. A subclass names its fields in `_fields`."""

    _fields: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def _restore(cls, fields: dict[str, Any]) -> Self:
        """Make a value of fields that were already checked."""
        value = cls.__new__(cls)
        value.__dict__.update(fields)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable; {name!r} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable; {name!r} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__[name] for name in self._fields))

    def __repr__(self) -> str:
        set_fields = ((name, self.__dict__[name]) for name in self._fields)
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in set_fields if v is not None)})"

"""What a value tells of itself, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Family: TypeAlias = Literal["image", "video", "audio", "file"]


class Telling:
    """Can tell what it is. Nothing is sent for that, and nothing changed by it."""

    __slots__ = ()

    __is_record__: ClassVar[bool] = False
    """Whether it is nothing but what it tells, as `repr` then lists it."""
    __family__: ClassVar[Family | None] = None
    """What a class of files holds; None for what is no file."""

    def __shown__(self) -> Mapping[str, Any]:
        """What is told of it."""
        raise NotImplementedError


def told_by(value: Telling) -> Mapping[str, Any]:
    """What a value tells."""
    return value.__shown__()


def fields_of(value: object) -> list[tuple[str, Any]] | None:
    """The fields that the `repr` of a value lists; None for what is no record."""
    return list(value.__shown__().items()) if isinstance(value, Telling) and value.__is_record__ else None


def family_of(value: object) -> Family | None:
    """Which kind of file a value is, by its class; None for what is no file."""
    return value.__family__ if isinstance(value, Telling) else None


def cut(text: str, most: int) -> str:
    """A text, or its beginning and how much more there is."""
    return text if len(text) <= most else f"{text[:most]} … {len(text) - most:,} more characters"

"""Types as the documentation names them: `string`, `list<Image>`, `ImageSize | Enum`."""

from __future__ import annotations

from dataclasses import dataclass

from .limits import LABEL

PLAIN = frozenset({"string", "integer", "float", "boolean"})
"""Types that every page calls by these names."""
OPEN = frozenset({"object", "any", "unknown", "void", "json"})
"""Names for objects of which nothing more is known."""

CONSTANT = "constant"
"""What stands before the type of a value that can only be one."""


@dataclass(frozen=True, slots=True)
class Named:
    """A type by its name: one of `PLAIN` or `OPEN`, an enum (`AspectRatioEnum`), or an object type (`Image`)."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    item: Label

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several types."""

    members: tuple[Label, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.members))


Label = Named | ListOf | OneOf
_DEEPEST = 20


def parse_label(text: str) -> Label | None:
    """A type's label, or None if the text is none.

    Names may have any characters but `<`, `>` and `|`: fal makes them of titles (`AspectRatio(W:H)Enum`).
    """
    return _parse(text, 0)


def _parse(text: str, depth: int) -> Label | None:
    parts = split_label(text)
    if parts is None or depth > _DEEPEST:
        return None
    if len(parts) > 1:
        members = [_parse(part, depth + 1) for part in parts]
        found = tuple(member for member in members if member is not None)
        return OneOf(found) if len(found) == len(parts) else None
    text = text.strip()
    if "<" not in text:
        return Named(text) if text else None
    name, _, rest = text.partition("<")
    if name.strip().lower() not in ("list", "array") or not rest.endswith(">"):
        return None
    item = _parse(rest[:-1], depth + 1)
    return None if item is None else ListOf(item)


def split_label(text: str) -> list[str] | None:
    """The alternatives at the top level; None where the brackets do not match, or the text is too long for a label."""
    if len(text) > LABEL:
        return None
    parts, start, depth = list[str](), 0, 0
    for at, character in enumerate(text):
        depth += (character == "<") - (character == ">")
        if depth < 0:
            return None
        if character == "|" and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]] if depth == 0 else None


def is_enum(label: Label) -> bool:
    """Whether a label names an enum."""
    return isinstance(label, Named) and label.name.endswith("Enum")


def object_names(label: Label) -> list[str]:
    """The names in a label that may be object types, in order."""
    match label:
        case Named(name=name):
            return [] if name in PLAIN | OPEN or is_enum(label) else [name]
        case ListOf(item=item):
            return object_names(item)
        case OneOf(members=members):
            return [name for member in members for name in object_names(member)]

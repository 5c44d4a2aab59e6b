"""How the type of one value changed: narrower, wider or both, and what to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..json_text import canonical
from ..project.changelog import code
from ..shapes import (
    AnyShape,
    ArrayShape,
    EnumShape,
    IntegerShape,
    MapShape,
    NullShape,
    NumberShape,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
    union,
)
from . import sentences
from .sentences import members, spelled
from .verdict import Direction
from .within import Within, count_inside, inside, text_inside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..shapes import ObjectDef
    from .surface import TypeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The object types of one document that go one way, and what users call them."""

    objects: Mapping[str, ObjectDef]
    names: Mapping[str, TypeName]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One difference between two types of a value.

    Attributes:
        text: A sentence about it, without its full stop.
        narrower: Whether some value went before and does not now.
        wider: Whether some value goes now and did not before.
        soft: Whether it is a limit that Python's types do not show (a bound, a length, a pattern).
        untyped: Whether nothing is known now of a value that was described.
    """

    text: str
    narrower: bool = False
    wider: bool = False
    soft: bool = False
    untyped: bool = False


class Types:
    """Compares the types of values that go one way.

    `met` gathers the pairs of object types on the way, old name and new name: what changed in them is told once, and
    not at each place they are used.
    """

    def __init__(self, old: Side, new: Side, direction: Direction) -> None:
        self.met: dict[tuple[str, str], None] = {}
        self._old, self._new = old, new
        self._takes = direction is Direction.INPUT
        self._loses = "no longer takes" if self._takes else "is no longer ever"
        self._wins = "now also takes" if self._takes else "can now also be"

    def compare(self, old: Shape, new: Shape, subject: str) -> list[Delta]:
        """The differences between two types of one value, which `subject` names.

        A member of a union that is gone is no loss where the others still cover it; likewise one that has come.
        """
        (before, could), (after, can) = _parts(old), _parts(new)
        deltas: list[Delta] = []
        if could != can and AnyShape() not in (*before, *after):
            now = f"can now be {code('None')}" if can else sentences.NO_NONE
            deltas.append(Delta(text=f"{subject} {now}", narrower=could, wider=can))
        pairs, gone, come = self._match(before, after)
        if gone or come:
            lost = not all(Within(self._old.objects, self._new.objects)(one, union(after)) for one in gone)
            won = not all(Within(self._new.objects, self._old.objects)(one, union(before)) for one in come)
            text = self._retyped(gone, come, subject, whole=not pairs)
            deltas.append(Delta(text=text, narrower=lost, wider=won, untyped=AnyShape() in come))
        for one, other in pairs:
            deltas += self._pair(one, other, subject)
        return deltas

    # --- members of unions ---------------------------------------------------------------------------------------

    def _match(
        self, before: list[Shape], after: list[Shape]
    ) -> tuple[list[tuple[Shape, Shape]], list[Shape], list[Shape]]:
        """Which member became which; the rest is gone, or has come."""
        pairs: list[tuple[Shape, Shape]] = []
        gone, come = list(before), list(after)
        for same in (self._equal, self._alike):
            for one in list(gone):
                twins = [other for other in come if same(one, other)]
                if twins:
                    pairs.append((one, twins[0]))
                    gone.remove(one)
                    come.remove(twins[0])
        return pairs, gone, come

    def _equal(self, one: Shape, other: Shape) -> bool:
        if isinstance(one, RefShape) and isinstance(other, RefShape):
            return self._old.names[one.name].alias == self._new.names[other.name].alias
        return one == other

    def _alike(self, one: Shape, other: Shape) -> bool:
        """Whether one may well be what became of the other."""
        if isinstance(one, RefShape) and isinstance(other, RefShape):
            mine = {p.wire_name for p in self._old.objects[one.name].properties}
            theirs = {p.wire_name for p in self._new.objects[other.name].properties}
            return 2 * len(mine & theirs) >= len(mine | theirs)
        return type(one) is type(other)

    def _retyped(self, gone: list[Shape], come: list[Shape], subject: str, *, whole: bool) -> str:
        """What is said of members without a counterpart."""
        was, now = code(spelled(union(gone), self._old.names)), code(spelled(union(come), self._new.names))
        if gone and come:
            return f"{subject} was {'' if whole else 'in part '}{was} and is now {now}"
        return f"{subject} {self._loses} {was}" if gone else f"{subject} {self._wins} {now}"

    # --- two of a kind -------------------------------------------------------------------------------------------

    def _pair(self, one: Shape, other: Shape, subject: str) -> list[Delta]:
        match one, other:
            case (IntegerShape(bounds=x), IntegerShape(bounds=y)) | (NumberShape(bounds=x), NumberShape(bounds=y)):
                whole = isinstance(one, IntegerShape)
                lost, won = not inside(x, y, whole=whole), not inside(y, x, whole=whole)
                return self._limit(subject, "be", sentences.bounds(x), sentences.bounds(y), lost=lost, won=won)
            case (StringShape(), StringShape()):
                return self._text(one, other, subject)
            case (EnumShape(), EnumShape()):
                return self._enum(one, other, subject)
            case (ArrayShape(), ArrayShape()):
                count = self._count(one, other, subject)
                return count + self.compare(one.items, other.items, f"an item of {subject}")
            case (MapShape(values=x), MapShape(values=y)):
                return self.compare(x, y, f"a value in {subject}")
            case (RefShape(name=x), RefShape(name=y)):
                self.met[x, y] = None
                return []
            case _:
                return []

    def _enum(self, one: EnumShape, other: EnumShape, subject: str) -> list[Delta]:
        before, after = {canonical(m) for m in one.members}, {canonical(m) for m in other.members}
        gone = [m for m in one.members if canonical(m) not in after]
        come = [m for m in other.members if canonical(m) not in before]
        # A long list of what else there is says little.
        few = self._takes and len(other.members) <= sentences.MOST
        instead = f": pass {members(other.members, 'or')} instead" if few else ""
        deltas = [Delta(text=f"{subject} {self._loses} {members(gone, 'or')}{instead}", narrower=True)] if gone else []
        return deltas + ([Delta(text=f"{subject} {self._wins} {members(come, 'or')}", wider=True)] if come else [])

    def _text(self, one: StringShape, other: StringShape, subject: str) -> list[Delta]:
        short, long = (StringShape(min_length=s.min_length, max_length=s.max_length) for s in (one, other))
        was, now = (sentences.length(s.min_length, s.max_length, "characters") for s in (one, other))
        lost, won = not text_inside(short, long), not text_inside(long, short)
        deltas = self._limit(subject, "have", was, now, lost=lost, won=won)
        if one.pattern != other.pattern:
            rule = "need no longer match" if other.pattern is None else "must now match"
            pattern = code(other.pattern if other.pattern is not None else one.pattern or "")
            narrower, wider = other.pattern is not None, one.pattern is not None
            deltas.append(Delta(text=f"{subject} {rule} {pattern}", narrower=narrower, wider=wider, soft=True))
        if one.format != other.format:
            now = "no special format" if other.format is None else f"the format {code(other.format)}"
            deltas.append(Delta(text=f"{subject} is now documented with {now}"))
        return deltas

    def _count(self, one: ArrayShape, other: ArrayShape, subject: str) -> list[Delta]:
        lost, won = not count_inside(one, other), not count_inside(other, one)
        return self._limit(subject, "have", _items(one), _items(other), lost=lost, won=won)

    def _limit(self, subject: str, verb: str, was: str, now: str, *, lost: bool, won: bool) -> list[Delta]:
        """A changed limit of what a value may be, or what it may have (characters, items)."""
        if not lost and not won:
            return []
        does = f"{'must' if lost else 'may'} now {verb}" if self._takes else f"is now documented to {verb}"
        return [Delta(text=f"{subject} {does} {now} (before: {was})", narrower=lost, wider=won, soft=True)]


def _parts(shape: Shape) -> tuple[list[Shape], bool]:
    """The members of a type without null, and whether null is one."""
    members = list(shape.members) if isinstance(shape, UnionShape) else [shape]
    return [one for one in members if not isinstance(one, NullShape)], NullShape() in members


def _items(shape: ArrayShape) -> str:
    return sentences.length(shape.min_items, shape.max_items, "items") + (", all different" if shape.unique else "")

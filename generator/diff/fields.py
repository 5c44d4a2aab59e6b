"""What changed in the fields of one object type."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..ir.identifiers import field_names
from ..ir.lower import OPTIONS
from ..parse.media import media_of
from ..parse.output_files import is_file
from ..parse.structure import mentions
from ..project.changelog import code
from ..shapes import AnyShape, Media, NullShape, Prose, Shape, union
from .media import media_deltas
from .sentences import NO_NONE, REQUIRED, sentence, spelled, value
from .verdict import Change, Direction, Verdict

if TYPE_CHECKING:
    from ..shapes import ObjectDef, Property
    from .types import Delta, Side, Types

_BASES = {
    Media.IMAGE: f"a picture ({code('AnyImage')})",
    Media.VIDEO: f"a video ({code('AnyVideo')})",
    Media.AUDIO: f"a sound ({code('AnyAudio')})",
}


@dataclass(slots=True, kw_only=True)
class FieldsDiff:
    """Compares object types of one endpoint that go one way.

    Attributes:
        types: Compares the fields' types, and gathers the object types that they mention.
        changes: What was found.
        prose: The places whose documentation alone changed.
    """

    old: Side
    new: Side
    direction: Direction
    types: Types
    changes: list[Change] = field(default_factory=list[Change])
    prose: list[str] = field(default_factory=list[str])

    def compare(self, was: str, now: str, *, root: bool) -> None:
        """Compare two object types, by their names in the old and in the new document."""
        before, after = self.old.objects[was], self.new.objects[now]
        owner = "" if root else self.old.names[was].alias
        place = _Place(self.direction, owner)
        there = {p.wire_name: p for p in before.properties}
        here = {p.wire_name: p for p in after.properties}
        old_names, new_names = _names(before, self.old, self.direction), _names(after, self.new, self.direction)
        for wire, prop in there.items():
            if wire not in here:
                self._removed(place, old_names[wire], after)
            else:
                self._renamed(place, old_names[wire], new_names[wire])
                self._field(place, old_names[wire], prop, here[wire])
        for wire, prop in here.items():
            if wire not in there:
                self._added(place, new_names[wire], prop, root=root)
        self._as_a_whole(place, before, after)

    # --- one field -----------------------------------------------------------------------------------------------

    def _removed(self, place: _Place, name: str, after: ObjectDef) -> None:
        # Where any name goes calls run on, but nothing checks them any more: somebody must look at that document.
        still = self.direction is Direction.INPUT and after.extra == AnyShape()
        words = "is gone: leave it out" if self.direction is Direction.INPUT else "is gone"
        if still:
            words = "is no longer described, and still goes as any other name does"
        self._add("field-removed", Verdict.MAJOR, place.of(name), f"{place.subject(name)} {words}")

    def _renamed(self, place: _Place, was: str, now: str) -> None:
        if was != now:
            text = f"{place.subject(was)} is now called {code(now)}"
            self._add("field-renamed", Verdict.MAJOR, place.of(was), text)

    def _added(self, place: _Place, name: str, prop: Property, *, root: bool) -> None:
        type_ = code(spelled(self._effective(prop), self.new.names))
        where, described = place.of(name), f"{place.subject(name)} ({type_})"
        if self.direction is Direction.OUTPUT:
            self._add("field-added", Verdict.MINOR, where, f"new {described}")
        elif _must_be_given(prop):
            self._add("field-added-required", Verdict.MAJOR, where, f"new {described}, which is required")
        elif root and name in OPTIONS:
            text = f"new {described}, which takes the place of the option of that name"
            self._add("option-hidden", Verdict.MAJOR, where, f"{text}; the option is reached through `with_options`")
        else:
            default = "" if prop.default is None else f", {value(prop.default)} by default"
            self._add("field-added", Verdict.MINOR, where, f"new optional {described}{default}")

    def _field(self, place: _Place, name: str, before: Property, after: Property) -> None:
        subject, where = place.subject(name), place.of(name)
        for delta in self.types.compare(self._effective(before), self._effective(after), subject):
            self.delta(where, _with_advice(delta, subject, after) if self.direction is Direction.INPUT else delta)
        if self.direction is Direction.INPUT:
            self._required(where, subject, before, after)
            for delta in media_deltas(before.media, after.media, subject):
                self.delta(where, delta)
        self._default(where, subject, before, after)
        if after.prose.deprecated and not before.prose.deprecated:
            self._add("field-deprecated", Verdict.MINOR, where, f"{subject} is now deprecated")
        if _words(before.prose) != _words(after.prose) or _said(before) != _said(after):
            self.prose.append(place.subject(name))

    def _effective(self, prop: Property) -> Shape:
        """What a user meets: an output field that the server left out reads as None."""
        absent = self.direction is Direction.OUTPUT and not prop.required
        return union([prop.shape, NullShape()]) if absent else prop.shape

    def _required(self, where: str, subject: str, before: Property, after: Property) -> None:
        must, now_must = _must_be_given(before), _must_be_given(after)
        if now_must and not must:
            had = "" if before.default is None else f" (before, {value(before.default)} was taken)"
            self._add("field-required", Verdict.MAJOR, where, f"{subject} {REQUIRED}{had}")
        if must and not now_must:
            self._add("field-optional", Verdict.MINOR, where, f"{subject} is now optional")

    def _default(self, where: str, subject: str, before: Property, after: Property) -> None:
        """Defaults of inputs decide what a call gives that leaves them out; those of outputs are documentation."""
        if before.default == after.default or (self.direction is Direction.INPUT and _must_be_given(after)):
            return
        if before.default is None and after.default is not None:
            text = f"the default of {subject} is now {value(after.default)} (before, none was documented)"
        elif after.default is None and before.default is not None:
            text = f"the default of {subject} is no longer documented (before: {value(before.default)})"
        else:
            assert before.default is not None and after.default is not None  # noqa: PT018
            text = f"the default of {subject} is now {value(after.default)} (before: {value(before.default)})"
        verdict = Verdict.MINOR if self.direction is Direction.INPUT else Verdict.PATCH
        self._add("default-changed", verdict, where, text)

    # --- the type as a whole -------------------------------------------------------------------------------------

    def _as_a_whole(self, place: _Place, before: ObjectDef, after: ObjectDef) -> None:
        if self.direction is Direction.OUTPUT and is_file(before.properties) != is_file(after.properties):
            is_now = is_file(after.properties)
            words = "is now a file that can be downloaded" if is_now else "is no longer a file that can be downloaded"
            verdict = Verdict.MINOR if is_now else Verdict.MAJOR
            self._add("file-gained" if is_now else "file-lost", verdict, place.itself, f"{place.name} {words}")
        if self.direction is Direction.OUTPUT:
            self._media(place, media_of(before), media_of(after))
        self._extra(place, before.extra, after.extra)
        if _words(before.prose) != _words(after.prose):
            self.prose.append(place.name)
        kept = [p.wire_name for p in before.properties if p.wire_name in {q.wire_name for q in after.properties}]
        if kept != [p.wire_name for p in after.properties if p.wire_name in kept]:
            text = f"the fields of {place.name} are listed in another order"
            self._add("order", Verdict.PATCH, place.itself, text)

    def _media(self, place: _Place, before: Media | None, after: Media | None) -> None:
        """Whether functions for any picture, any video or any sound take it still."""
        if before is after:
            return
        if before is not None:
            text = f"{place.name} is no longer {_BASES[before]}"
            self._add("media-lost", Verdict.MAJOR, place.itself, text)
        if after is not None:
            self._add("media-gained", Verdict.MINOR, place.itself, f"{place.name} is now {_BASES[after]}")

    def _extra(self, place: _Place, before: Shape | None, after: Shape | None) -> None:
        """Names beside those described: a caller may pass them or not; a reader gets them in any case."""
        subject = f"any other field of {place.name}"
        if before is not None and after is not None:
            for delta in self.types.compare(before, after, subject):
                self.delta(place.itself, delta)
        elif (before is None) != (after is None):
            opened = before is None
            if self.direction is Direction.OUTPUT:
                verdict = Verdict.PATCH
            else:
                verdict = Verdict.MINOR if opened else Verdict.MAJOR
            takes, has = ("now takes", "may now have") if opened else ("no longer takes", "no longer has")
            text = f"{place.name} {takes if self.direction is Direction.INPUT else has} fields that are not described"
            self._add("extra-opened" if opened else "extra-closed", verdict, place.itself, text)

    def delta(self, where: str, delta: Delta) -> None:
        """Record a difference of types with what it means in this direction."""
        breaks, gives = delta.narrower or delta.untyped, delta.wider
        if self.direction is Direction.OUTPUT:
            # Limits of outputs are no part of their Python types, and an answer beyond them is still given out.
            breaks, gives = delta.wider and not delta.soft, delta.narrower and not delta.soft
        verdict = Verdict.MAJOR if breaks else Verdict.MINOR if gives else Verdict.PATCH
        both = delta.narrower and delta.wider
        kind = "type-changed" if both else "narrower" if delta.narrower else "wider" if delta.wider else "type-same"
        self._add(kind, verdict, where, delta.text)

    def _add(self, kind: str, verdict: Verdict, where: str, text: str) -> None:
        self.changes.append(Change(kind=kind, verdict=verdict, where=where, text=sentence(text)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where fields are: in the root, or in a type that it leads to."""

    direction: Direction
    owner: str

    @property
    def itself(self) -> str:
        return f"{self.direction.value}.{self.owner}" if self.owner else self.direction.value

    @property
    def name(self) -> str:
        return f"{code(self.owner)} ({self.direction.value})" if self.owner else f"the {self.direction.value}"

    def of(self, name: str) -> str:
        return f"{self.itself}.{name}"

    def subject(self, name: str) -> str:
        if self.owner:
            return f"{self.direction.value} field {code(f'{self.owner}.{name}')}"
        return f"{self.direction.value} {code(name)}"


def _names(definition: ObjectDef, side: Side, direction: Direction) -> dict[str, str]:
    """What users call the fields, by their names in the document."""
    classes = [side.names[ref].alias for ref in mentions(definition)]
    wires = [p.wire_name for p in definition.properties]
    return field_names(wires, model=direction is Direction.OUTPUT, classes=classes)


def _with_advice(delta: Delta, subject: str, after: Property) -> Delta:
    """What to do in place of None, where that was a way to leave an input out."""
    if delta.text != f"{subject} {NO_NONE}" or _must_be_given(after):
        return delta
    return replace(delta, text=f"{delta.text}: leave it out instead")


def _must_be_given(prop: Property) -> bool:
    return prop.required and prop.default is None


def _words(prose: Prose) -> str:
    return prose.description


def _said(prop: Property) -> str:
    return "" if prop.media is None else prop.media.said

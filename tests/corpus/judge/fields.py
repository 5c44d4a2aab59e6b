"""What changed in the objects of one document that go one way: inputs are made by the caller, outputs are read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from .values import ANYTHING, NULL, Alternatives, Anything, Lists, Maps, Matched, Texts, Thing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .values import Reader, Schema


class Weight(IntEnum):
    """How much a change matters, as a part of a version."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


# Names that the verbs have for themselves: an input of that name takes the place of one.
VERBS_OWN = frozenset({"logs", "on_queue_update", "webhook_url"})
_FILE = ("content_type", "file_name", "file_size")
_TOLD = frozenset(
    "format pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems "
    "uniqueItems".split()
)
_FILE_LIMIT = re.compile("(min|max)_(file_size|width|height|pixels|area|aspect_ratio|duration|frames|fps)")


@dataclass
class OneWay:
    """Compares what goes one way.

    Attributes:
        found: The weight of each change, and where it is: `input.prompt`; `input.Image` for a type as a whole.
    """

    old: Reader
    new: Reader
    takes: bool
    found: list[tuple[Weight, str]] = field(default_factory=list[tuple[Weight, str]])
    matched: Matched = field(default_factory=Matched)
    _waiting: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def begin(self, before: Alternatives, after: Alternatives) -> None:
        """Compare the roots, and all objects that became others of theirs."""
        match [*before], [*after]:
            case [Thing(one)], [Thing(other)]:
                self._meet(one, other)
                root = (one, other)
            case _:
                self.values(before, after, "")
                root = None
        while self._waiting:
            one, other = self._waiting.pop()
            self.objects(one, other, root=(one, other) == root)

    def _say(self, weight: Weight, where: str) -> None:
        self.found.append((weight, ".".join(filter(None, ("input" if self.takes else "output", plain_name(where))))))

    # --- values ------------------------------------------------------------------------------------------------------

    def values(self, before: Alternatives, after: Alternatives, where: str) -> None:
        """Compare what a value can be."""
        self._pair(before, after)
        lost = bool(self.matched.lost(before, after))
        come = bool(self.matched.lost(after, before, back=True))
        blind = _is_open(after) and not _is_open(before)
        breaks, gives = (lost or blind, come) if self.takes else (come, lost)
        if breaks or gives:
            self._say(Weight.MAJOR if breaks else Weight.MINOR, where)
        elif len(before) != len(after):  # the same values in other words, which the annotation shows
            self._say(Weight.PATCH, where)

    def _pair(self, before: Alternatives, after: Alternatives) -> None:
        """Which object became which: the one of its name, else one with half of the fields in common."""
        mine = sorted(one.name for one in before if isinstance(one, Thing))
        theirs = sorted(one.name for one in after if isinstance(one, Thing))
        for alike in (plain_name_alike, self._similar):
            for one in list(mine):
                twin = next((other for other in theirs if alike(one, other)), None)
                if twin is not None:
                    mine.remove(one)
                    theirs.remove(twin)
                    self._meet(one, twin)
        for kind in (Lists, Maps):
            inside, within = (
                [one.items if isinstance(one, Lists) else one.values for one in side if isinstance(one, kind)]
                for side in (before, after)
            )
            for one, other in ((one, other) for one in inside for other in within):
                self._pair(one, other)

    def _similar(self, one: str, other: str) -> bool:
        mine, theirs = self.old.things[one]["properties"].keys(), self.new.things[other]["properties"].keys()
        return 2 * len(mine & theirs) >= len(mine | theirs)

    def _meet(self, one: str, other: str) -> None:
        if (one, other) not in self.matched.pairs:
            self.matched.pairs.add((one, other))
            self._waiting.append((one, other))

    # --- objects -----------------------------------------------------------------------------------------------------

    def objects(self, one: str, other: str, *, root: bool) -> None:
        """Compare two objects, field by field and as a whole."""
        before, after = self.old.things[one], self.new.things[other]
        owner = "" if root else one
        mine, theirs = self._fields(before, self.old, one), self._fields(after, self.new, other)
        for name in mine.keys() - theirs.keys():
            self._say(Weight.MAJOR, name)
        for name in theirs.keys() - mine.keys():
            hides = root and name in VERBS_OWN
            breaks = self.takes and (_must(after, name) or hides)
            self._say(Weight.MAJOR if breaks else Weight.MINOR, name)
        for name in mine.keys() & theirs.keys():
            self.values(mine[name], theirs[name], name)
            self._field(before, after, name)
        if self.takes:
            self._others(before, after, one, other, owner)
        elif _is_file(before, self.old) != _is_file(after, self.new):
            self._say(Weight.MINOR if _is_file(after, self.new) else Weight.MAJOR, owner)
        elif (_welcomes(before), _welcomes(after)) == (True, True):
            self._others(before, after, one, other, owner)
        both = mine.keys() & theirs.keys()
        ordered = [one for one in _order(before) if one in both] == [one for one in _order(after) if one in both]
        if _said(before) != _said(after) or not ordered or _welcomes(before) != _welcomes(after):
            self._say(Weight.PATCH, owner)

    def _fields(self, schema: Schema, reader: Reader, name: str) -> dict[str, Alternatives]:
        """The fields with what they can be; what an answer leaves out reads as null."""
        found: dict[str, Alternatives] = {}
        for key, part in schema["properties"].items():
            inner = name + (key.replace("_", " ").title().replace(" ", "") or "Field")
            values = reader.read(part, inner)
            if not self.takes and key not in schema.get("required", []) and not _is_open(values):
                values |= {NULL}
            found[key] = values
        data = found.get("file_data", ANYTHING)
        if not self.takes and all(isinstance(one, Texts) or one == NULL for one in data) and _is_file(schema, reader):
            del found["file_data"]  # what a file holds is read by the client, whatever the document says of it
        return found

    def _field(self, before: Schema, after: Schema, name: str) -> None:
        """What there is to a field besides its values."""
        was, now = before["properties"][name], after["properties"][name]
        if not isinstance(was, dict) or not isinstance(now, dict):
            return
        must, now_must = _must(before, name), _must(after, name)
        if self.takes and must != now_must:
            self._say(Weight.MAJOR if now_must else Weight.MINOR, name)
        if _default(was) != _default(now) and not (self.takes and now_must):
            self._say(Weight.MINOR if self.takes else Weight.PATCH, name)
        if now.get("deprecated") is True and was.get("deprecated") is not True:
            self._say(Weight.MINOR, name)
        if self.takes and re.search("urls?$", name):
            self._files(dict(_file_limits(was, self.old)), dict(_file_limits(now, self.new)), name)
        if _said(was) != _said(now) or _texts(was) != _texts(now):
            self._say(Weight.PATCH, name)

    def _files(self, before: dict[str, float], after: dict[str, float], name: str) -> None:
        """What the files must be like that a field takes: a greater least or a smaller most takes less."""
        for limit in before.keys() | after.keys():
            none = 0 if limit.startswith("min") else float("inf")
            was, now = before.get(limit, none), after.get(limit, none)
            if was != now:
                self._say(Weight.MAJOR if (now > was) == limit.startswith("min") else Weight.MINOR, name)

    def _others(self, before: Schema, after: Schema, one: str, other: str, owner: str) -> None:
        """Fields that are not described."""
        was, now = _welcomes(before), _welcomes(after)
        if was and now:
            extra = self.old.read(before["additionalProperties"], one + "Extra")
            self.values(extra, self.new.read(after["additionalProperties"], other + "Extra"), owner)
        elif was != now:
            self._say(Weight.MINOR if now else Weight.MAJOR, owner)


def plain_name(name: str) -> str:
    """A name without what Python may change in it."""
    return re.sub(r"\W|_", "", name).lower()


def plain_name_alike(one: str, other: str) -> bool:
    """Whether two names are one in Python."""
    return plain_name(one) == plain_name(other)


def _is_open(values: Alternatives) -> bool:
    inner = [one.items if isinstance(one, Lists) else one.values for one in values if isinstance(one, Lists | Maps)]
    return Anything() in values or ANYTHING in inner


def _must(schema: Schema, name: str) -> bool:
    part = schema["properties"][name]
    return name in schema.get("required", []) and (not isinstance(part, dict) or part.get("default") is None)


def _default(part: Schema) -> str:
    value = json.dumps(part.get("default"), sort_keys=True)
    return json.dumps(json.loads(value, parse_float=_short), sort_keys=True)


def _short(text: str) -> float:
    return int(float(text)) if float(text).is_integer() else float(text)


def _welcomes(schema: Schema) -> bool:
    return schema.get("additionalProperties") not in (None, False)


def _is_file(schema: Schema, reader: Reader) -> bool:
    properties = schema["properties"]
    if "url" not in schema.get("required", []) or "url" not in properties or not properties.keys() & set(_FILE):
        return False
    return all(isinstance(one, Texts) for one in reader.read(properties["url"], ""))


def _said(schema: Schema) -> Any:
    told = [*schema.get("examples", []), *([schema["example"]] if "example" in schema else [])]
    return schema.get("description") or "", {json.dumps(one, sort_keys=True) for one in told}


def _texts(schema: Schema) -> set[tuple[str, Any]]:
    """What is written of a value besides its type: its format, and limits, which an output's type does not have."""
    if isinstance(schema, list):
        return {one for part in schema for one in _texts(part)}
    if not isinstance(schema, dict):
        return set()
    found = {(key, value) for key, value in schema.items() if key in _TOLD and isinstance(value, str | int | float)}
    return found.union(*(_texts(schema[key]) for key in ("items", "anyOf", "oneOf", "allOf") if key in schema))


def _order(schema: Schema) -> list[str]:
    """The fields in fal's order; where it gives none, what must be there comes first."""
    listed = schema.get("x-fal-order-properties", [])
    required = schema.get("required", [])
    rest = sorted(schema["properties"].keys() - set(listed), key=lambda one: (one not in required, one))
    return [*listed, *rest]


def _file_limits(schema: Schema, reader: Reader) -> Iterator[tuple[str, float]]:
    """The limits of the files of a field, wherever in its schema they are."""
    if isinstance(schema, list):
        for part in schema:
            yield from _file_limits(part, reader)
    elif isinstance(schema, dict) and "properties" not in schema:
        for key, value in schema.items():
            if _FILE_LIMIT.fullmatch(key) and isinstance(value, int | float) and value:
                yield key.replace("area", "pixels"), value
            elif key in ("x-fal", "items", "anyOf", "oneOf", "allOf"):
                yield from _file_limits(value, reader)

"""What changed between two surfaces: for each endpoint, for the shared types, and for the package as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..shapes import RefShape
from .fields import FieldsDiff
from .sentences import code, listing, sentence
from .types import Side, Types
from .verdict import Change, Direction, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .surface import EndpointSurface, Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed.

    Attributes:
        endpoints: The changes of every endpoint of either side, by id; none where nothing changed.
        types: Changes of the shared types that are importable from `models` and `params`.
    """

    endpoints: Mapping[str, tuple[Change, ...]]
    types: tuple[Change, ...]

    @property
    def verdict(self) -> Verdict:
        """The package's verdict."""
        return worst(change.verdict for changes in (*self.endpoints.values(), self.types) for change in changes)


def compare(old: Surface, new: Surface, unreadable: Collection[str] = ()) -> Difference:
    """Compare two surfaces.

    Args:
        old: What users have.
        new: What they would get.
        unreadable: Endpoints whose document could not be read on some side: nothing is said about them.
    """
    ids = sorted((old.endpoints.keys() | new.endpoints.keys()) - set(unreadable))
    endpoints = {one: _endpoint(old.endpoints.get(one), new.endpoints.get(one)) for one in ids}
    # A document that cannot be read leaves its module and the types it uses as they are.
    return Difference(endpoints=endpoints, types=() if unreadable else _types(old, new))


def _types(old: Surface, new: Surface) -> tuple[Change, ...]:
    gone = sorted(set(old.types) - set(new.types))
    come = sorted(set(new.types) - set(old.types))
    changes = [
        _change("type-removed", Verdict.MAJOR, f"type.{one}", f"{code(one)} is gone: no endpoint uses it any more")
        for one in gone
    ]
    changes += [_change("type-added", Verdict.MINOR, f"type.{one}", f"new shared type {code(one)}") for one in come]
    return tuple(changes)


def _endpoint(old: EndpointSurface | None, new: EndpointSurface | None) -> tuple[Change, ...]:
    if old is None and new is not None:
        text = f"new endpoint, reached by {code(f'fal.{new.attribute}')}"
        return (_change("endpoint-added", Verdict.MINOR, "endpoint", text),)
    if old is not None and new is None:
        since = f" (fal has not listed it since {old.vanished})" if old.vanished else ""
        text = f"the endpoint is removed: {code(f'fal.{old.attribute}')} is gone{since}"
        return (_change("endpoint-removed", Verdict.MAJOR, "endpoint", text),)
    assert old is not None and new is not None  # noqa: PT018
    found = EndpointDiff(old, new)
    return tuple(sorted(found.changes, key=lambda one: -one.verdict.rank))


class EndpointDiff:
    """Compares an endpoint with itself as it was."""

    def __init__(self, old: EndpointSurface, new: EndpointSurface) -> None:
        self.changes: list[Change] = []
        self._old, self._new = old, new
        self._facts()
        prose = ["the endpoint"] if old.words != new.words else []
        for direction in Direction:
            prose += self._one_way(direction)
        self._exports()
        if prose:
            text = f"the documentation of {listing(list(dict.fromkeys(prose)))} changed"
            self._add("prose", Verdict.PATCH, "endpoint", text)

    def _facts(self) -> None:
        """What is neither input nor output."""
        old, new = self._old, self._new
        if new.vanished and not old.vanished:
            text = f"the endpoint is deprecated: fal has not listed it since {new.vanished}"
            self._add("vanished", Verdict.MINOR, "endpoint", f"{text}, and a later release removes it")
        if old.vanished and not new.vanished:
            self._add(
                "returned", Verdict.MINOR, "endpoint", "the endpoint is not deprecated any more: fal lists it again"
            )
        for was, now, what in (
            (old.attribute, new.attribute, "attribute"),
            (old.class_name, new.class_name, "class"),
        ):
            if was != now:
                text = f"the endpoint's {what} {code(was)} is now {code(now)}"
                self._add("endpoint-renamed", Verdict.MAJOR, "endpoint", text)
        if old.streams is not None and new.streams is not None and old.streams != new.streams:
            verdict = Verdict.MINOR if new.streams else Verdict.MAJOR
            text = "the endpoint can now stream" if new.streams else "the endpoint can no longer stream"
            self._add("streams", verdict, "endpoint", text)
        if old.path != new.path:
            text = f"the endpoint is now called at {code(new.path)} (before: {code(old.path)})"
            self._add("path", Verdict.MINOR, "endpoint", text)

    def _one_way(self, direction: Direction) -> list[str]:
        """Compare what goes one way; the result is what has other documentation."""
        old, new = _side(self._old, direction), _side(self._new, direction)
        types = Types(old, new, direction)
        fields = FieldsDiff(old=old, new=new, direction=direction, types=types)
        roots = self._roots(direction, fields, types)
        done: set[tuple[str, str]] = set()
        while waiting := [pair for pair in types.met if pair not in done]:
            for was, now in waiting:
                done.add((was, now))
                self._names(was, now, old, new)
                fields.compare(was, now, root=(was, now) == roots)
        self.changes += fields.changes
        return fields.prose

    def _roots(self, direction: Direction, fields: FieldsDiff, types: Types) -> tuple[str, str] | None:
        """Begin at the roots: a pair of object types, or an output that is one of several."""
        if direction is Direction.INPUT:
            roots = (self._old.input, self._new.input)
            types.met[roots] = None
            return roots
        match self._old.output, self._new.output:
            case RefShape(name=was), RefShape(name=now):
                types.met[was, now] = None
                return was, now
            case was, now:
                for delta in types.compare(was, now, "the output"):
                    fields.delta("output", delta)
                return None

    def _names(self, was: str, now: str, old: Side, new: Side) -> None:
        """Whether a type is still called what it was, and whether its class is still the same."""
        before, after = old.names[was], new.names[now]
        if before.alias != after.alias:
            text = f"the type {code(before.alias)} is now called {code(after.alias)}"
            self._add("type-renamed", Verdict.MAJOR, f"type.{before.alias}", text)
        elif before.home != after.home:
            home = code(after.home) if after.home else "a class of its own"
            former = f", and no longer {code(before.home)}" if before.home else ""
            text = f"the endpoint's {code(before.alias)} is now {home}{former}; imports from the endpoint's module stay"
            self._add("type-moved", Verdict.MINOR, f"type.{before.alias}", text)

    def _exports(self) -> None:
        """Names that the endpoint's module no longer exports, but for those that were said to be renamed."""
        said = {change.where for change in self.changes if change.kind == "type-renamed"}
        for alias in sorted(_exported(self._old) - _exported(self._new)):
            if f"type.{alias}" not in said:
                text = f"the type {code(alias)} is gone from the endpoint's module"
                self._add("type-removed", Verdict.MAJOR, f"type.{alias}", text)

    def _add(self, kind: str, verdict: Verdict, where: str, text: str) -> None:
        self.changes.append(_change(kind, verdict, where, text))


def _side(endpoint: EndpointSurface, direction: Direction) -> Side:
    names = endpoint.params if direction is Direction.INPUT else endpoint.models
    return Side(objects=endpoint.objects, names=names)


def _exported(endpoint: EndpointSurface) -> set[str]:
    return {one.alias for one in (*endpoint.params.values(), *endpoint.models.values())}


def _change(kind: str, verdict: Verdict, where: str, text: str) -> Change:
    return Change(kind=kind, verdict=verdict, where=where, text=sentence(text))

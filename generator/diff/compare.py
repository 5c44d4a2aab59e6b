"""What changed between two surfaces: for each endpoint, for the shared types, and for the package as a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..parse.output_files import own_part
from ..project.changelog import code
from ..shapes import RefShape
from .fields import FieldsDiff
from .sentences import listing, sentence
from .types import Side, Types
from .verdict import Change, Direction, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .surface import EndpointSurface, Surface, TypeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed.

    Attributes:
        endpoints: The changes of every endpoint of either side, by id; none where nothing changed.
        types: Changes of the shared types that are importable from `models` and `params`.
        moved: Of those that are gone, where what they were is now: `models.Image` → `models.SizedImage`, or
            `endpoints.lora.Image` where it is an endpoint's own.
    """

    endpoints: Mapping[str, tuple[Change, ...]]
    types: tuple[Change, ...]
    moved: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def verdict(self) -> Verdict:
        """The package's verdict."""
        return worst(change.verdict for changes in (*self.endpoints.values(), self.types) for change in changes)


def compare(old: Surface, new: Surface, unreadable: Collection[str] = (), *, package: str = "fal_typed") -> Difference:
    """Compare two surfaces.

    Args:
        old: What users have.
        new: What they would get.
        unreadable: Endpoints whose document could not be read on some side: nothing is said about them.
        package: What the package is imported as.
    """
    ids = sorted((old.endpoints.keys() | new.endpoints.keys()) - set(unreadable))
    moves: Counter[tuple[str, str]] = Counter()
    endpoints = {one: _endpoint(old.endpoints.get(one), new.endpoints.get(one), moves) for one in ids}
    # A document that cannot be read leaves its module and the types it uses as they are.
    if unreadable:
        return Difference(endpoints=endpoints, types=())
    gone = sorted(set(old.types) - set(new.types))
    places = {one: sorted((-times, now) for (was, now), times in moves.items() if was == one) for one in gone}
    return Difference(
        endpoints=endpoints,
        types=_types(package, places, sorted(set(new.types) - set(old.types))),
        moved={one: found[0][1] for one, found in places.items() if found},
    )


def _types(package: str, places: Mapping[str, list[tuple[int, str]]], come: list[str]) -> tuple[Change, ...]:
    """The changes of shared types.

    Args:
        package: What the package is imported as.
        places: Those that are gone, each with the places where it is now, the most frequent first.
        come: Those that are new.
    """
    changes: list[Change] = []
    for one, found in places.items():
        text = f"{code(one)} is gone: {_instead(package, [place for _, place in found])}"
        changes.append(_change("type-removed", Verdict.MAJOR, f"type.{one}", text))
    changes += [_change("type-added", Verdict.MINOR, f"type.{one}", f"new shared type {code(one)}") for one in come]
    return tuple(changes)


def _instead(package: str, places: list[str]) -> str:
    """What to import in place of a type that is gone."""
    if not places:
        return "no endpoint uses it any more"
    alias = "for one release its name stays, deprecated" + (", and means the first of these" if places[1:] else "")
    imports = [f"{code(name)} from {code(f'{package}.{module}')}" for module, _, name in map(_parted, places)]
    return f"import {listing(imports, 'or')} in its place; {alias}"


def _parted(place: str) -> tuple[str, str, str]:
    return place.rpartition(".")


def _endpoint(
    old: EndpointSurface | None, new: EndpointSurface | None, moves: Counter[tuple[str, str]]
) -> tuple[Change, ...]:
    if old is None and new is not None:
        text = f"new endpoint, reached by {code(f'fal.{new.attribute}')}"
        return (_change("endpoint-added", Verdict.MINOR, "endpoint", text),)
    if old is not None and new is None:
        since = f" (fal has not listed it since {old.vanished})" if old.vanished else ""
        text = f"the endpoint is removed: {code(f'fal.{old.attribute}')} is gone{since}"
        return (_change("endpoint-removed", Verdict.MAJOR, "endpoint", text),)
    assert old is not None and new is not None  # noqa: PT018
    found = EndpointDiff(old, new)
    moves.update(found.moves)
    return tuple(sorted(found.changes, key=lambda one: -one.verdict.rank))


class EndpointDiff:
    """Compares an endpoint with itself as it was.

    Attributes:
        changes: What was found.
        moves: The shared classes that its types have left, with the places where they are now.
    """

    def __init__(self, old: EndpointSurface, new: EndpointSurface) -> None:
        self.changes: list[Change] = []
        self.moves: list[tuple[str, str]] = []
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
            words = "can now stream" if new.streams else "can no longer stream: call `subscribe` instead"
            self._add("streams", verdict, "endpoint", f"the endpoint {words}")
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
                self._names(old.names[was], new.names[now], direction)
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

    def _names(self, before: TypeName, after: TypeName, direction: Direction) -> None:
        """Whether a type is still called what it was, and whether its class is still the same.

        Whoever annotates an output with a class of `models` breaks when it comes as another one; an input is a dict.
        """
        if before.home and before.home != after.home:
            self.moves.append((before.home, after.home or f"endpoints.{self._new.attribute}.{after.alias}"))
        if before.alias != after.alias:
            text = f"the type {code(before.alias)} is now called {code(after.alias)}"
            self._add("type-renamed", Verdict.MAJOR, f"type.{before.alias}", text)
        elif before.home != after.home:
            home = code(after.home) if after.home else "a class of its own"
            former = f", and no longer {code(before.home)}" if before.home else ""
            text = f"the endpoint's {code(before.alias)} is now {home}{former}; imports from the endpoint's module stay"
            left = bool(before.home) and direction is Direction.OUTPUT
            self._add("type-moved", Verdict.MAJOR if left else Verdict.MINOR, f"type.{before.alias}", text)

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
    if direction is Direction.INPUT:
        return Side(objects=endpoint.objects, names=endpoint.params)
    objects = {wire: own_part(definition) for wire, definition in endpoint.objects.items()}
    return Side(objects=objects, names=endpoint.models)


def _exported(endpoint: EndpointSurface) -> set[str]:
    return {one.alias for one in (*endpoint.params.values(), *endpoint.models.values())}


def _change(kind: str, verdict: Verdict, where: str, text: str) -> Change:
    return Change(kind=kind, verdict=verdict, where=where, text=sentence(text))

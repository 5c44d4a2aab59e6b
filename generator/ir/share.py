"""Stage share: which definitions, of all endpoints, are one type.

Equal name and equal structure (see `parse/structure.py`) are one class, in `params` for what goes in and in `models`
for what comes out. Nothing else is joined: "nearly equal" is not transitive and would let one endpoint decide about
another's types.

What the table of the catalogue knows (`project/type_table.py`) has its name from there. Of what it does not know, the
first structure of a name gets the plain name, unless that belongs to the table; a later one that two endpoints use
becomes `Thing2`, `Thing3` …; a later one that a single endpoint uses lives in that endpoint's module. `types.lock` pins
the assignment for ever: a name that was given away is never given to another structure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from ..parse.structure import mentions
from ..project.stored import restore
from ..shapes import ObjectDef, rename
from .identifiers import module_name
from .known import Kind as Kind
from .known import Known, know

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..parse.normalize import Normalized
    from ..project.type_lock import Pin, TypesLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What makes two definitions one type."""

    kind: Kind
    name: str
    digest: str


@dataclass(slots=True, kw_only=True)
class Group:
    """All the definitions that are one type.

    Attributes:
        members: Endpoint id → the definition's name in that endpoint's document.
        mentions: The types that they mention: equal ones, under a name that each document is free to choose.
        mentions_root: Whether one of them leads back to its endpoint's input or output.
    """

    key: Key
    members: dict[str, str] = field(default_factory=dict[str, str])
    mentions: dict[Key, None] = field(default_factory=dict["Key", None])
    mentions_root: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A type that lives in `params` or `models`.

    Attributes:
        name: Its class there.
        module: The module it lives in.
        definition: What it says, in the words of the endpoint that is pinned as its origin; what it mentions goes by
            the names of the shared classes.
        endpoints: The ids that use it.
    """

    key: Key
    name: str
    module: str
    definition: ObjectDef
    endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """The outcome: all types by structure, which of them are shared, and the type behind each document's names.

    Attributes:
        plain: Of each type that is the second of its name, the one that has the plain name.
    """

    groups: dict[Key, Group]
    shared: dict[Key, Shared]
    keys: dict[tuple[str, Kind], dict[str, Key]]
    plain: dict[Key, ObjectDef]

    def find(self, endpoint_id: str, kind: Kind, wire_name: str) -> Shared | None:
        """The shared type that a definition of an endpoint's document became, if it became one."""
        key = self.keys[endpoint_id, kind].get(wire_name)
        return None if key is None else self.shared.get(key)


def share(endpoints: Iterable[Normalized | Known], lock: TypesLock) -> Sharing:
    """Decide which definitions are one type, and pin new decisions in `lock`."""
    by_id = {one.id: one if isinstance(one, Known) else know(one) for one in endpoints}
    groups: dict[Key, Group] = {}
    keys: dict[tuple[str, Kind], dict[str, Key]] = {}
    for endpoint_id, one in by_id.items():
        for kind, outlines in one.outlines.items():
            named = {wire: Key(kind=kind, name=seen.name, digest=seen.digest) for wire, seen in outlines.items()}
            keys[endpoint_id, kind] = named
            for wire, key in named.items():
                group = groups.setdefault(key, Group(key=key))
                if wire == key.name or endpoint_id not in group.members:
                    group.members[endpoint_id] = wire
                mentioned = outlines[wire].mentions
                group.mentions |= dict.fromkeys(named[ref] for ref in mentioned if ref in named)
                group.mentions_root |= any(ref not in named for ref in mentioned)
    chosen = _choose(groups, lock)
    made = _shared(chosen, groups, keys, by_id, lock)
    return Sharing(groups=groups, shared=made, keys=keys, plain=_plain(groups, lock))


def _plain(groups: Iterable[Key], lock: TypesLock) -> dict[Key, ObjectDef]:
    """For each type that is not the first of its name, the one that is."""
    components = {(key.kind, key.name) for key in groups}
    known = {(kind, name): found for kind, name in components if (found := lock.plain(kind.value, name)) is not None}
    return {
        key: found[1]
        for key in groups
        if (found := known.get((key.kind, key.name))) is not None and found[0] != key.digest
    }


def _choose(groups: dict[Key, Group], lock: TypesLock) -> list[Key]:
    """The groups that are shared, in the order in which they get their names."""
    order = sorted(groups, key=lambda key: _rank(groups[key]))
    recursive = _in_cycles(groups)
    firsts = {(key.kind, key.name): key for key in reversed(order)}
    chosen: dict[Key, None] = {}

    def choose(key: Key) -> None:
        # A shared module cannot import from an endpoint's, so what a shared type mentions is shared with it.
        if key not in chosen:
            chosen[key] = None
            for mentioned in groups[key].mentions:
                choose(mentioned)

    @cache  # types may lead to each other in more ways than can be walked
    def may_be_shared(key: Key) -> bool:
        if lock.knows(*_texts(key)) or len(groups[key].members) > 1:
            return True
        # Alone with its type, an endpoint shares it under the plain name or not at all, and so with all it mentions.
        first = firsts[key.kind, key.name] == key and lock.is_new(key.kind.value, key.name)
        return first and all(may_be_shared(one) for one in groups[key].mentions if one != key)

    for key in order:
        if key not in recursive and may_be_shared(key):
            choose(key)
    return [key for key in order if key in chosen and key not in recursive]


def _rank(group: Group) -> tuple[int, str, str, bool, str]:
    """Types that many endpoints have get their names first; in one document, a type that is called by its name."""
    first, name = min(group.members), group.key.name
    return -len(group.members), first, name, group.members[first] != name, group.key.digest


def _in_cycles(groups: dict[Key, Group]) -> set[Key]:
    """Types that lead back to themselves through another, or mention such a type: they stay in their endpoint's module.

    Modules of their own would import each other in a circle. A type that mentions itself alone is no such case; one
    that mentions its endpoint's root is.
    """
    cyclic = {key for key, group in groups.items() if group.mentions_root}
    for key in groups:
        waiting, seen = [m for m in groups[key].mentions if m != key], set[Key]()
        while waiting:
            at = waiting.pop()
            if at == key:
                cyclic.add(key)
                break
            if at not in seen:
                seen.add(at)
                waiting += groups[at].mentions
    grown = True
    while grown:
        more = {k for k in groups if k not in cyclic and any(m in cyclic for m in groups[k].mentions)}
        cyclic |= more
        grown = bool(more)
    return cyclic


def _shared(
    chosen: list[Key],
    groups: dict[Key, Group],
    keys: dict[tuple[str, Kind], dict[str, Key]],
    by_id: dict[str, Known],
    lock: TypesLock,
) -> dict[Key, Shared]:
    pins = {key: lock.pin(*_texts(key), module_name, _origin(groups[key], lock)) for key in chosen}
    _keep_own(groups, pins, by_id, lock)
    there = {(key.kind, pin.name) for key, pin in pins.items()}
    shared: dict[Key, Shared] = {}
    for key, pin in sorted(pins.items(), key=lambda item: (item[0].kind.value, item[1].name)):
        members = groups[key].members
        definition = restore(pin.definition) if pin.origin not in members else None
        # The origin may have called a type otherwise than those who are left, and taken that name with it.
        if definition is None or any((key.kind, name) not in there for name in mentions(definition)):
            teller = pin.origin if pin.origin in members else min(members)
            names = {wire: pins[own].name for wire, own in keys[teller, key.kind].items() if own in pins}
            definition = renamed(by_id[teller].define(key.kind, members[teller]), names)
            lock.define(key.kind.value, pin, definition)
        shared[key] = Shared(
            key=key, name=pin.name, module=pin.module, definition=definition, endpoints=tuple(sorted(members))
        )
    return shared


def _texts(key: Key) -> tuple[str, str, str]:
    """A key as `types.lock` has it."""
    return key.kind.value, key.name, key.digest


def _origin(group: Group, lock: TypesLock) -> str:
    """The endpoint in whose words a type is told: the one that had it before, else the first by id."""
    had_it = lock.own.get(_texts(group.key))
    return had_it if had_it in group.members else min(group.members)


def _keep_own(groups: dict[Key, Group], pins: Mapping[Key, Pin], by_id: Mapping[str, Known], lock: TypesLock) -> None:
    """Remember who has a type for itself alone. An endpoint that is not read this time keeps its entries."""
    lock.own = {key: user for key, user in lock.own.items() if user not in by_id}
    lock.own |= {_texts(key): min(group.members) for key, group in groups.items() if _is_own(group, pins)}
    for key in pins:
        lock.own.pop(_texts(key), None)


def _is_own(group: Group, pins: Mapping[Key, Pin]) -> bool:
    return group.key not in pins and len(group.members) == 1


def renamed(definition: ObjectDef, names: dict[str, str]) -> ObjectDef:
    """The definition with the shared classes' names for what it mentions."""
    return replace(
        definition,
        properties=tuple(replace(prop, shape=rename(prop.shape, names)) for prop in definition.properties),
        extra=None if definition.extra is None else rename(definition.extra, names),
    )

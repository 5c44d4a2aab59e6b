"""`specs/types.lock`: the names and the words that a project's shared types have, pinned for ever.

A type that the table of the catalogue knows has its name from there (`type_table.py`); the lock has its words, and the
names of all others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from .settings import Settings, SettingsError
from .stored import restore, store
from .type_table import TypeTable, shipped_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..json_text import Json
    from ..shapes import ObjectDef

_FORMAT = 2
_KEYS = ("component", "digest", "module", "origin")
_DEFINITION = "definition"
_OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One pinned type.

    Attributes:
        name: Its class in `params` or `models`.
        component: The name the documents give it, as a class name.
        digest: Of its structure.
        module: The module it lives in.
        origin: The endpoint whose wording its docstrings carry.
        definition: Its definition in that wording, as `store` writes it: should the endpoint go, it stays.
    """

    name: str
    component: str
    digest: str
    module: str
    origin: str
    definition: Json = None


@dataclass(slots=True)
class TypesLock:
    """The pins by kind and class name. Pins are added, never renamed or removed.

    Attributes:
        pins: By kind and class name.
        table: The names that every project begins with; none of them is given to another structure.
        own: Types that live in an endpoint's module, where another structure has their name: kind, component and digest
            → the endpoint. Should another endpoint come to use one, it moves out, in the words it has now.
    """

    pins: dict[str, dict[str, Pin]] = field(default_factory=lambda: {"models": {}, "params": {}})
    own: dict[tuple[str, str, str], str] = field(default_factory=dict[tuple[str, str, str], str])
    table: TypeTable = field(default_factory=shipped_table)

    def copy(self) -> TypesLock:
        """A copy, to add pins to."""
        return TypesLock({kind: dict(pins) for kind, pins in self.pins.items()}, table=self.table)

    def find(self, kind: str, component: str, digest: str) -> Pin | None:
        """The pin of a structure with a name, if there is one."""
        for pin in self.pins[kind].values():
            if pin.component == component and pin.digest == digest:
                return pin
        return None

    def knows(self, kind: str, component: str, digest: str) -> bool:
        """Whether a structure has a name, here or in the table."""
        return bool(self.table.name(kind, component, digest)) or self.find(kind, component, digest) is not None

    def is_new(self, kind: str, component: str) -> bool:
        """Whether no structure of that name is known, here or in the table, and no other type is called so."""
        here = any(component in (pin.component, pin.name) for pin in self.pins[kind].values())
        return not here and not self.table.has(kind, component)

    def plain(self, kind: str, component: str) -> tuple[str, ObjectDef] | None:
        """The structure with the plain name of a component, as its digest and its definition."""
        known = self.table.plain(kind, component) or self.pins[kind].get(component)
        if known is None or known.component != component or known.definition is None:
            return None
        return known.digest, restore(known.definition)

    def pin(self, kind: str, component: str, digest: str, module_of: Callable[[str], str], origin: str) -> Pin:
        """The pin of a structure, made now if it is new.

        Its name is the table's; else the plain one, or that with the first free number behind it. A name of the table
        is not free. One that the project gave away before the table knew it stays with its structure.
        """
        known = self.find(kind, component, digest)
        if known is not None:
            return known
        taken, number = self.pins[kind], 1
        name = self.table.name(kind, component, digest)
        if not name or name in taken:
            name = component
            while name in taken or self.table.gives(kind, name):
                number += 1
                name = f"{component}{number}"
        number = 1
        modules = {pin.module for pin in taken.values()}
        module, number = module_of(name), 1
        while module in modules:  # LoRAWeight and LoraWeight must not be one file where case does not count
            number += 1
            module = f"{module_of(name)}_{number}"
        pin = Pin(name=name, component=component, digest=digest, module=module, origin=origin)
        taken[name] = pin
        return pin

    def define(self, kind: str, pin: Pin, definition: ObjectDef) -> None:
        """Remember what a pinned type says now."""
        self.pins[kind][pin.name] = replace(pin, definition=store(definition))

    def render(self) -> str:
        """The lock's text: a line for each pin, so that a change of one shows as a change of one."""
        tables = [f'  "format": {_FORMAT}']
        for kind, pins in sorted(self.pins.items()):
            lines = [f"    {json.dumps(name)}: {_pin_text(pins[name])}" for name in sorted(pins)]
            tables.append(f'  "{kind}": {{' + ("\n" + ",\n".join(lines) + "\n  " if lines else "") + "}")
        own = [f"    {json.dumps(' '.join(key))}: {json.dumps(user)}" for key, user in sorted(self.own.items())]
        tables.append(f'  "{_OWN}": {{' + ("\n" + ",\n".join(own) + "\n  " if own else "") + "}")
        return "{\n" + ",\n".join(tables) + "\n}\n"


def _pin_text(pin: Pin) -> str:
    return json.dumps({key: getattr(pin, key) for key in (*_KEYS, _DEFINITION)})


def lock_path(settings: Settings) -> Path:
    """Where the lock is."""
    return settings.specs / "types.lock"


def read_lock(settings: Settings, otherwise: TypesLock | None = None) -> TypesLock:
    """Read the lock.

    Args:
        settings: The project's.
        otherwise: The names to go on with where there is no such file; without it, an empty lock.

    Raises:
        SettingsError: The file is not one of ours. It is not overwritten: it holds what cannot be made again.
    """
    path, lock = lock_path(settings), TypesLock()
    if not path.is_file():
        return lock if otherwise is None else otherwise.copy()
    try:
        document = cast("dict[str, object]", json.loads(path.read_text(encoding="utf-8")))
        if document["format"] != _FORMAT:
            raise ValueError(f"format {document['format']!r} is not known to this version")
        for kind in lock.pins:
            table = cast("dict[str, dict[str, Json]]", document[kind])
            lock.pins[kind] = {name: _read_pin(name, pin) for name, pin in table.items()}
        lock.own = _read_own(cast("dict[str, object]", document[_OWN]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"{settings.shown(path)}: not a types.lock: {error}; restore it from version control"
        ) from None
    return lock


def _read_pin(name: str, table: dict[str, Json]) -> Pin:
    values: dict[str, str] = {}
    for key in _KEYS:
        value = table[key]
        if not isinstance(value, str) or not value:
            raise ValueError(f"{name}: {key} must be a text, not {value!r}")
        values[key] = value
    restore(table[_DEFINITION])
    return Pin(name=name, **values, definition=table[_DEFINITION])


def _read_own(table: dict[str, object]) -> dict[tuple[str, str, str], str]:
    own: dict[tuple[str, str, str], str] = {}
    for text, user in table.items():
        kind, component, digest = text.split(" ")
        if not isinstance(user, str) or not user:
            raise ValueError(f"{_OWN}: {text} must name an endpoint, not {user!r}")
        own[kind, component, digest] = user
    return own

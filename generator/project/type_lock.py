"""`specs/types.lock`: the names that shared types have, pinned for ever."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, cast

from .. import shapes
from ..shapes import ObjectDef
from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..json_text import Json

_FORMAT = 1
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
        own: Types that live in an endpoint's module, where another structure has their name: kind, component and digest
            → the endpoint. Should another endpoint come to use one, it moves out, in the words it has now.
    """

    pins: dict[str, dict[str, Pin]] = field(default_factory=lambda: {"models": {}, "params": {}})
    own: dict[tuple[str, str, str], str] = field(default_factory=dict[tuple[str, str, str], str])

    def copy(self) -> TypesLock:
        """A copy, to add pins to."""
        return TypesLock({kind: dict(pins) for kind, pins in self.pins.items()})

    def find(self, kind: str, component: str, digest: str) -> Pin | None:
        """The pin of a structure with a name, if there is one."""
        for pin in self.pins[kind].values():
            if pin.component == component and pin.digest == digest:
                return pin
        return None

    def has_component(self, kind: str, component: str) -> bool:
        """Whether any structure of that name is pinned."""
        return any(pin.component == component for pin in self.pins[kind].values())

    def pin(self, kind: str, component: str, digest: str, module_of: Callable[[str], str], origin: str) -> Pin:
        """The pin of a structure, made now if it is new: the plain name, or the first free number behind it."""
        known = self.find(kind, component, digest)
        if known is not None:
            return known
        taken, number = self.pins[kind], 1
        name = component
        while name in taken:
            number += 1
            name = f"{component}{number}"
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


_KINDS: dict[str, Callable[..., object]] = {
    kind.__name__: kind
    for kind in (
        shapes.AnyShape,
        shapes.NullShape,
        shapes.BooleanShape,
        shapes.Bounds,
        shapes.IntegerShape,
        shapes.NumberShape,
        shapes.StringShape,
        shapes.EnumShape,
        shapes.ArrayShape,
        shapes.MapShape,
        shapes.UnionShape,
        shapes.RefShape,
        shapes.Prose,
        shapes.Property,
        shapes.ObjectDef,
    )
}
_KIND = "is"


def store(value: object) -> Json:
    """A definition as JSON; what has its default is left out, and where it stood in a document too."""
    if is_dataclass(value):
        stored: dict[str, Json] = {_KIND: type(value).__name__}
        for field in fields(value):
            item: object = getattr(value, field.name)
            if field.name != "pointer" and (field.default is MISSING or item != field.default):
                stored[field.name] = store(item)
        return stored
    if isinstance(value, tuple):
        return [store(item) for item in cast("tuple[object, ...]", value)]
    return cast("Json", value)


def restore(stored: Json) -> ObjectDef:
    """The definition that `store` wrote.

    Raises:
        TypeError: This is not one; a KeyError likewise.
    """
    value = _restore(stored)
    if not isinstance(value, ObjectDef):
        raise TypeError("not a stored definition")
    return value


def restore_shape(stored: Json) -> shapes.Shape:
    """The shape that `store` wrote.

    Raises:
        TypeError: This is not one; a KeyError likewise.
    """
    value = _restore(stored)
    if not isinstance(value, shapes.Shape):
        raise TypeError("not a stored shape")
    return value


def _restore(stored: Json) -> object:
    if isinstance(stored, list):
        return tuple(_restore(item) for item in stored)
    if isinstance(stored, dict):
        kind = _KINDS[str(stored[_KIND])]
        return kind(**{name: _restore(item) for name, item in stored.items() if name != _KIND})
    return stored

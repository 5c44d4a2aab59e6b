"""The generator's stages from `share` to `lower` over documents already read, as the users of each endpoint see them.

No model is rendered and no file written: a run over all documents takes a tenth of a second.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from corpus.corpus import normalized
from generator.diagnostics import Findings, Source
from generator.ir.lower import lower_endpoint, lower_shared, shared_imports
from generator.ir.name import name_endpoints
from generator.ir.nodes import Class, Endpoint
from generator.ir.share import share
from generator.shapes import RefShape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.ir.name import EndpointName
    from generator.ir.share import Sharing
    from generator.parse.normalize import Normalized
    from generator.project.type_lock import TypesLock

LOCK_PATH = "specs/types.lock"
OWN = "its own module"
# What an endpoint is, without its classes, imports and place.
_PLAIN = [field.name for field in fields(Endpoint) if field.name not in ("classes", "imports", "source")]
# What was lowered and viewed before: runs over almost the same documents come to almost the same things.
_LOWERED: dict[Any, Endpoint] = {}
_CLASSES: dict[Any, Class] = {}
_VIEWS: dict[Any, View] = {}


@dataclass(frozen=True)
class View:
    """What the user of one endpoint sees.

    Attributes:
        plain: Everything but its types.
        homes: Where each type lives, by the name that the endpoint's module exports it under.
        bodies: What each of them says, docstrings included; other types by the names that this module has for them.
    """

    plain: tuple[Any, ...]
    homes: dict[str, str]
    bodies: dict[str, Any]

    def differences(self, now: View) -> list[str]:
        """What is another thing now. A type that moves out, because a second endpoint has it too, is not one.

        That is the rule of the registry: the import from the endpoint's module stays, and so does what the type says.
        """
        found = [] if self.plain == now.plain else ["the endpoint itself"]
        for name in sorted(self.homes.keys() | now.homes.keys()):
            before, after = self.homes.get(name), now.homes.get(name)
            if before != after and not (before == OWN and after is not None):
                found.append(f"{name} was in {before}, is in {after}")
            elif self.bodies[name] != now.bodies[name]:
                found.append(f"{name} says something else")
        return found


def differences(before: dict[str, View], now: dict[str, View]) -> list[str]:
    """What changed for the endpoints that were there and still are."""
    both = sorted(before.keys() & now.keys())
    return [
        f"{one}: {found}" for one in both if before[one] is not now[one] for found in before[one].differences(now[one])
    ]


def lowered(ids: Iterable[str], lock: TypesLock, given: Mapping[str, Normalized] | None = None) -> dict[str, View]:
    """What would be emitted for these endpoints, by id; new names are pinned in `lock`."""
    given = given or normalized()
    present = [given[endpoint_id] for endpoint_id in ids]
    sharing = share(present, lock)
    all_ids = sorted(one.resolved.document.id for one in present)
    names = name_endpoints(all_ids, dict.fromkeys(all_ids, ""), Findings())
    shared: dict[tuple[str, str], Class] = {}
    for one in sharing.shared.values():
        module = lower_shared(one, shared_imports(one, sharing), LOCK_PATH)
        key = (module.kind.value, module.module)
        assert key not in shared, f"two types in one module: {key}"
        shared[key] = _CLASSES.setdefault((module.cls.name, _body(module.cls, {})), module.cls)
    return {
        (endpoint_id := one.resolved.document.id): _view(_lower(one, names[endpoint_id], sharing), shared)
        for one in present
    }


def _lower(one: Normalized, name: EndpointName, sharing: Sharing) -> Endpoint:
    """`lower_endpoint`, once for each thing that it is told: the document, the name, which types are shared as what."""
    endpoint_id = one.resolved.document.id
    told = tuple(
        (kind, wire, shared.name, shared.module)
        for (of, kind), keys in sharing.keys.items()
        if of == endpoint_id
        for wire in keys
        if (shared := sharing.find(endpoint_id, kind, wire)) is not None
    )
    key = (id(one), name, told)
    if key not in _LOWERED:
        _LOWERED[key] = lower_endpoint(one, name, sharing)
    return _LOWERED[key]


def _view(endpoint: Endpoint, shared: Mapping[tuple[str, str], Class]) -> View:
    key = (id(endpoint), *(id(shared[one.kind.value, one.module]) for one in endpoint.imports))
    if key not in _VIEWS:
        _VIEWS[key] = _new_view(endpoint, shared)
    return _VIEWS[key]


def _new_view(endpoint: Endpoint, shared: Mapping[tuple[str, str], Class]) -> View:
    homes = {cls.name: OWN for cls in endpoint.classes}
    bodies = {cls.name: _body(cls, {}) for cls in endpoint.classes}
    for one in endpoint.imports:
        homes[one.alias] = f"{one.kind.value}.{one.module}.{one.name}"
        names = {other.name: other.alias for other in endpoint.imports if other.kind is one.kind}
        bodies[one.alias] = _body(shared[one.kind.value, one.module], names)
    return View(tuple(_plain(getattr(endpoint, name), {}) for name in _PLAIN), homes, bodies)


def _body(cls: Class, names: Mapping[str, str]) -> Any:
    own = [field.name for field in fields(cls) if field.name not in ("name", "source", "fields")]
    # `quoted` tells that a name is defined further down in the same file: layout, not content.
    inner = [
        tuple(_plain(getattr(one, field.name), names) for field in fields(one) if field.name != "quoted")
        for one in cls.fields
    ]
    return (*(_plain(getattr(cls, name), names) for name in own), tuple(inner))


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    """A value of the IR as tuples, without places in documents: they are for messages, and are not emitted."""
    if isinstance(value, Source):
        return None
    if isinstance(value, RefShape):
        return ("ref", names.get(value.name, value.name))
    if is_dataclass(value):
        return (type(value).__name__, *(_plain(getattr(value, field.name), names) for field in fields(value)))
    return tuple(_plain(item, names) for item in value) if isinstance(value, tuple) else value

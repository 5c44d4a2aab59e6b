"""The surface of a client: everything about it that its users can see, and nothing that they cannot."""

# design: What does `diff` compare?

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..ir.lower import scopes
from ..ir.share import Kind
from ..json_text import canonical
from ..shapes import ObjectDef, Prose, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..ir.name import EndpointName
    from ..ir.share import Sharing
    from ..json_text import Json
    from ..media_limits import MediaLimits
    from ..parse.normalize import Normalized
    from ..pipeline import Understood


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeName:
    """What users call an object type.

    Attributes:
        alias: Its name in the endpoint's module.
        home: Where the class lives if it is shared: `models.Image2`; empty if it lives in the endpoint's module.
    """

    alias: str
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSurface:
    """An endpoint as its users see it.

    Attributes:
        attribute: How it is reached from the client, `flux_1.schnell`; also its module.
        path: Where it is called.
        streams: Whether it can stream; None where nobody said (documents alone do not tell).
        vanished: Since when fal does not list it any more (YYYY-MM-DD); empty while it does.
        words: A hash of what is said about it as a whole.
        input: The input root among `objects`.
        output: The output, by the names of `objects`.
        objects: The object types by their names in the document; their prose is a hash.
        params: What users call those that go in.
        models: What users call those that come out.
    """

    id: str
    attribute: str
    class_name: str
    path: str
    streams: bool | None
    vanished: str
    words: str
    input: str
    output: Shape
    objects: Mapping[str, ObjectDef]
    params: Mapping[str, TypeName]
    models: Mapping[str, TypeName]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """A client as its users see it: the endpoints by id, and the shared types (`models.Image`, `params.LoraWeight`)."""

    endpoints: Mapping[str, EndpointSurface]
    types: tuple[str, ...]


def surface_of(found: Understood) -> Surface:
    """The surface of the client that is made of some documents."""
    shared = found.sharing.shared.values()
    endpoints = (
        _endpoint(one, found.named.names[one.resolved.document.id], found.sharing) for one in found.named.endpoints
    )
    return Surface(
        endpoints={one.id: one for one in endpoints},
        types=tuple(sorted(f"{one.key.kind.value}.{one.name}" for one in shared)),
    )


def _endpoint(one: Normalized, name: EndpointName, sharing: Sharing) -> EndpointSurface:
    document, metadata = one.resolved.document, one.resolved.metadata
    params, models = scopes(one, name)
    about: list[Json] = [metadata.get(key).text() for key in ("about", "category", "documentationUrl")]
    return EndpointSurface(
        id=document.id,
        attribute=".".join(name.path),
        class_name=name.class_name,
        path=one.resolved.path,
        streams=document.streams,
        vanished=document.vanished,
        words=_hash(about),
        input=one.input,
        output=one.output,
        objects={wire: _condensed(one.objects[wire]) for wire in sorted(params.keys() | models.keys())},
        params=_named(document.id, Kind.PARAMS, params, sharing),
        models=_named(document.id, Kind.MODELS, models, sharing),
    )


def _named(endpoint_id: str, kind: Kind, scope: Mapping[str, str], sharing: Sharing) -> dict[str, TypeName]:
    found = {wire: sharing.find(endpoint_id, kind, wire) for wire in scope}
    homes = {wire: "" if one is None else f"{kind.value}.{one.name}" for wire, one in found.items()}
    return {wire: TypeName(alias=scope[wire], home=homes[wire]) for wire in sorted(scope)}


def _condensed(definition: ObjectDef) -> ObjectDef:
    """The definition with a hash in place of its prose, and without its places in the document."""
    properties = (
        replace(p, prose=_condensed_prose(p.prose), media=_condensed_media(p.media), pointer="")
        for p in definition.properties
    )
    return replace(definition, properties=tuple(properties), prose=_condensed_prose(definition.prose), pointer="")


def _condensed_media(media: MediaLimits | None) -> MediaLimits | None:
    return None if media is None else replace(media, said=_hash([media.said]))


def _condensed_prose(prose: Prose) -> Prose:
    if not prose.description and not prose.examples:
        return Prose(deprecated=prose.deprecated)
    return Prose(description=_hash([prose.description, *prose.examples]), deprecated=prose.deprecated)


def _hash(words: list[Json]) -> str:
    return hashlib.sha256(canonical(words).encode("utf-8", "surrogatepass")).hexdigest()[:16] if any(words) else ""

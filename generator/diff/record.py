"""A surface as JSON and back: `releases.json` keeps the one that was released last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from ..project.stored import restore, restore_shape, store
from .surface import EndpointSurface, Surface, TypeName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..json_text import Json

_TEXTS = ("attribute", "class_name", "path", "vanished", "words", "input")


def record(surface: Surface) -> dict[str, Json]:
    """A surface as JSON."""
    return {
        "types": list(surface.types),
        "endpoints": {one.id: _record_endpoint(one) for one in surface.endpoints.values()},
    }


def _record_endpoint(one: EndpointSurface) -> Json:
    texts: dict[str, Json] = {key: text for key in _TEXTS if (text := cast("str", getattr(one, key)))}
    return {
        **texts,
        "streams": one.streams,
        "output": store(one.output),
        "objects": {name: store(definition) for name, definition in one.objects.items()},
        "params": _record_names(one.params),
        "models": _record_names(one.models),
    }


def _record_names(names: Mapping[str, TypeName]) -> Json:
    return {wire: [name.alias, name.home] for wire, name in names.items()}


def recall(recorded: Json) -> Surface:
    """The surface that `record` made.

    Raises:
        TypeError: This is not one; a KeyError, a ValueError or an AttributeError likewise.
    """
    table = cast("dict[str, Json]", recorded)
    endpoints = cast("dict[str, dict[str, Json]]", table["endpoints"])
    return Surface(
        endpoints={one: _recall_endpoint(one, endpoint) for one, endpoint in endpoints.items()},
        types=tuple(_text(one) for one in cast("list[Json]", table["types"])),
    )


def _recall_endpoint(endpoint_id: str, table: dict[str, Json]) -> EndpointSurface:
    if not isinstance(table["streams"], bool):
        raise TypeError(f"{endpoint_id}: streams must be true or false")
    objects = cast("dict[str, Json]", table["objects"])
    surface = EndpointSurface(
        id=endpoint_id,
        **{key: _text(table.get(key, "")) for key in _TEXTS},
        streams=table["streams"],
        output=restore_shape(table["output"]),
        objects={name: restore(definition) for name, definition in objects.items()},
        params=_recall_names(table["params"]),
        models=_recall_names(table["models"]),
    )
    missing = ({surface.input} | surface.params.keys() | surface.models.keys()) - surface.objects.keys()
    if missing:
        raise ValueError(f"{endpoint_id} lacks the types {', '.join(sorted(missing))}")
    return surface


def _recall_names(table: Json) -> dict[str, TypeName]:
    names = cast("dict[str, list[Json]]", table)
    return {wire: TypeName(alias=_text(alias), home=_text(home)) for wire, (alias, home) in names.items()}


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{json.dumps(value)} must be a text")
    return value

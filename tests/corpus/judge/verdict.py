"""The verdict on one endpoint, from its document as it was and as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .fields import OneWay, Weight
from .values import Anything, Lists, Maps, Reader, Thing

if TYPE_CHECKING:
    from .values import Alternatives

OPEN = "(open)"


@dataclass(frozen=True)
class Judgement:
    """What a change of an endpoint deserves, and where it breaks somebody's code."""

    verdict: str
    breaking: frozenset[str]


def judge(old: dict[str, Any], new: dict[str, Any]) -> Judgement:
    """Judge a document beside itself as it was."""
    found: list[tuple[Weight, str]] = []
    if _about(old) != _about(new):
        found.append((Weight.PATCH, ""))
    if _path(old) != _path(new):
        found.append((Weight.MINOR, ""))
    for takes in (True, False):
        readers = [Reader(one["components"]["schemas"], limits=takes) for one in (old, new)]
        way = OneWay(*readers, takes=takes)
        way.begin(*(_root(one, reader, takes=takes) for one, reader in zip((old, new), readers, strict=True)))
        found += way.found
    worst = max((weight for weight, _ in found), default=Weight.NONE)
    return Judgement(worst.name.lower(), frozenset(where for weight, where in found if weight is Weight.MAJOR))


def _path(document: dict[str, Any]) -> str:
    return next(path for path, item in document["paths"].items() if "post" in item)


def _about(document: dict[str, Any]) -> list[Any]:
    metadata = document["info"].get("x-fal-metadata", {})
    return [metadata.get(key) or "" for key in ("about", "category", "documentationUrl")]


def _root(document: dict[str, Any], reader: Reader, *, takes: bool) -> Alternatives:
    """What goes in, or comes out; what is no object is one that may hold anything."""
    paths, post = document["paths"], _path(document)
    if takes:
        body = paths[post]["post"]["requestBody"]
    else:
        body = paths[post + "/requests/{request_id}"]["get"]["responses"]["200"]
    found = reader.read(body["content"]["application/json"]["schema"], "Input" if takes else "Output")
    if all(isinstance(one, Thing) for one in found) and (len(found) == 1 or not takes):
        return found
    if not takes and any(map(_holds_things, found)) and not (len(found) == 1 and Anything() not in found):
        return found
    reader.things[OPEN] = {"type": "object", "properties": {}, "additionalProperties": True}
    return frozenset({Thing(OPEN)})


def _holds_things(one: Any) -> bool:
    match one:
        case Thing():
            return True
        case Lists(items=inner) | Maps(values=inner):
            return any(map(_holds_things, inner))
        case _:
            return False

"""What an endpoint's document says otherwise of a type that it shares (a part of stage lower).

A shared type speaks in the words of one endpoint. Where another endpoint means something else by a field of it, that is
said where its own input mentions the type.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..parse.structure import mentions
from ..shapes import Prose, references
from .classes import names_of_fields
from .docstrings import file_limits, summary
from .share import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..parse.normalize import Normalized
    from .share import Shared, Sharing

_NO_WORD = re.compile(r"[\W_]+")


def own_words(
    one: Normalized, local: Iterable[str], sharing: Sharing, scope: dict[str, str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Lines for the docstrings of inputs that mention a shared type: by type of the endpoint's own, then by property.

    Args:
        one: The endpoint.
        local: The input types in its own module.
        sharing: Which types are one.
        scope: What its module calls each type.
    """
    told: set[str] = set()  # each type once, where it is met first
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for wire in local:
        for prop in one.objects[wire].properties:
            lines: list[str] = []
            for mentioned in _shared_below(one, references(prop.shape), sharing):
                if mentioned not in told:
                    told.add(mentioned)
                    lines += _differences(one, mentioned, sharing, scope[mentioned])
            if lines:
                found.setdefault(wire, {})[prop.wire_name] = tuple(lines)
    return found


def _find(one: Normalized, wire: str, sharing: Sharing) -> Shared | None:
    return sharing.find(one.resolved.document.id, Kind.PARAMS, wire)


def _shared_below(one: Normalized, wires: list[str], sharing: Sharing) -> Iterator[str]:
    """The shared types among these, and those that they mention."""
    waiting, seen = list(wires), set[str]()
    while waiting:
        wire = waiting.pop(0)
        if wire not in seen and _find(one, wire, sharing) is not None:
            seen.add(wire)
            yield wire
            waiting += mentions(one.objects[wire])


def _differences(one: Normalized, wire: str, sharing: Sharing, alias: str) -> Iterator[str]:
    shared = sharing.find(one.resolved.document.id, Kind.PARAMS, wire)
    if shared is None:
        return
    theirs = {prop.wire_name: prop for prop in shared.definition.properties}
    names = names_of_fields(shared.definition, Kind.PARAMS, {name: name for name in mentions(shared.definition)})
    for prop in one.objects[wire].properties:
        said, other = summary(prop.prose.description), theirs[prop.wire_name]
        if said and _words(prop.prose.description) != _words(other.prose.description):
            yield f"Here, `{alias}.{names[prop.wire_name]}`: {said}"
        if prop.media != other.media:
            words = file_limits(replace(prop, prose=Prose())) or "File limits: none."
            yield f"Here, `{alias}.{names[prop.wire_name]}`: {words}"


def _words(text: str) -> str:
    """A text without what does not change its meaning: case, spaces, punctuation."""
    return _NO_WORD.sub(" ", text.casefold()).strip()

"""Noting which endpoints stream, as fal's catalogue tells: in `endpoints.toml`, whether or not that is a list."""

# design: Where is it noted that an endpoint streams?

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..project.endpoints import STREAM_SOURCE, STREAMS, add_to_tables, read_listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..project.settings import Settings

# What the catalogue's address of one endpoint has in it, whatever its host: a person names a page instead.
_FROM_CATALOGUE = "/models?endpoint_id="


@dataclass(slots=True)
class Noted:
    """What is new about streams, by endpoint id.

    Attributes:
        began: It was noted now that they stream.
        ended: That was noted before, and the catalogue does not say so any more. The note stays.
    """

    began: list[str] = field(default_factory=list[str])
    ended: list[str] = field(default_factory=list[str])


def note_streams(settings: Settings, told: Mapping[str, str]) -> Noted:
    """Note which endpoints stream; what stands there already, `streams = false` too, is not overruled.

    Args:
        settings: The project.
        told: By id, the place that says that an endpoint streams; empty where the catalogue says that it does not.
    """
    listing = read_listing(settings)
    options = {} if listing is None else listing.options
    known = {one: options.get(one, {}) for one in told}
    noted = Noted(
        began=[one for one, source in told.items() if source and STREAMS not in known[one]],
        ended=[
            one
            for one, source in told.items()
            if not source and known[one].get(STREAMS) is True and _FROM_CATALOGUE in str(known[one].get(STREAM_SOURCE))
        ],
    )
    if noted.began:
        add_to_tables(settings, {one: {STREAMS: True, STREAM_SOURCE: told[one]} for one in noted.began})
    return noted

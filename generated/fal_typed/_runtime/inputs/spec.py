"""What is known of an endpoint before it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..media.limits import MediaLimits


@dataclass(frozen=True, slots=True)
class EndpointSpec:
    """What is known of an endpoint.

    Attributes:
        id: Its id.
        path: The path it is called at, without leading slash; the id, but for an alias.
        input: The TypedDict of its input; None where anything is accepted.
        output: The model (or union of models) of its output; None for plain JSON.
        renamed: Whether the input has names that differ from the wire's.
        event: The model of what it streams; None for plain JSON.
        media: What files must be like, by their places on the wire (`elements.*.video_url`); None where all go.
    """

    id: str
    path: str = ""
    input: Any = None
    output: Any = None
    renamed: bool = False
    event: Any = None
    media: Mapping[str, MediaLimits] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if not self.path:
            object.__setattr__(self, "path", self.id)

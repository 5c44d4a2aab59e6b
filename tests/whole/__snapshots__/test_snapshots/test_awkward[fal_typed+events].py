# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""What a client tells `on_event` of its calls, one value for each step."""

from ._runtime.events.kinds import (
    Closed,
    Completed,
    Event,
    Failed,
    Retried,
    Started,
    Submitted,
    Updated,
    Uploaded,
)

__all__ = [
    "Closed",
    "Completed",
    "Event",
    "Failed",
    "Retried",
    "Started",
    "Submitted",
    "Updated",
    "Uploaded",
]

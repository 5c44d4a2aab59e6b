"""How the limits of an input's files changed."""

from __future__ import annotations

from dataclasses import replace

from ..media_limits import MediaLimits, allows, in_words, numbers
from .types import Delta


def media_deltas(before: MediaLimits | None, after: MediaLimits | None, subject: str) -> list[Delta]:
    """The difference between what files must be like, if there is one.

    Args:
        before: The limits that were.
        after: Those that are.
        subject: How the input is called in the sentence.
    """
    old, new = _checked(before), _checked(after)
    narrower, wider = not allows(new, old), not allows(old, new)
    if not narrower and not wider:
        return []
    does = "must now be" if narrower else "may now be"
    text = f"a file for {subject} {does} {in_words(new, kind=True)} (before: {in_words(old, kind=True)})"
    return [Delta(text=text, narrower=narrower, wider=wider, soft=True)]


def _checked(limits: MediaLimits | None) -> MediaLimits:
    """What is held against a file: nothing where there are words alone."""
    if limits is None or not numbers(limits):
        return MediaLimits()
    return replace(limits, said="")

"""Which kind of file something is by its first bytes, and what a file of that kind says of itself."""

# design: How is a file looked at before it is uploaded?

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import MediaFacts
from .movies import movie
from .pictures import picture
from .sounds import wave

if TYPE_CHECKING:
    from .peek import Peek

_UNKNOWN: frozenset[str] = frozenset()
# Where a signature begins, the signature, and as what kinds of file such a one may be taken.
_SIGNATURES = (
    (0, b"\x1aE\xdf\xa3", frozenset({"video", "audio"})),
    (0, b"OggS", frozenset({"video", "audio"})),
    (0, b"fLaC", frozenset({"audio"})),
    (0, b"ID3", frozenset({"audio"})),
)


def facts_of(peek: Peek) -> MediaFacts:
    """What a file says of itself. What says nothing that is understood here has no facts."""
    head = peek.at(0, 16)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return movie(peek)
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return wave(peek)
    found = picture(peek, head)
    if found is not None:
        return found
    kinds = (kinds for at, text, kinds in _SIGNATURES if head[at : at + len(text)] == text)
    return MediaFacts(kinds=next(kinds, _UNKNOWN))

"""Size, length and frame rate in the header of MP4 and QuickTime files, which may stand at their end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .facts import MediaFacts, sized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from .peek import Peek

    Box: TypeAlias = tuple[bytes, int, int]

# Boxes in one box that are looked at; a real one has some dozen, one for each track among them.
_MOST_BOXES = 200
# Runs of frames of one length; of a video with more of them the rate is not read.
_MOST_RUNS = 100
_AUDIO = frozenset({"audio"})
_MOVING = frozenset({"video", "audio"})
# Brands of still pictures in the same kind of file (HEIF, AVIF), and of files that are surely none.
_PICTURES = {b"mif1", b"msf1", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"avif", b"avis", b"miaf", b"crx "}
_MOVIES = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V "}


@dataclass
class _Movie:
    """What is gathered from a `moov`."""

    peek: Peek
    handlers: set[bytes] = field(default_factory=set[bytes])
    sizes: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    durations: list[float] = field(default_factory=list[float])
    rates: list[float] = field(default_factory=list[float])
    in_pieces: bool = False
    rate_is_known: bool = True


@dataclass
class _Track:
    """What is gathered from a `trak`."""

    handler: bytes = b""
    header: int | None = None
    duration: float | None = None
    timescale: int = 0
    description: int | None = None
    runs: int | None = None
    samples: int | None = None


def movie(peek: Peek) -> MediaFacts:
    """What an MP4 or QuickTime file says of itself."""
    brands: set[bytes] = set()
    found = _Movie(peek)
    for name, start, end in _boxes(peek, 0, peek.size):
        if name == b"ftyp":
            brands = _brands(peek, start, end)
        if name == b"moov":
            _read_movie(found, start, end)
            break
    if brands & _PICTURES:
        return MediaFacts(frozenset({"image", "video"}))
    if found.in_pieces:  # each piece has times of its own
        return MediaFacts(_kinds(found, brands), tuple(found.sizes))
    rates = tuple(found.rates) if found.rate_is_known else ()
    return MediaFacts(_kinds(found, brands), tuple(found.sizes), tuple(found.durations), rates)


def _kinds(found: _Movie, brands: set[bytes]) -> frozenset[str]:
    if b"vide" in found.handlers or (not found.handlers and brands & _MOVIES):
        return _MOVING
    return _AUDIO if b"soun" in found.handlers else frozenset()


def _boxes(peek: Peek, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places: their names, and where their bodies begin and end."""
    for _ in range(_MOST_BOXES):
        size, name, body = peek.number(start, 4), peek.at(start + 4, 4), start + 8
        if size == 1:
            size, body = peek.number(start + 8, 8), start + 16
        if size == 0:  # to the end
            size = end - start
        if size is None or size < body - start or body > end:
            return
        yield name, body, min(start + size, end)
        start += size


def _brands(peek: Peek, start: int, end: int) -> set[bytes]:
    text = peek.at(start, min(end - start, 256))
    return {text[:4], *(text[at : at + 4] for at in range(8, len(text), 4))}


def _read_movie(found: _Movie, start: int, end: int) -> None:
    peek, timescale, tracks = found.peek, 0, list[tuple[int, int]]()
    for name, body, stop in _boxes(peek, start, end):
        if name == b"mvhd":
            timescale, seconds = _time(peek, body)
            found.durations += [] if seconds is None else [seconds]
        elif name == b"mvex":
            found.in_pieces = True
        elif name == b"trak":
            tracks.append((body, stop))
    for body, stop in tracks:
        track = _Track()
        _read_track(peek, track, body, stop)
        found.handlers |= {track.handler} - {b""}
        if track.handler == b"vide":
            _add_track(found, track, timescale)


def _read_track(peek: Peek, track: _Track, start: int, end: int, depth: int = 0) -> None:
    for name, body, stop in _boxes(peek, start, end):
        if name == b"tkhd":
            track.header = body
        elif name == b"mdhd":
            track.timescale, track.duration = _time(peek, body)
        elif name == b"hdlr" and not track.handler:
            track.handler = peek.at(body + 8, 4)
        elif name == b"stsd":
            track.description = body
        elif name == b"stts":
            track.runs = body
        elif name in (b"stsz", b"stz2"):
            track.samples = peek.number(body + 8, 4)
        elif name in (b"mdia", b"minf", b"stbl") and depth < 3:
            _read_track(peek, track, body, stop, depth + 1)


def _time(peek: Peek, body: int) -> tuple[int, float | None]:
    """The units a second of a header, and its duration in seconds, if it has one."""
    wide = peek.at(body, 1) == b"\x01"
    scale = peek.number(body + (20 if wide else 12), 4) or 0
    return scale, _seconds(peek, body + (24 if wide else 16), wide, scale)


def _seconds(peek: Peek, at: int, wide: bool, scale: int) -> float | None:
    length = 8 if wide else 4
    ticks = peek.number(at, length)
    unknown = (1 << 8 * length) - 1
    return ticks / scale if ticks and ticks != unknown and scale else None


def _add_track(found: _Movie, track: _Track, timescale: int) -> None:
    peek = found.peek
    if track.header is not None:
        wide = peek.at(track.header, 1) == b"\x01"
        seconds = _seconds(peek, track.header + (28 if wide else 20), wide, timescale)
        found.durations += [] if seconds is None else [seconds]
        matrix = track.header + (52 if wide else 40)
        turned = peek.number(matrix, 4) == 0 and bool(peek.number(matrix + 4, 4))
        found.sizes += sized(peek.number(matrix + 36, 2), peek.number(matrix + 40, 2), turned=turned)
        if track.description is not None:
            width, height = (peek.number(track.description + place, 2) for place in (40, 42))
            found.sizes += sized(width, height, turned=turned)
    found.durations += [] if track.duration is None else [track.duration]
    rates = _rates(peek, track)
    found.rates += rates
    found.rate_is_known = found.rate_is_known and bool(rates)


def _rates(peek: Peek, track: _Track) -> list[float]:
    """Pictures a second: on the whole, and in each run of pictures that last equally long."""
    if track.runs is None or not track.timescale:
        return []
    count = peek.number(track.runs + 4, 4)
    if not count or count > _MOST_RUNS:
        return []
    lengths = [peek.number(track.runs + 12 + 8 * run, 4) for run in range(count)]
    if None in lengths:
        return []
    rates = [track.timescale / length for length in dict.fromkeys(lengths) if length]
    return rates + ([track.samples / track.duration] if track.samples and track.duration else [])

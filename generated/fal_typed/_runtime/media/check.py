"""The files of an input held against what fal takes, before any of them is uploaded."""

# design: How is a file looked at before it is uploaded?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..checks import is_mapping, is_sequence, shortened
from ..errors import InputProblem, InvalidInputError
from .limits import problems, size_problem
from .look import facts_of
from .peek import Peek, into_data_uri, into_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from .limits import MediaLimits
    from .peek import Readable

    # By place: `image_url`, `elements.*.video_url`.
    Limits: TypeAlias = Mapping[str, MediaLimits]


def file_problems(media: Limits, files: Iterable[tuple[str, object, Readable]]) -> list[InputProblem]:
    """What is wrong with files that are to be uploaded.

    Args:
        media: What files must be like, by place.
        files: Their places, what was given there, and how it is read.
    """
    found: list[InputProblem] = []
    for path, value, source in files:
        limits = _limits_at(media, path)
        if limits is not None:
            told = _told(limits, source.size, into_source(source))
            found += [InputProblem(path, text, shortened(value)) for text in told]
    return found


def check_data_uris(endpoint: str, arguments: Mapping[str, Any], media: Limits) -> None:
    """Hold files that an input carries along against what fal takes.

    Raises:
        InvalidInputError: With every file that fal does not take.
    """
    found: list[InputProblem] = []
    for place, limits in media.items():
        for path, value in _at(arguments, place.split("."), ""):
            peek = into_data_uri(value) if isinstance(value, str) and value[:5].lower() == "data:" else None
            if peek is not None:
                found += [InputProblem(path, text, shortened(value)) for text in _told(limits, peek.size, peek)]
    if found:
        raise InvalidInputError(endpoint=endpoint, problems=found)


def _told(limits: MediaLimits, size: int | None, peek: Peek | None) -> list[str]:
    too_large = size_problem(limits, size)
    told = [] if too_large is None else [too_large]
    return told if peek is None else told + problems(limits, facts_of(peek))


def _limits_at(media: Limits, path: str) -> MediaLimits | None:
    steps = path.split(".")
    for place, limits in media.items():
        wanted = place.split(".")
        if len(wanted) == len(steps) and all(a in ("*", b) for a, b in zip(wanted, steps, strict=True)):
            return limits
    return None


def _at(value: Any, steps: list[str], path: str) -> Iterator[tuple[str, Any]]:
    """What stands in an input at a place, with the way there: `*` is any item and any key."""
    if not steps:
        yield path, value
        return
    step, *rest = steps
    if is_mapping(value):
        keys = [*value] if step == "*" else [step] if step in value else []
        items = [(str(key), value[key]) for key in keys]
    else:
        items = [(str(at), item) for at, item in enumerate(value)] if step == "*" and is_sequence(value) else []
    for name, item in items:
        yield from _at(item, rest, f"{path}.{name}" if path else name)

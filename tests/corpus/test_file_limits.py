"""What files must be like in the real documents: all of it is emitted, and no file is refused that fal takes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pytest
from media_files import facts, ffmpeg, picture, sound
from runtime.media.check import check_data_uris
from runtime.media.limits import problems, size_problem

from corpus.corpus import REPOSITORY, Made, documents, normalized
from corpus.schemas import PREFIX, Schemas
from generator.ir.limited_places import limited_places, media_table
from generator.media_limits import NUMBERS
from generator.parse.structure import mentions
from generator.project.file_inputs import FileTable, read_file_table
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.media_limits import MediaLimits

# What fal writes there and no file is refused by.
PASSED_OVER = {"timeout"}


@cache
def table() -> FileTable:
    return read_file_table(load_settings(REPOSITORY))


def inputs(endpoint_id: str) -> list[str]:
    """The object types of an input, the root first."""
    one = normalized()[endpoint_id]
    seen, waiting = dict[str, None](), [one.input]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen[name] = None
            waiting += mentions(one.objects[name])
    return list(seen)


@cache
def emitted(endpoint_id: str) -> dict[str, MediaLimits]:
    """What is emitted for an endpoint."""
    return dict(limited_places(normalized()[endpoint_id], inputs(endpoint_id), table()))


@cache
def as_emitted(endpoint_id: str) -> Any:
    class Endpoint(NamedTuple):
        media: Any

    return media_table(Endpoint(tuple(emitted(endpoint_id).items())))  # type: ignore[arg-type]


@cache
def limited() -> list[str]:
    """The endpoints that have some."""
    return sorted(one for one in documents() if emitted(one))


def written(value: Any) -> Iterator[dict[str, Any]]:
    """Every table of limits in a document's own schema of a property."""
    if isinstance(value, dict):
        found = {key: number for key, number in value.items() if key in NUMBERS or key == "limit_description"}
        if found:
            yield found
        for key, part in value.items():
            if key not in ("default", "examples", "properties"):
                yield from written(part)
    elif isinstance(value, list):
        for part in value:
            yield from written(part)


def test_every_limit_that_is_written_is_emitted(the_corpus_is_here: None) -> None:
    """By another walk: where a property's own schema has a limit anywhere, its place has it."""
    counted = 0
    for endpoint_id in documents():
        schemas = Schemas(documents()[endpoint_id])
        for component in schemas.reached(schemas.input):
            for name, schema in schemas.properties(schemas.components[component]).items():
                wanted: dict[str, Any] = {}
                for part in written(schema):
                    wanted |= {key: number for key, number in part.items() if key in NUMBERS}
                if not wanted:
                    continue
                counted += 1
                places = [place for place in as_emitted(endpoint_id) if name in place.split(".")]
                assert places, f"{endpoint_id} {component}.{name}"
                for place in places:
                    assert {k: v for k, v in as_emitted(endpoint_id)[place].items() if k != "kind"} == wanted
    assert counted >= 50


def test_each_has_a_kind(the_corpus_is_here: None) -> None:
    assert {limits.kind for one in limited() for limits in emitted(one).values()} == {"image", "video"}


def test_nothing_more_is_said_of_any(the_corpus_is_here: None) -> None:
    """Every `limit_description` lists the numbers beside it."""
    assert {limits.said for one in limited() for limits in emitted(one).values()} == {""}


def test_nothing_is_wrong_with_any(made: Made, the_corpus_is_here: None) -> None:
    assert not [message for code, message in made.diagnostics if code == "unknown-limit" or "max_file_size" in message]


def test_the_package_has_them(made: Made) -> None:
    for endpoint_id in documents():
        module = made.endpoint(endpoint_id)
        assert (module.SPEC.media or {}) == as_emitted(endpoint_id)


def test_no_example_is_refused() -> None:
    for endpoint_id in limited():
        schemas = Schemas(documents()[endpoint_id])
        root = schemas.components[schemas.input["$ref"].removeprefix(PREFIX)]
        for name, schema in schemas.properties(root).items():
            for given in [*schema.get("examples", []), schema.get("default")]:
                check_data_uris(endpoint_id, {name: given}, as_emitted(endpoint_id))


# --- real files at each limit ----------------------------------------------------------------------------------------


def distinct(kind: str) -> list[dict[str, Any]]:
    """The different limits of all documents."""
    found = {str(row): row for one in limited() for row in as_emitted(one).values() if row.get("kind") == kind}
    return list(found.values())


def told(limits: Any, content: bytes) -> list[str]:
    size = size_problem(limits, len(content))
    return [*([size] if size else []), *problems(limits, facts(content))]


def sizes(limits: dict[str, Any]) -> Iterator[tuple[tuple[int, int], bool]]:
    """Sizes at the limits and one pixel beside them, and whether they are within."""
    low, high = limits.get("min_width", 1), limits.get("max_width", 4000)
    for width in (low, low + 1, high - 1, high):
        height = max(min(width, limits.get("max_height", width)), limits.get("min_height", 1))
        yield (width, height), True
    for name, beside in (("min_width", -1), ("min_height", -1), ("max_width", 1), ("max_height", 1)):
        if name in limits:
            yield (limits[name] + beside, limits[name] + beside), False
    if "max_aspect_ratio" in limits:
        ratio, short = limits["max_aspect_ratio"], limits["min_width"]
        for long, right in ((int(short * ratio), True), (int(short * ratio) + 1, False)):
            yield (long, short), right
            yield (short, long), right
    if "max_pixels" in limits:
        side = int(limits["max_pixels"] ** 0.5)
        yield (side, limits["max_pixels"] // side), True
        yield (side, limits["max_pixels"] // side + 1), False


def drawn(form: str, width: int, height: int) -> bytes:
    """A picture of one bit a pixel where the form has it: those at the limits are large."""
    import io

    from PIL import Image

    written = io.BytesIO()
    Image.new("1" if form in ("PNG", "GIF") else "L", (width, height)).save(
        written, form, **({"compress_level": 1} if form == "PNG" else {})
    )
    return written.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_at_the_limits(form: str) -> None:
    for limits in distinct("image"):
        for (width, height), right in sizes(limits):
            if form == "PNG" or width * height <= 4_000_000:
                found = told(limits, drawn(form, width, height))
                assert (not found) == right, (limits, width, height, found)


def test_bytes_at_the_limits() -> None:
    for limits in [*distinct("image"), *distinct("video")]:
        most = limits.get("max_file_size")
        if most is not None:
            about: Any = {"max_file_size": most}
            assert [bool(size_problem(about, most + more)) for more in (-1, 0, 1)] == [False, False, True]


def filmed(width: int, height: int, seconds: float, rate: float) -> bytes:
    source = f"color=size={width}x{height}:rate={rate}:duration={seconds}"
    return ffmpeg(".mp4", "-f", "lavfi", "-i", source, "-c:v", "mpeg4", "-q:v", "31")


Film: TypeAlias = tuple[int, int, float, float]


def films(limits: dict[str, Any]) -> tuple[list[Film], list[Film]]:
    """Width, height, seconds and rate of videos at the limits, and of some beside them."""
    side, seconds, rate = limits.get("min_width", 16), limits.get("min_duration", 1), limits.get("min_fps", 20)
    right: list[Film] = [(side, side, seconds, rate)]
    wrong: list[Film] = []
    if "max_width" in limits:
        width, height = limits["max_width"], limits["max_height"]
        right.append((width, height, seconds, rate))
        wrong += [(width + 2, height, seconds, rate), (side - 2, side, seconds, rate), (side, side - 2, seconds, rate)]
    if "max_duration" in limits:
        right.append((side, side, limits["max_duration"], 40))  # a whole number of frames
        wrong.append((side, side, limits["max_duration"] + 0.1, rate))
    if "min_duration" in limits:
        wrong.append((side, side, seconds - 0.1, rate))
    if "max_fps" in limits:
        right.append((side, side, seconds, limits["max_fps"]))
        wrong += [(side, side, seconds, limits["max_fps"] + 1), (side, side, seconds, rate - 1)]
    return right, wrong


@pytest.mark.slow
def test_videos_at_the_limits() -> None:
    for limits in distinct("video"):
        right, wrong = films(limits)
        assert not [film for film in right if told(limits, filmed(*film))], limits
        assert not [film for film in wrong if not told(limits, filmed(*film))], limits


@pytest.mark.parametrize("kind", ["image", "video"])
def test_the_wrong_kind(kind: str) -> None:
    for limits in distinct(kind):
        assert told(limits, sound(0.01)) == [f"is a sound; a {'picture' if kind == 'image' else 'video'} is taken"]
    for limits in distinct("video"):
        assert told(limits, picture("PNG", 9, 9)) == ["is a picture; a video is taken"]

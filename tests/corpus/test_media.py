"""Which output files of the real documents are pictures, videos and sounds; and that type checkers see the same."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, get_args

import pytest
from typing_extensions import get_type_hints

from corpus.corpus import PACKAGE, Made
from corpus.media import Place, places
from generator.parse.media import EXCEPTIONS
from generator.shapes import ArrayShape, MapShape, Media, NullShape, RefShape, Shape, UnionShape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a description must speak of, and of nothing else, to count as saying what a file is.
SPOKEN: dict[Media | None, str] = {
    Media.IMAGE: "images? pictures? photos? textures? thumbnails? png jpe?g webp svg",
    Media.VIDEO: "videos? mp4 webm",
    Media.AUDIO: "audios? sounds? music songs? speech vocals wav mp3",
    None: "zip archives? mesh(es)? glb fbx obj usdz stl 3d.models? splats? ply json yaml npz weights safetensors "
    "config(uration)?",
}
# Where a description speaks of another kind, and why it is not followed.
NOT_FOLLOWED = {
    "fal-ai/wan-alpha WanAlphaOutput.image": "its type is VideoFile, with fps and duration",
    "tripo3d/h3.1/multiview-to-3d H31MultiviewTo3dOutput.rendered_image": "it is a picture of a 3D model",
    "tripo3d/h3.1/text-to-3d H31TextTo3dOutput.rendered_image": "it is a picture of a 3D model",
    "tripo3d/p1/image-to-3d P1ImageTo3dOutput.rendered_image": "it is a picture of a 3D model",
}
# Of endpoints that are known, and whose documents are not here.
NOT_HERE = {"Sa2va*VideoOutput.masks"}
BASES = {Media.IMAGE: "AnyImage", Media.VIDEO: "AnyVideo", Media.AUDIO: "AnyAudio"}


def spoken(place: Place) -> set[Media | None]:
    return {
        media
        for media, words in SPOKEN.items()
        if re.search(rf"\b({'|'.join(words.split())})\b", place.description, re.IGNORECASE)
    }


@pytest.mark.usefixtures("the_corpus_is_here")
def test_what_tells() -> None:
    """A change of these numbers renames public classes."""
    counted = Counter((place.told_by, place.media) for place in places())
    assert counted == {
        ("type", Media.IMAGE): 81,
        ("type", Media.VIDEO): 38,
        ("type", Media.AUDIO): 7,
        ("field", Media.IMAGE): 32,
        ("field", Media.VIDEO): 133,
        ("field", Media.AUDIO): 48,
        ("", None): 120,
    }


@pytest.mark.usefixtures("the_corpus_is_here")
def test_descriptions_agree() -> None:
    agreed, contradicted = 0, []
    for place in places():
        said = spoken(place)
        if len(said) == 1:
            agreed += said == {place.media}
            contradicted += [place.label] if said != {place.media} else []
    assert sorted(contradicted) == sorted(NOT_FOLLOWED)
    assert agreed >= 400


@pytest.mark.usefixtures("the_corpus_is_here")
def test_what_no_field_tells_is_no_picture_no_video_and_no_sound() -> None:
    """Neither by a description: what speaks of one among other things is listed by what else it is."""
    unknown = [place for place in places() if place.media is None]
    assert {place.file.wire_name for place in unknown} == {"File"}
    beside = {Media.IMAGE, Media.VIDEO, Media.AUDIO}
    assert [place.label for place in unknown if spoken(place) & beside and None not in spoken(place)] == []


@pytest.mark.usefixtures("the_corpus_is_here")
def test_every_exception_is_needed() -> None:
    files = {f"{place.owner}.{place.field}" for place in places() if place.file_class in ("File", "PlainImage")}
    files |= {f"{place.owner}.{place.field}" for place in places() if place.told_by == "field"}
    idle = {pattern for pattern in EXCEPTIONS if not any(fnmatchcase(one, pattern) for one in files)}
    assert idle == NOT_HERE


# --- what is emitted --------------------------------------------------------------------------------------------------


def test_every_file_is_of_its_base_in_the_annotation(made: Made) -> None:
    public = importlib.import_module(f"{PACKAGE}.models")
    wrong: list[str] = []
    for place in places():
        module = made.endpoint(place.endpoint_id)
        file = getattr(module, place.file_class)
        hints = get_type_hints(getattr(module, place.owner_class))
        bases = {media for media, base in BASES.items() if issubclass(file, getattr(public, base))}
        if file not in classes_in(hints[place.attribute]) or not issubclass(file, public.RemoteFile):
            wrong.append(f"{place.label}: another class")
        if bases != ({place.media} if place.media else set()):
            wrong.append(f"{place.label}: {bases}")
    assert not wrong


def classes_in(hint: Any) -> list[Any]:
    arguments = get_args(hint)
    return [cls for one in arguments for cls in classes_in(one)] if arguments else [hint]


def test_a_class_has_the_fields_of_its_document_in_their_order(made: Made) -> None:
    """The `url` comes first: it is that of `RemoteFile`."""
    wrong: list[str] = []
    for place in places():
        file = getattr(made.endpoint(place.endpoint_id), place.file_class)
        wire_names = [field.alias or name for name, field in file.model_fields.items()]
        # What a file holds is read by `RemoteFile`, and is a field of none.
        listed = [p.wire_name for p in place.file.properties if p.wire_name != "file_data"]
        if wire_names != sorted(listed, key=lambda name: name != "url"):
            wrong.append(place.label)
        if list(file.model_json_schema()["properties"]) != wire_names:
            wrong.append(f"{place.label}: schema")
    assert not wrong


def code(made: Made) -> str:
    """A function for each place, which hands its files to those that take any of their kind."""
    lines = [f"from {PACKAGE} import AnyAudio, AnyImage, AnyVideo", f"from {PACKAGE}.models import RemoteFile"]
    lines += ["def take_file(file: RemoteFile) -> object:", "    return file.download('x')"]
    for media, base in BASES.items():
        own = "file.duration, file.sample_rate" if media is Media.AUDIO else "file.width, file.height"
        lines.append(f"def take_{media.value}(file: {base}) -> object:")
        lines.append(f"    return file.url, file.file_name, file.content_type, file.file_size, {own}")
    for number, place in enumerate(places()):
        module = made.endpoint(place.endpoint_id).__name__
        lines.append(f"from {module} import {place.owner_class} as Owner{number}, {place.file_class} as File{number}")
        lines.append(f"def f{number}(it: Owner{number}) -> File{number} | None:  # {place.label}")
        takers = ["take_file", *([f"take_{place.media.value}"] if place.media else [])]
        lines += [f"    {line}" for line in hand(f"it.{place.attribute}", place.shape, number, takers)]
        lines.append("    return None")
    return "\n".join(lines) + "\n"


def hand(value: str, shape: Shape, number: int, takers: list[str], depth: int = 0) -> Iterator[str]:
    """The statements that lead to each file in a value."""
    name, inner = f"v{depth}", list[Shape]()
    if isinstance(shape, ArrayShape | MapShape):
        yield f"for {name} in {value if isinstance(shape, ArrayShape) else f'{value}.values()'}:"
        inner.append(shape.items if isinstance(shape, ArrayShape) else shape.values)
    elif isinstance(shape, UnionShape):
        yield f"{name} = {value}"
        inner += [member for member in shape.members if not isinstance(member, NullShape)]
        yield f"if {name} is not None:" if len(inner) == 1 else f"if isinstance({name}, File{number}):"
    else:
        assert isinstance(shape, RefShape)
        yield from (f"{taker}({value})" for taker in takers)
    if inner:
        yield from (
            f"    {line}" for line in hand(name, inner[0] if len(inner) == 1 else FILE, number, takers, depth + 1)
        )


FILE = RefShape(name="any")
BAD = "# BAD"
# Of each pair the second is what nobody may do with the bases.
MISUSED = f"""\
def misused(video: AnyVideo, audio: AnyAudio, image: AnyImage, file: RemoteFile) -> object:
    take_file(video)
    take_video(audio)  {BAD}
    take_image(image)
    take_image(video)  {BAD}
    take_audio(audio)
    take_audio(file)  {BAD}
    some: int | None = image.width
    width: int = image.width  {BAD}
    image.width = 3  {BAD}
    print(video.duration)
    print(image.duration)  {BAD}
    print(audio.sample_rate)
    print(video.sample_rate)  {BAD}
    print(video.fps)
    return some, width, video.widht  {BAD}
"""


@pytest.fixture(scope="module")
def script(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("media") / "takes.py"
    path.write_text(code(made) + MISUSED, encoding="utf-8")
    return path


def check(script: Path, found: dict[int, str]) -> None:
    """What was found is what is marked, and nothing else."""
    lines = script.read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("def f") for line in lines) == len(places())
    marked = {number for number, line in enumerate(lines, 1) if line.endswith(BAD)}
    wrong = [f"{number}: {found.get(number, 'not refused')}: {lines[number - 1]}" for number in found.keys() ^ marked]
    assert not wrong, "\n".join(wrong[:50])


@pytest.mark.slow
def test_pyright_takes_each_file_for_what_it_is(made: Made, script: Path) -> None:
    settings = {"extraPaths": [str(made.output)], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (script.parent / "pyrightconfig.json").write_text(json.dumps({**settings, "include": [script.name]}))
    done = made.run("pyright", "--pythonpath", sys.executable, "--outputjson", cwd=script.parent)
    found = json.loads(done.stdout)["generalDiagnostics"]
    check(script, {one["range"]["start"]["line"] + 1: one["message"] for one in found})


@pytest.mark.slow
def test_mypy_takes_each_file_for_what_it_is(made: Made, script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPYPATH", str(made.output))
    options = ["--strict", "--enable-error-code", "mutable-override", "--hide-error-context", "--follow-imports=silent"]
    cached = str(made.root / ".mypy_cache_media")
    done = made.run("mypy", *options, "--cache-dir", cached, "--python-version", "3.11", script.name, cwd=script.parent)
    errors = re.finditer(rf"^{script.name}:(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    assert "Found" in done.stdout, done.stdout + done.stderr
    check(script, {int(error[1]): error[2] for error in errors})

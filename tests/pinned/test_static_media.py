"""What a type checker says of functions that take any picture, called with the outputs of the pinned endpoints."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from .catalog import PINNED, ROOT
from .test_static import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
BAD = "# BAD"
HEAD = f"""\
from pathlib import Path

from fal_typed import AnyAudio, AnyImage, AnyVideo, Fal, models


def save(image: AnyImage) -> Path:
    print(image.url.upper(), image.content_type, image.file_name, image.file_size, image.width, image.height)
    return image.download(image.file_name or "image.png")


def watch(video: AnyVideo) -> float:
    return (video.duration or 0.0) * (video.fps or 0.0)


def hear(audio: AnyAudio) -> float:
    return (audio.sample_rate or 0) * (audio.duration or 0.0) * (audio.channels or 1)


def same(image: models.AnyImage) -> AnyImage:
    return image


def wrong(image: AnyImage, video: AnyVideo, audio: AnyAudio, file: models.RemoteFile) -> int:
    save(file)  {BAD}
    save(video)  {BAD}
    watch(image)  {BAD}
    hear(video)  {BAD}
    print(image.widht)  {BAD}
    print(image.fps)  {BAD}
    print(audio.width)  {BAD}
    image.width = 3  {BAD}
    return video.width  {BAD}


def right(fal: Fal, file: models.RemoteFile) -> None:
    if isinstance(file, AnyImage):
        save(file)
    for image in (models.Image(url="x"), models.SizedImage(url="x", width=1, height=1), models.PlainImage(url="x")):
        save(image)
"""


def code() -> str:
    lines = [HEAD]
    for entry in PINNED:
        call = f"    {entry.name} = fal.{entry.attribute}.request('id').result()"
        fields = entry.member("Output").model_fields
        files = f"[{entry.name}.image]" if "image" in fields else f"{entry.name}.images"
        lines += [call, f"    for file in {files}:", "        save(file)", f"        watch(file)  {BAD}"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "media.py").write_text(code(), encoding="utf-8")
    return tmp_path


def bad_lines(project: Path) -> set[int]:
    lines = (project / "media.py").read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if BAD in line}


def test_pyright(project: Path) -> None:
    settings = {"extraPaths": [str(ROOT / "generated")], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (project / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    output = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, folder=project))
    found = {one["range"]["start"]["line"] + 1: one["message"] for one in output["generalDiagnostics"]}
    assert set(found) == bad_lines(project), found


def test_mypy(project: Path) -> None:
    options = ("--strict", "--enable-error-code", "mutable-override", "--no-error-summary", "--hide-error-context")
    output = run("mypy", *options, "media.py", folder=project)
    found = {int(match[1]) for match in re.finditer(r"^media.py:(\d+): error", output, re.MULTILINE)}
    assert found == bad_lines(project), output

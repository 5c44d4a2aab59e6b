"""What a type checker says of files among the inputs: nothing of good ones, something of every bad one."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from .catalog import ROOT
from .test_static import run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
BAD = "# BAD"
CODE = f"""\
import io
import tempfile
from pathlib import Path
from typing import BinaryIO, assert_type

import numpy as np
from fal_typed import AsyncFal, Fal, FileInput, adownload_all, data_uri, download_all
from fal_typed.models import RemoteFile
from PIL import Image
from starlette.datastructures import UploadFile
from werkzeug.datastructures import FileStorage


def good(fal: Fal, file: BinaryIO, remote: RemoteFile, either: FileInput, paths: list[Path]) -> None:
    run = fal.illusion_diffusion.run
    out = run(prompt="x", image_url=Path("a.png"))
    run(prompt="x", image_url="https://x.example/a.png")
    run(prompt="x", image_url=b"bytes")
    run(prompt="x", image_url=file)
    run(prompt="x", image_url=io.BytesIO(b"x"))
    run(prompt="x", image_url=out.image)
    run(prompt="x", image_url=remote)
    run(prompt="x", image_url=either)
    run(prompt="x", image_url=UploadFile(file))
    run(prompt="x", image_url=FileStorage(file))
    run(prompt="x", image_url=Image.new("RGB", (8, 8)))
    run(prompt="x", image_url=Image.open("a.png"))
    run(prompt="x", image_url=np.zeros((8, 8, 3), np.uint8))
    fal.storage.upload(UploadFile(file))
    with open("a.png", "rb") as opened, tempfile.NamedTemporaryFile() as temporary:
        run(prompt="x", image_url=opened)
        run(prompt="x", image_url=temporary)
        assert_type(fal.storage.upload(opened), str)
    edit = fal.omnigen_v2.run
    edited = edit(prompt="x", input_image_urls=[Path("a.png"), "https://x.example/b.png", b"c", file, remote])
    edit(prompt="x", input_image_urls=paths)
    edit(prompt="x", input_image_urls=(Path("a"), b"b"))
    edit(prompt="x", input_image_urls=edited.images)
    assert_type(edited.images[0].download("a.png", max_bytes=1), Path)
    assert_type(fal.storage.upload(Path("a"), expires_in="7d", initial_acl={{"default": "hide"}}), str)
    fal.storage.upload(b"x", progress=lambda sent, total: print(sent, total))
    assert_type(data_uri(Path("a.png")), str)
    assert_type(download_all(edited, "folder"), list[Path])
    download_all([edited, out.image, remote], Path("folder"), progress=True, only_hosts="*.fal.media", max_bytes=1)
    download_all((each for each in (out, edited)), "folder", progress=print, only_hosts=["a"], overwrite=False)
    download_all({{"a": out}}, "folder", timeout=2.5)
    out.image.download("a.png", only_hosts=("a.example",), overwrite=None)


async def good_async(fal: AsyncFal) -> None:
    out = await fal.illusion_diffusion.run(prompt="x", image_url=Path("a.png"))
    assert_type(await out.image.adownload(Path("folder"), overwrite=False), Path)
    assert_type(await fal.storage.upload(Path("a"), timeout=5), str)
    assert_type(await adownload_all([out], "folder", progress=None), list[Path])


def bad(fal: Fal, text: io.StringIO, paths: list[Path]) -> None:
    run = fal.illusion_diffusion.run
    run(prompt="x", image_url=3)  {BAD}
    run(prompt="x", image_url=None)  {BAD}
    run(prompt="x", image_url=text)  {BAD}
    run(prompt="x", image_url=paths)  {BAD}
    run(prompt=Path("x"), image_url=b"x")  {BAD}
    fal.omnigen_v2.run(prompt="x", input_image_urls=b"x")  {BAD}
    fal.omnigen_v2.run(prompt="x", input_image_urls="x")  {BAD}
    fal.omnigen_v2.run(prompt="x", input_image_urls=Path("x"))  {BAD}
    fal.omnigen_v2.run(prompt="x", input_image_urls=[3])  {BAD}
    fal.storage.upload("a.png")  {BAD}
    fal.storage.upload(b"x", expires_in="2h")  {BAD}
    fal.storage.upload(b"x", initial_acl={{"default": "no"}})  {BAD}
    data_uri("a.png")  {BAD}
    download_all(3, "folder")  {BAD}
    download_all([], "folder", progress="bar")  {BAD}
    download_all([], "folder", only_hosts=3)  {BAD}
"""
LINES = {number for number, line in enumerate(CODE.splitlines(), 1) if BAD in line}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "calls.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def test_pyright(project: Path) -> None:
    settings = {"extraPaths": [str(ROOT / "generated")], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (project / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")

    output = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, folder=project))
    found = {one["range"]["start"]["line"] + 1: one["message"] for one in output["generalDiagnostics"]}
    assert set(found) == LINES, found


def test_mypy(project: Path) -> None:
    output = run("mypy", "--strict", "--no-error-summary", "--hide-error-context", "calls.py", folder=project)
    found = {int(match[1]) for match in re.finditer(r"^calls.py:(\d+): error", output, re.MULTILINE)}
    assert found == LINES, output

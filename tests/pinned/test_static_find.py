"""What a type checker says of a search for a request: the output's type, and something of every bad one."""

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
from datetime import timedelta
from typing import Any, assert_type

from fal_typed import AsyncFal, AsyncRequestHandle, Fal, FoundRequest, RequestHandle
from fal_typed.endpoints.flux_1.schnell import Flux1SchnellOutput


def good(fal: Fal, given: dict[str, Any]) -> None:
    found = fal.requests.find(fal.flux_1.schnell, {{"prompt": "x", "num_images": 2}}, since=timedelta(hours=1))
    assert_type(found, list[FoundRequest[RequestHandle[Flux1SchnellOutput]]])
    assert_type(found[0].handle.result(), Flux1SchnellOutput)
    assert_type(found[0].request_id, str)
    other = fal.requests.find(fal.endpoint("a/b"), given, since=timedelta(1), until=timedelta(0))
    assert_type(other, list[FoundRequest[RequestHandle[Any]]])


async def good_async(fal: AsyncFal) -> None:
    found = await fal.requests.find(fal.flux_1.schnell, {{"prompt": "x"}}, since=timedelta(hours=1))
    assert_type(found, list[FoundRequest[AsyncRequestHandle[Flux1SchnellOutput]]])
    assert_type(await found[0].handle.result(), Flux1SchnellOutput)


def bad(fal: Fal, other: AsyncFal) -> None:
    fal.requests.find(fal.flux_1.schnell, "x", since=timedelta(1))  {BAD}
    fal.requests.find(fal.flux_1.schnell, {{"prompt": "x"}}, since="today")  {BAD}
    fal.requests.find(fal.flux_1.schnell, {{"prompt": "x"}})  {BAD}
    fal.requests.find("fal-ai/flux-1/schnell", {{"prompt": "x"}}, since=timedelta(1))  {BAD}
    fal.requests.find(other.flux_1.schnell, {{"prompt": "x"}}, since=timedelta(1))  {BAD}
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

"""What gets a hint at run time is refused by type checkers as before: hints are no second way to write a call."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .catalog import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

# `{await_}` and `{Fal}` differ on the two clients. Each line is wrong but those that say OK.
WRONG = """\
from pathlib import Path

from fal_typed import {Fal}, InProgress, Queued


{def_} calls(fal: {Fal}) -> None:
    schnell = fal.flux_1.schnell
    {await_}schnell.subscribe({{"prompt": "a cat"}})
    {await_}schnell.run("a cat")
    {await_}schnell.submit({{"prompt": "a cat"}})
    {await_}schnell.run(arguments={{"prompt": "a cat"}})
    {await_}schnell.subscribe(prompt="a cat", with_logs=True)
    {await_}schnell.subscribe(prompt="a cat", client_timeout=3)
    {await_}schnell.subscribe(prompt="a cat", on_enqueue=print)
    {await_}schnell.subscribe(prompt="a cat", priority="low")
    {await_}schnell.subscribe(prompt="a cat", image_size=(512, 512))
    {Fal}(key="a:b")
    {Fal}(api_key="a:b")
    {Fal}(default_timeout=3)
    {await_}schnell(prompt="a cat")
    {await_}fal.flux_1(prompt="a cat")
    {await_}fal.flux_1.subscribe(prompt="a cat")
    schnell.stream(prompt="a cat")
    schnell.realtime()
    {await_}fal.subscribe("fal-ai/flux-1/schnell", arguments={{}})
    {await_}fal.run("fal-ai/flux-1/schnell", arguments={{}})
    {await_}fal.upload_file(Path("a.png"))
    {await_}fal.status("fal-ai/flux-1/schnell", "id")
    fal.encode_file(Path("a.png"))
    out = {await_}schnell.run(prompt="a cat")  # OK
    print(out["images"])
    print(out.images[0]["url"])
    handle = {await_}schnell.submit(prompt="a cat")  # OK
    {await_}handle.get()
    handle.iter_events()
    {await_}handle.status(with_logs=True)
    schnell.with_options(with_logs=True)
    out.get("images")


def told(update: InProgress, queued: Queued) -> None:
    print(update.logs[0]["message"])
    update.logs[0].get("message")
    iter(update.logs[0])
    print(queued.position)
"""
LINES = {
    "sync_calls.py": WRONG.format(def_="def", await_="", Fal="Fal"),
    "async_calls.py": WRONG.format(def_="async def", await_="await ", Fal="AsyncFal"),
}


def wrong_lines(text: str) -> set[int]:
    """The lines in functions that are not said to be right."""
    lines = enumerate(text.splitlines(), 1)
    return {at for at, line in lines if line.startswith("    ") and "OK" not in line and " = fal." not in line}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hints")
    for name, text in LINES.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = {"extraPaths": [str(ROOT / "generated")], "typeCheckingMode": "basic", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def run(*command: str, folder: Path) -> str:
    environment = {**os.environ, "MYPYPATH": str(ROOT / "generated")}
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout


def test_pyright(project: Path) -> None:
    found = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, folder=project))
    for name, text in LINES.items():
        reported = {
            each["range"]["start"]["line"] + 1
            for each in found["generalDiagnostics"]
            if each["file"].endswith(name) and each["severity"] == "error"
        }
        assert reported == wrong_lines(text), name


def test_mypy(project: Path) -> None:
    output = run("mypy", "--no-error-summary", "--hide-error-context", *LINES, folder=project)
    for name, text in LINES.items():
        reported = {int(match[1]) for match in re.finditer(rf"^{name}:(\d+): error: ", output, re.MULTILINE)}
        assert reported == wrong_lines(text), output

"""The contract with type checkers: what a caller may write, and what is refused, in pyright and mypy."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
from collections.abc import Sequence
from typing import Any, assert_type
from runtime_sample import AsyncFal, Fal, LoraWeight, SchnellOutput
from runtime.calls.handle import RequestHandle

fal = Fal()
variable: list[str] = []
loras: list[LoraWeight] = [{"path": "a"}]
items: Sequence[str] = variable
schnell = fal.flux_1.schnell
assert_type(schnell.run(prompt="x", image_urls=["a"]), SchnellOutput)
assert_type(schnell.subscribe(prompt="x", image_urls=("a", "b"), logs=True, on_queue_update=print), SchnellOutput)
assert_type(schnell.submit(prompt="x", image_urls=variable), RequestHandle[SchnellOutput])
assert_type(schnell.submit(prompt="x").result(timeout=3), SchnellOutput)
assert_type(schnell.request("id").result(), SchnellOutput)
assert_type(schnell.with_options(timeout=3).run(prompt="x", image_urls=items), SchnellOutput)
assert_type(fal.endpoints["fal-ai/flux-1/schnell"].run(prompt="x"), SchnellOutput)
schnell.run(prompt="x", loras=[{"path": "a", "scale": 1}])
schnell.run(prompt="x", loras=loras, image_size={"width": 3})
schnell.run(prompt="x", parts=[{"width": 3}, "whole"])
schnell.run(image_urls=[])  # error: no prompt
schnell.run(prompt="x", image_urls="abc")  # error: a str is no list
schnell.run(prompt="x", image_urls=[1])  # error: not of str
schnell.run(prompt="x", loras=[{"pth": "a"}])  # error: an unknown key
schnell.run(prompt="x", image_size="big")  # error: no member
schnell.run(prompt="x", promt="y")  # error: an unknown name
with schnell.stream(prompt="x") as events:
    assert_type([event for event in events], list[dict[str, Any]])
    assert_type(events.output(), SchnellOutput)
with fal.stream_.stream(prompt="x") as models:
    assert_type(next(models), SchnellOutput)
schnell.stream(promt="x")  # error: an unknown name
fal.alias.stream(to=3)  # error: does not stream
fal.no_such_thing  # error: an unknown attribute


async def main(fal: AsyncFal) -> None:
    assert_type(await fal.flux_1.schnell.run(prompt="x"), SchnellOutput)
    assert_type(await (await fal.flux_1.schnell.submit(prompt="x")).result(), SchnellOutput)
    async with fal.flux_1.schnell.stream(prompt="x") as events:
        assert_type([event async for event in events], list[dict[str, Any]])
        assert_type(await events.output(), SchnellOutput)
    fal.flux_1.schnell.updates  # error: of handles only
"""
HERE = Path(__file__).parents[1]
TEMPLATES = Path(sys.modules["runtime"].__path__[0]).parent if "runtime" in sys.modules else HERE
ERRORS = {number for number, line in enumerate(CODE.splitlines(), 1) if "# error" in line}


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["pyright", "mypy"])
def test_what_type_checkers_say(tmp_path: Path, checker: str) -> None:
    (tmp_path / "use.py").write_text(CODE)
    (tmp_path / "pyrightconfig.json").write_text(f'{{"extraPaths": ["{TEMPLATES}", "{HERE}"]}}')
    commands = {
        "pyright": ["pyright", "--pythonpath", sys.executable, "use.py"],
        "mypy": [
            "mypy",
            "--strict",
            "--cache-dir",
            str(tmp_path / "cache"),
            "--python-executable",
            sys.executable,
            "use.py",
        ],
    }
    done = subprocess.run(
        [sys.executable, "-m", *commands[checker]],
        cwd=tmp_path,
        env={"MYPYPATH": f"{TEMPLATES}:{HERE}", "PATH": str(Path(sys.executable).parent) + ":/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {int(line) for line in re.findall(r"use\.py:(\d+):.*error", done.stdout)}
    assert found == ERRORS, done.stdout + done.stderr

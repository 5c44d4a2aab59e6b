"""Emitted code is proved, not only compared: it imports, and type checkers find nothing in it. Slow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import CASES, INTEGER, STRING, Project, obj, ref, spawn

SETTINGS = {
    "typeCheckingMode": "strict",
    "pythonVersion": "3.11",
    "include": ["generated/fal_typed"],
    # The runtime has checks of its own.
    "ignore": ["generated/fal_typed/_runtime"],
}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The pinned endpoints, the cases, and some more endpoints, all in one package."""
    project = Project(tmp_path_factory.mktemp("cases")).pinned()
    for path in CASES.glob("*.json"):
        project.put(f"fal-ai/case/{path.stem}", path.read_text(encoding="utf-8"))
    project.add("fal-ai/empty", output={})
    project.add("fal-ai/open", input={"type": "object"}, output=obj({"a": STRING}, additionalProperties=True))
    project.add("fal-ai/more", input=obj({"a": STRING}, additionalProperties=INTEGER))
    project.add("fal-ai/nothing", input=obj({}), output=obj({}))
    project.add("async/tts-pro/v1.0")
    project.add("bria/text-to-image/3.2")
    project.add("fal-ai/all-options", input=obj(dict.fromkeys(("logs", "on_queue_update", "webhook_url"), STRING)))
    project.add("fal-ai/self", input=obj(dict.fromkeys(("self", "input", "int", "list", "Image"), STRING)))
    nested: dict[str, Any] = {"Image": obj({"size": ref("Size")}), "Size": obj({"w": INTEGER})}
    for name in ("one", "two"):
        project.add(
            f"fal-ai/x/{name}", input=obj({"i": ref("Image")}), output=obj({"i": ref("Image")}), components=nested
        )
    project.add("fal-ai/x/run/stream")
    project.regenerate()
    return project


def modules(project: Project) -> list[str]:
    paths = (path for path in project.tree() if path.endswith(".py"))
    return [path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in paths]


@pytest.mark.slow
def test_everything_imports_and_every_validator_builds(cases: Project) -> None:
    program = f"""
import importlib, typing
from pydantic import TypeAdapter
for name in {modules(cases)!r}:
    module = importlib.import_module(name)
    spec = getattr(module, "SPEC", None)
    for exported in getattr(module, "__all__", ()):
        getattr(module, exported)
    if spec is not None:
        TypeAdapter(spec.input).json_schema()
        TypeAdapter(spec.output).json_schema()
"""
    done = spawn(["-W", "error", "-c", program], cwd=cases.output)
    assert (done.code, done.err) == (0, ""), done.err


@pytest.mark.slow
def test_pyright_strict(cases: Project) -> None:
    path: Path = cases.root / "pyrightconfig.json"
    path.write_text(json.dumps(SETTINGS), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"],
        cwd=cases.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)["generalDiagnostics"]
    shown = [
        f"{Path(d['file']).relative_to(cases.output)}:{d['range']['start']['line'] + 1} {d['message']} {d.get('rule')}"
        for d in found
    ]
    assert not shown, "\n".join(shown)
    assert done.returncode == 0


@pytest.mark.slow
def test_mypy_strict(cases: Project) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--python-version", "3.11", "fal_typed"],
        cwd=cases.output, capture_output=True, text=True, check=False,
    )  # fmt: skip
    errors = [line for line in done.stdout.splitlines() if ": error:" in line and "/_runtime/" not in line]
    assert not errors, "\n".join(errors)

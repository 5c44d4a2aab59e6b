"""How long generation takes, beside the generators people would use instead, and beside the tools it is made of.

Needs the real documents, which are not part of the repository; skips, saying so, where they are missing. The peers are
installed into an environment of their own: their pins are not ours.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from corpus.folder import DOCUMENTS, IS_HERE, WHY_SKIPPED

from generator import pipeline
from generator.emit import format as format_stage
from generator.emit import models as models_stage
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / ".venv" / "peers"
SAMPLE = 12

pytestmark = pytest.mark.bench


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of all real documents."""
    if not IS_HERE:
        pytest.skip(WHY_SKIPPED)
    root = tmp_path_factory.mktemp("all")
    (root / "pyproject.toml").write_text("[tool.fal-typed]\n", encoding="utf-8")
    for path in DOCUMENTS.glob("*.json"):
        target = root / "specs" / (path.stem.replace("__", "/") + ".json")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return root


def regenerate(project: Path) -> None:
    command = [sys.executable, "-m", "generator", "--project", str(project), "regenerate"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def from_nothing(project: Path) -> float:
    for name in ("generated", ".fal-typed-cache", "specs/types.lock"):
        target = project / name
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
    return seconds(lambda: regenerate(project))


def tools_alone(project: Path) -> float:
    """What the datamodel-code-generator batches and the ruff runs of one whole run take by themselves."""
    spent = 0.0

    @contextmanager
    def not_before(documents: int) -> Generator[ProcessPoolExecutor]:
        """Their start is theirs: not hidden behind our stages."""
        with ProcessPoolExecutor(max_workers=2) as pool:
            yield pool

    def timed(function: Callable[..., object]) -> Callable[..., object]:
        def measured(*arguments: object) -> object:
            nonlocal spent
            start = time.perf_counter()
            result = function(*arguments)
            spent += time.perf_counter() - start
            return result

        return measured

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models_stage, "_generate", timed(models_stage._generate))
        patch.setattr(format_stage, "_ruff", timed(format_stage._ruff))
        patch.setattr(pipeline, "CACHE_FOLDER", "no-such-cache")
        patch.setattr(pipeline, "workers", not_before)
        pipeline.run(load_settings(project))
    return spent


def peer(tool: str, package: str) -> Path:
    """A peer's command, installed on first use."""
    if not (PEERS / "bin" / tool).exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True, capture_output=True)
        done = subprocess.run([PEERS / "bin" / "pip", "install", "-q", package], check=False, capture_output=True)
        if done.returncode:
            pytest.skip(f"{package} cannot be installed here")
    return PEERS / "bin" / tool


def peers(sample: list[Path], out: Path) -> dict[str, float]:
    """Seconds per document of the others, each by its own command."""
    openapi_client = peer("openapi-python-client", "openapi-python-client")
    environment = {**os.environ, "PATH": f"{PEERS / 'bin'}:{os.environ['PATH']}"}
    codegen = Path(sys.executable).parent / "datamodel-codegen"
    commands: dict[str, Callable[[Path, Path], list[str]]] = {
        "openapi-python-client": lambda path, to: [
            str(openapi_client), "generate", "--path", str(path), "--output-path", str(to), "--overwrite",
        ],
        "datamodel-codegen's client": lambda path, to: [
            str(codegen), "--input", str(path), "--input-file-type", "openapi", "--output", f"{to}m",
            "--output-model-type", "pydantic_v2.BaseModel", "--generate-client", "httpx2",
            "--client-model-package", "m", "--client-output", f"{to}c", "--client-package", "c",
        ],
    }  # fmt: skip
    found: dict[str, float] = {}
    for name, command in commands.items():
        times = []
        for index, path in enumerate(sample):
            arguments = command(path, out / f"{name.split()[0]}{index}")
            times.append(
                seconds(lambda a=arguments: subprocess.run(a, check=False, capture_output=True, env=environment))
            )
        found[name] = statistics.median(times)
    return found


def test_generation_time(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = sorted((project / "specs").rglob("*/*.json"))
    others = peers(documents[:: len(documents) // SAMPLE][:SAMPLE], tmp_path)
    whole = min(from_nothing(project) for _ in range(3))
    tools = min(tools_alone(project) for _ in range(3))
    nothing = min(seconds(lambda: regenerate(project)) for _ in range(3))
    changed: list[float] = []
    path = project / "specs/fal-ai/flux-1/schnell.json"
    for maximum in (13, 14, 15):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"maximum": 12', f'"maximum": {maximum}', 1), encoding="utf-8")
        changed.append(seconds(lambda: regenerate(project)))
        path.write_text(text, encoding="utf-8")
    each = whole / len(documents)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(documents)} documents from nothing: {whole:.2f} s, {each * 1000:.1f} ms each\n")
        for name, other in others.items():
            sys.stdout.write(f"  {name}: {other * 1000:.0f} ms each, {other / each:.0f} times as long\n")
        sys.stdout.write(f"  its own tools alone: {tools:.2f} s, ratio {whole / tools:.2f} (goal 1.5)\n")
        sys.stdout.write(f"nothing changed: {nothing:.2f} s (goal 1)\n")
        sys.stdout.write(f"one document changed: {min(changed):.2f} s (goal 2)\n")

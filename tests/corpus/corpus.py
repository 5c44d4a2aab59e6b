"""The real documents, and the one package that is made of all of them."""

from __future__ import annotations

import importlib
import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import own
from corpus.folder import CORPUS, DOCUMENTS, IS_HERE
from generator import pipeline
from generator.diagnostics import Findings
from generator.parse.load import Document
from generator.parse.normalize import Normalized, normalize
from generator.parse.resolve import resolve
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PACKAGE = "corpus_typed"
# Draws are random and the same in every run.
SEED = 20260611


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Every document as it was published, by endpoint id; where those are not, our own in their place."""
    if not IS_HERE:
        return own.whole()
    files = sorted(DOCUMENTS.glob("*.json"))
    return {file.stem.replace("__", "/"): json.loads(file.read_text(encoding="utf-8")) for file in files}


def sample(count: int) -> list[str]:
    """Some endpoints, drawn at random: the same in every run."""
    return sorted(random.Random(SEED).sample(sorted(documents()), min(count, len(documents()))))


def known_ids() -> list[str]:
    """Every endpoint id that any source has named; where those are not at hand, ids of our own."""
    if not IS_HERE:
        return own.ids()
    ids: list[str] = json.loads((CORPUS / "endpoint_ids.json").read_text(encoding="utf-8"))
    return ids


def read(endpoint_id: str, data: Any) -> Normalized:
    """A document through the generator's stages `resolve` and `normalize`."""
    document = Document(id=endpoint_id, path=f"specs/{endpoint_id}.json", text="", data=data)
    resolved = resolve(document, Findings())
    assert resolved is not None, endpoint_id
    normalized = normalize(resolved, Findings())
    assert normalized is not None
    return normalized


@cache
def normalized() -> dict[str, Normalized]:
    """Every document behind `normalize`, read once: the stages before `share` look at one document at a time."""
    return {endpoint_id: read(endpoint_id, data) for endpoint_id, data in documents().items()}


@dataclass(frozen=True)
class Made:
    """The package generated from all documents."""

    root: Path
    diagnostics: tuple[tuple[str, str], ...]
    "What the generator reported: code and message."

    @property
    def output(self) -> Path:
        return self.root / "generated"

    @property
    def package(self) -> Path:
        return self.output / PACKAGE

    def modules(self) -> list[str]:
        """Every module's name."""
        paths = sorted(path.relative_to(self.output).with_suffix("") for path in self.package.rglob("*.py"))
        return [".".join(path.parts).removesuffix(".__init__") for path in paths]

    def endpoint(self, endpoint_id: str) -> ModuleType:
        """An endpoint's module."""
        return importlib.import_module(f"{PACKAGE}.endpoints.{registry()[endpoint_id]}")

    def run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """A Python module as a program."""
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=cwd or self.root, capture_output=True, text=True, check=False
        )


@cache
def registry() -> dict[str, str]:
    """The module of every endpoint, below `endpoints`, as the generator names them."""
    from generator.ir.name import endpoint_name

    return {endpoint_id: ".".join(endpoint_name(endpoint_id).path) for endpoint_id in documents()}


def make(root: Path) -> Made:
    """Generate the package below `root`; where another worker of this run did that already, take what it made."""
    import fcntl  # where there is none, there is no corpus either

    root.mkdir(parents=True, exist_ok=True)
    report = root / "diagnostics.json"
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.is_file():
            report.write_text(json.dumps(_generate(root)), encoding="utf-8")
    found: list[tuple[str, str]] = json.loads(report.read_text(encoding="utf-8"))
    return Made(root, tuple((code, message) for code, message in found))


def _generate(root: Path) -> list[tuple[str, str]]:
    (root / "pyproject.toml").write_text(f'[tool.fal-typed]\npackage = "{PACKAGE}"\n', encoding="utf-8")
    for endpoint_id, data in documents().items():
        path = root / "specs" / f"{endpoint_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")
    settings = load_settings(root)
    result = pipeline.run(settings)
    pipeline.write(settings, result)
    return [(one.code.value, f"{one.source.path}: {one.message}") for one in result.diagnostics]


def shared_between_workers(base: Path) -> Path:
    """A folder for what all xdist workers of one run need: their own base folders stand side by side."""
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

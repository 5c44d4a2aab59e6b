"""Every real document becomes a working endpoint: emitted, formatted, compiled, imported; type checkers agree."""

from __future__ import annotations

import compileall
import importlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import TypeAdapter

from corpus.corpus import Made, documents

if TYPE_CHECKING:
    from types import ModuleType

# Repairs of faults that the documents have, by code. More of them, or fewer: read why before you change a number.
REPAIRS = {"dangling-ref": 3, "default-mismatch": 3, "tuple-as-mapping": 2, "missing-root": 2}


def test_every_document_is_an_endpoint(made: Made) -> None:
    emitted = [made.endpoint(endpoint_id).SPEC for endpoint_id in documents()]
    assert [spec.id for spec in emitted] == list(documents())
    registry = (made.package / "_registry.py").read_text(encoding="utf-8")
    assert all(f'"{endpoint_id}"' in registry for endpoint_id in documents())


@pytest.mark.usefixtures("the_corpus_is_here")
def test_the_repairs(made: Made) -> None:
    assert Counter(code for code, _ in made.diagnostics) == REPAIRS, made.diagnostics


def test_formatted_and_free_of_unused_names(made: Made) -> None:
    # Stubs are as their templates lay them out, in lines as long as their types.
    common = ["--isolated", "--no-cache", "--line-length", "120", "--exclude", "_runtime,_fakes", "."]
    for command in (["format", "--check"], ["check", "--select", "F,I"]):
        done = made.run("ruff", *command, *common, cwd=made.package)
        assert done.returncode == 0, done.stdout


def test_compiles(made: Made) -> None:
    assert compileall.compile_dir(made.package, quiet=1)


def test_imports_and_every_validator_builds(made: Made) -> None:
    """In one process, with every warning an error: pydantic warns of a field that hides a method."""
    for name in made.modules():
        module = importlib.import_module(name)
        for exported in getattr(module, "__all__", ()):
            getattr(module, exported)
        build(module)


def build(module: ModuleType) -> None:
    spec = getattr(module, "SPEC", None)
    if spec is not None:
        assert TypeAdapter(spec.input).json_schema()["type"] == "object"
        assert TypeAdapter(spec.output).json_schema()


@pytest.mark.slow
def test_pyright_strict(made: Made) -> None:
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "include": [f"generated/{made.package.name}"],
        # The runtime is a copy, and has checks of its own.
        "ignore": [f"generated/{made.package.name}/_runtime"],
    }
    (made.root / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = made.run("pyright", "--pythonpath", sys.executable, "--outputjson")
    found = json.loads(done.stdout)["generalDiagnostics"]
    shown = [f"{Path(one['file']).relative_to(made.output)}: {one['message']} {one.get('rule')}" for one in found]
    assert not shown, "\n".join(shown[:50])


@pytest.mark.slow
def test_mypy_strict(made: Made) -> None:
    cached = str(made.root / ".mypy_cache")
    command = ["mypy", "--strict", "--cache-dir", cached, "--python-version", "3.11", made.package.name]
    done = made.run(*command, cwd=made.output)
    errors = [line for line in done.stdout.splitlines() if ": error:" in line and "/_runtime/" not in line]
    assert not errors, "\n".join(errors[:50])
    assert "Found" in done.stdout or "Success" in done.stdout, done.stdout + done.stderr

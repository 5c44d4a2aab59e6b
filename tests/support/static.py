"""What the two type checkers say of a file that uses an emitted package."""

from __future__ import annotations

import atexit
import json
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CHECKERS = ("pyright", "mypy")


@cache
def mypy_cache() -> str:
    """What mypy knows of the package from other tests of this process: to read all of it takes it long."""
    folder = tempfile.mkdtemp(prefix="fal-typed-mypy-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def error_lines(checker: str, folder: Path, code: str, packages: Path) -> dict[int, str]:
    """The first message of a type checker, in its strict mode, about each line of a file that has any.

    Args:
        checker: `pyright` or `mypy`.
        folder: Where to write the file.
        code: What it holds.
        packages: The folder of the package that it uses.
    """
    (folder / "use.py").write_text(code, encoding="utf-8")
    settings = {"extraPaths": [str(packages)], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    commands = {
        "pyright": ["pyright", "--pythonpath", sys.executable, "use.py"],
        "mypy": ["mypy", "--strict", "--cache-dir", mypy_cache(), "use.py"],
    }
    environment = {"MYPYPATH": str(packages), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", *commands[checker]]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = re.findall(r"use\.py:(\d+):.*?error:? (.*)", done.stdout)
    return {int(line): message for line, message in reversed(found)}


def lines_marked(code: str, mark: str = "# BAD") -> set[int]:
    """The lines on which an error is expected."""
    return {number for number, line in enumerate(code.splitlines(), 1) if mark in line}

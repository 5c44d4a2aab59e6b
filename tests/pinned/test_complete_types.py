"""How much of the public interface has a type that every type checker reads alike."""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from .catalog import ROOT


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """An environment with the package in it, as after an install: pyright wants `py.typed` in site-packages."""
    home = tmp_path / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    packages.joinpath("beside.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    shutil.copytree(ROOT / "generated" / "fal_typed", packages / "fal_typed")
    return home


@pytest.mark.slow
def test_the_public_interface_is_typed(installed: Path) -> None:
    binaries = Path(sysconfig.get_path("scripts", "venv", {"base": str(installed), "platbase": str(installed)}))
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(installed)}
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--verifytypes", "fal_typed", "--ignoreexternal"],
        cwd=installed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    score = re.search(r"Type completeness score: ([\d.]+)%", done.stdout)
    assert score is not None, done.stdout + done.stderr
    assert float(score[1]) >= 99, done.stdout
    assert 'Symbols exported by "fal_typed": 0' not in done.stdout

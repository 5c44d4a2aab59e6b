"""What several tests of the whole project need made once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import REPOSITORY


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make dist` makes, with the tools of the environment that runs the tests."""
    folder = tmp_path_factory.mktemp("publishing") / "dist"
    command = ["make", "dist", f"DIST={folder}", f"BIN={Path(sys.executable).parent}", "READY=Makefile", "-oMakefile"]
    done = subprocess.run(command, cwd=REPOSITORY, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 4
    return folder

"""A repository of its own on which the nightly job runs, the remote it pushes to, and its pull requests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support import REPOSITORY, Done

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BRANCH = "fal/refresh"
_PROGRAM = """#!/bin/sh
exec {} "$@"
"""
_TOOLS = (".ci", "generator", "templates", "Makefile", "pyproject.toml", ".gitignore")
_WITHOUT = shutil.ignore_patterns("__pycache__")


def run(command: Sequence[str], cwd: Path, **more: str) -> Done:
    """A program, whatever it says."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **more}, capture_output=True, text=True, check=False, timeout=900
    )
    return Done(done.returncode, done.stdout, done.stderr)


def git(repository: Path, *arguments: str) -> str:
    """Git, which must succeed."""
    done = run(["git", "-c", "user.name=it", "-c", "user.email=it@example.com", *arguments], repository)
    assert done.code == 0, done.err
    return done.out


def _program(path: Path, *command: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_PROGRAM.format(" ".join(map(str, command))), encoding="utf-8")
    path.chmod(0o755)


@dataclass
class Nights:
    """The job's two halves: `refresh` and `judge` in a checkout, `propose` in a fresh clone of the remote.

    Attributes:
        root: The folder of all this.
    """

    root: Path

    @property
    def checkout(self) -> Path:
        return self.root / "checkout"

    @property
    def origin(self) -> Path:
        return self.root / "origin.git"

    @property
    def proposal(self) -> Path:
        return self.root / "proposal"

    def bring(self, *paths: str) -> None:
        """Have files and folders of this repository in the checkout."""
        for name in paths:
            source, target = REPOSITORY / name, self.checkout / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=_WITHOUT, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)

    def equip(self) -> None:
        """Have the generator and the job's scripts in the checkout, and a `gh`."""
        self.bring(*_TOOLS)
        _program(self.checkout / ".venv" / "bin" / "python", sys.executable)
        (self.checkout / ".venv" / ".ready").touch()
        _program(self.root / "tools" / "gh", sys.executable, REPOSITORY / "tests" / "support" / "strict_gh.py")

    def generator(self, *arguments: str) -> Done:
        """The checkout's own generator."""
        return run([".venv/bin/python", "-m", "generator", *arguments], self.checkout)

    def begin(self) -> None:
        """Commit what is in the checkout, and push it."""
        self.equip()
        git(self.checkout, "init", "--quiet", "--initial-branch", "main")
        git(self.checkout, "add", "--all")
        git(self.checkout, "commit", "--quiet", "--message", "As it was")
        git(self.root, "clone", "--quiet", "--bare", str(self.checkout), str(self.origin))

    def refresh(self, **more: str) -> Done:
        return run([".ci/refresh", str(self.proposal)], self.checkout, **more)

    def judge(self) -> Done:
        return run([".ci/judge", str(self.proposal)], self.checkout)

    def propose(self, result: str = "success", *, depth: int = 0, **more: str) -> Done:
        """Propose from a clone, of which nothing is left: what matters is at the remote."""
        fresh = self.root / "fresh"
        options = [f"--depth={depth}"] if depth else []
        git(self.root, "clone", "--quiet", *options, self.origin.as_uri(), str(fresh))
        tools = {"PATH": f"{self.root / 'tools'}:{os.environ['PATH']}"}
        github = {"GH_STATE": str(self.root / "pulls.json"), "GH_ORIGIN": str(self.origin)}
        done = run([".ci/propose", str(self.proposal), result], fresh, **tools, **github, **more)
        shutil.rmtree(fresh)
        return done

    def write(self, name: str, text: str) -> None:
        """Put a file into the proposal, in place of what `refresh` or `judge` would write."""
        self.proposal.mkdir(exist_ok=True)
        (self.proposal / name).write_text(text, encoding="utf-8")

    @property
    def pulls(self) -> list[dict[str, Any]]:
        """The open pull requests."""
        path = self.root / "pulls.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []

    @property
    def head(self) -> str:
        """What the remote's branch is at; empty where there is none."""
        return git(self.origin, "for-each-ref", "--format=%(objectname)", f"refs/heads/{BRANCH}").strip()

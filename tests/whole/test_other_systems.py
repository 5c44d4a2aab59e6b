"""Windows, as far as it can be played elsewhere: the client's tests begin there, and those without processes pass."""

from __future__ import annotations

import builtins
import errno
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from runtime import forks
from support import REPOSITORY

from generator.emit import workers
from generator.project import files
from generator.project.run_lock import run_lock

PLAYED = Path(__file__).with_name("as_windows.py")


def played(*arguments: str) -> str:
    """What pytest prints where there is nothing that Windows lacks."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, str(PLAYED), "-q", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.slow
def test_every_test_of_the_client_can_be_collected() -> None:
    assert "test_forked.py" in played("--collect-only", "-m", "", "tests/runtime", "tests/protocol")


@pytest.mark.slow
def test_the_client_works_without_what_windows_lacks(tmp_path: Path) -> None:
    files = [f"tests/runtime/files/test_{name}.py" for name in ("download_names", "input_files", "storage")]
    tests = ["tests/runtime/inputs", "tests/runtime/outputs", *files, "tests/protocol/test_forked.py"]
    said = played(f"--basetemp={tmp_path / 'base'}", *tests)
    assert " passed" in said
    assert "nothing is forked here" in said


def test_forks_are_none_of_its_cares_where_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "register_at_fork", raising=False)
    source = importlib.util.find_spec(forks.__name__)
    assert source is not None
    assert source.loader is not None
    fresh = importlib.util.module_from_spec(source)
    source.loader.exec_module(fresh)
    with fresh.Lock():
        assert len(fresh._NOTED) == 1


def test_a_run_without_fcntl_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def imported(name: str, *more: Any, **named: Any) -> Any:
        if name == "fcntl":
            raise ModuleNotFoundError("No module named 'fcntl'", name="fcntl")
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", imported)
    monkeypatch.delattr(os, "O_NOFOLLOW", raising=False)
    for _ in range(2):
        with run_lock(tmp_path / "cache" / "run.lock", "generated") as held, run_lock(tmp_path / "x", "y") as other:
            assert not held
            assert not other


def test_processes_start_where_no_signal_can_be_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask", raising=False)
    with workers._no_interrupts():
        assert True


def test_a_folder_that_cannot_be_opened_does_not_keep_a_file_from_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows; whoever waits for the disk there waits for the file alone."""
    real = os.open

    def opened(path: Any, *more: Any, **named: Any) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *more, **named)

    monkeypatch.setattr(os, "open", opened)
    files.replace_file(tmp_path / "a" / "b.txt", b"b", durable=True)
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"b"

"""Files written whole: what cannot be made again is on the disk before anybody is told that it is written."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from generator.project import files
from generator.project.files import replace_file, write_new

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What the disk was waited for, in order; a file by what it held then."""
    seen: list[str] = []

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            seen.append("the folder")
        else:
            seen.append(
                next(path for path in tmp_path.iterdir() if path.stat().st_ino == os.fstat(handle).st_ino).read_text()
            )

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


def test_a_durable_file_is_on_the_disk_and_then_its_name_is(waited_for: list[str], tmp_path: Path) -> None:
    replace_file(tmp_path / "a", b"all of it", durable=True)
    assert waited_for == ["all of it", "the folder"]


def test_nobody_waits_for_what_can_be_made_again(waited_for: list[str], tmp_path: Path) -> None:
    replace_file(tmp_path / "a", b"x")
    write_new(tmp_path / "b", b"x")
    assert waited_for == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_the_error_says_why_it_could_not_be_written_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path / "a", b"x")
    (tmp_path / "b").write_bytes(b"before")

    def full(path: Path, data: bytes, *, durable: bool = False) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(files, "write_new", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(tmp_path / "b", b"x")
    assert (tmp_path / "b").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]

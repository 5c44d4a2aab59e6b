"""What is not written by hand in the pages is what the script writes, and it says what the settings say."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from support import spawn

from generator.project.settings import Published

from . import write
from .collect import REPOSITORY
from .settled import settled

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "client": "name-of-the-client",
    "generator": "git+https://git.example/us/it",
    "repository": "https://git.example/us/it",
}
MARKS = re.compile(r"<!-- (block: [a-z-]+|end) -->")


@pytest.mark.pinned
def test_the_pages_are_what_the_script_gives() -> None:
    for path, text in write.written().items():
        assert (REPOSITORY / path).read_text(encoding="utf-8") == text, f"{path}: run `make pages`"


def test_every_block_has_an_end_and_a_writer() -> None:
    for path in [REPOSITORY / "README.md", *(REPOSITORY / "generator").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        settled(text, Published(), "1")
        marks = [found.split(":")[0] for found in MARKS.findall(re.sub(r"`[^`]*`", "", text))]
        assert marks == ["block", "end"] * (len(marks) // 2), path


def test_the_day_of_publishing_changes_settings_alone(tmp_path: Path) -> None:
    """In a copy: set them, and run what `make pages` runs."""
    copy = tmp_path / "copy"
    for name in ("generator", "specs", "templates"):
        shutil.copytree(REPOSITORY / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    for name, value in NAMES.items():
        assert text.count(f'\n{name} = ""') == 1
        text = text.replace(f'\n{name} = ""', f'\n{name} = "{value}"')
    (copy / "pyproject.toml").write_text(text, encoding="utf-8")
    shutil.copy(REPOSITORY / "README.md", copy)
    done = spawn([str(REPOSITORY / "tests" / "pages" / "write.py"), str(copy)], cwd=tmp_path)
    assert done.code == 0, done.err
    changed = ["wrote README.md", "wrote generator/VENDORING.md"]
    assert done.out.splitlines() == [*changed, f"wrote {write.PICTURE}"]  # there is none yet in the copy
    readme = (copy / "README.md").read_text(encoding="utf-8")
    vendoring = (copy / "generator" / "VENDORING.md").read_text(encoding="utf-8")
    assert f"\npip install {NAMES['client']}\n" in readme
    assert f"<{NAMES['repository']}>" in readme
    assert "pip install ./generated" not in readme
    assert f"\npip install {NAMES['generator']}\n" in vendoring
    assert "make dist" not in vendoring


def test_what_a_shell_would_take_for_more_is_quoted() -> None:
    page = "<!-- block: install -->\n<!-- end -->\n"
    assert "\npip install 'a; b'\n" in settled(page, Published(client="a; b"), "1")


# --- the picture -----------------------------------------------------------------------------------------------------


def test_the_picture_says_what_a_run_printed() -> None:
    lines = shown_in(REPOSITORY / write.PICTURE)
    assert lines[:2] == ["panda.py", "1"]
    (error,) = [line for line in lines if "Error" in line]
    assert error.endswith("InvalidInputError: 1 problem with the input of fal-ai/flux-1/schnell (nothing was sent):")
    assert lines[-1] == "image_siz: is not an input of this endpoint; did you mean 'image_size'?"


def test_the_picture_runs_no_code_and_asks_nobody() -> None:
    text = (REPOSITORY / write.PICTURE).read_text(encoding="utf-8")
    assert not re.search(r"script|href|@import|url\(", text)
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme: dark" in text


def shown_in(path: Path) -> list[str]:
    """The lines of text of a picture, without what stands between them."""
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    found = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    return [text for text in found if text]

"""The programs that stand in the texts of a site: found, type-checked all at once, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import sample_runs
from markdown_it import MarkdownIt
from sample_runs import FILES, Shown

from generator.site.facts import Sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Runs each of some programs in a folder of its own, with the offline fal: what goes wrong is a line of JSON.
_RUN = """
import json, os, runpy, sys, tempfile, traceback, warnings
from {package}.testing import fake_fal
warnings.simplefilter("error")
out, sys.stdout = sys.stdout, sys.stderr
for name in sys.argv[1:]:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for each in {files!r}:
            open(each, "wb").write(b"as good as any")
        try:
            with fake_fal() as fake:
                runpy.run_path(name, run_name="__main__")
                calls = len(fake.calls)
        except BaseException:
            out.write(json.dumps([name, traceback.format_exc(limit=-1)]) + "\\n")
        else:
            if not calls and "fake_fal" not in open(name, encoding="utf-8").read():
                out.write(json.dumps([name, "called nothing"]) + "\\n")
        os.chdir("/")
"""


class Snippet(NamedTuple):
    """A program, and the page that it stands on first."""

    where: str
    code: str


def snippets(texts: Mapping[str, str]) -> list[Snippet]:
    """The programs in Python that are on some pages, each once."""
    found: dict[str, str] = {}
    reader = MarkdownIt("commonmark")
    for path, text in sorted(texts.items()):
        for token in reader.parse(text):
            if token.type == "fence" and token.info.strip() == "python":
                assert token.map is not None
                found.setdefault(token.content, f"{path}:{token.map[0] + 1}")
    return [Snippet(where, code) for code, where in found.items()]


def _written(programs: Iterable[Snippet], folder: Path) -> dict[str, Snippet]:
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"program_{number:04}.py": one for number, one in enumerate(programs)}
    for name, one in files.items():
        (folder / name).write_text(one.code, encoding="utf-8")
    return files


def type_errors(programs: Iterable[Snippet], folder: Path, packages: Path) -> list[str]:
    """What pyright, strict, has to say of them, in one run.

    Args:
        programs: The programs.
        folder: Where to write them.
        packages: The folder of the package that they use.
    """
    folder.mkdir()
    shown = [Shown(one.where, Sample(label="", language="python", code=one.code)) for one in programs]
    return sample_runs.type_errors(shown, folder, packages)


def run_errors(programs: Iterable[Snippet], folder: Path, packages: Path, package: str) -> list[str]:
    """What goes wrong where they run, without a network and a key; the other arguments as above, and the package."""
    files = _written(programs, folder)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FAL_")}
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(package=package, files=FILES), *(str(folder / name) for name in files)],
        env={**clean, "PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    wrong = [json.loads(line) for line in done.stdout.splitlines()]
    return [f"{files[name.rpartition('/')[2]].where}: {what}" for name, what in wrong]

"""What the first completion behind `fal.` costs an editor, with few and with very many endpoints, beside `openai`.

Processor time of the language server, or of jedi: a busy machine makes neither of them longer. Needs Linux, and the
real documents; without those there is the package as it is alone.
"""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from corpus.folder import IS_HERE, WHY_SKIPPED
from editors.language_server import LanguageServer, Program
from measured import ROOT, project_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from recorder import Recorder

SIZES = (360, 1440)
ROUNDS = 3
GOAL = 1.5
PROGRAMS = {
    "fal_typed": ("from fal_typed import Fal\n\nfal = Fal()\n", "fal."),
    "openai": ("from openai import OpenAI\n\nclient = OpenAI()\n", "client."),
}
# jedi warms up on another module, and keeps nothing of earlier runs.
JEDI = """
import sys, tempfile, time
import jedi
with tempfile.TemporaryDirectory() as folder:
    jedi.settings.cache_directory = folder
    jedi.Script("import json\\njson.").complete()
    packages, code = sys.argv[1:]
    project = jedi.Project(folder, added_sys_path=[packages], smart_sys_path=False)
    start = time.process_time()
    assert jedi.Script(code, project=project).complete()
    print(time.process_time() - start)
"""

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="processor time of other processes is read from /proc"),
]


class Editing(NamedTuple):
    """Seconds of processors.

    Attributes:
        opened: Until the server has looked at the program, from its start on.
        first: For the first completion, behind a dot that was just written.
    """

    opened: float
    first: float


def by_pyright(folder: Path, packages: Path, program: str) -> Editing:
    code, typed = PROGRAMS[program]
    folder.mkdir(parents=True)
    with LanguageServer(folder, packages) as server:
        opened = Program(server, folder / "program.py", code)
        opened.wait()
        before = server.seconds()
        opened.type(typed)
        assert opened.offered()
        return Editing(before, server.seconds() - before)


def by_jedi(packages: Path, program: str) -> float:
    command = [sys.executable, "-c", JEDI, str(packages), "".join(PROGRAMS[program])]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def least(measure: Callable[[int], float | Editing]) -> tuple[float, ...]:
    """The best of some runs, part by part."""
    runs = [measure(number) for number in range(ROUNDS)]
    return tuple(map(min, zip(*(run if isinstance(run, Editing) else (run,) for run in runs), strict=True)))


def packages_of(folder: Path) -> dict[str, tuple[Path, str]]:
    """Folders with packages, by what is measured, and the program that uses them."""
    pinned = ROOT / "generated"
    count = len([*(ROOT / "specs").rglob("*/*.json")])
    found: dict[str, tuple[Path, str]] = {f"{count} endpoints": (pinned, "fal_typed")}
    for size in SIZES if IS_HERE else ():
        project = project_of(folder / str(size), size)
        command = [sys.executable, "-m", "generator", "--project", str(project), "regenerate"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        found[f"{size} endpoints"] = (project / "generated", "fal_typed")
    spec = importlib.util.find_spec("openai")
    if spec is not None and spec.origin is not None:
        found["openai"] = (Path(spec.origin).parents[1], "openai")
    return found


def test_the_first_completion(tmp_path: Path, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("jedi")
    lines: list[str] = []
    few: tuple[float, ...] = ()
    found: dict[str, dict[str, list[float]]] = {"pyright": {}, "jedi": {}}
    for name, (packages, program) in packages_of(tmp_path).items():
        where = tmp_path / "programs" / name
        server = least(lambda one, at=where, of=packages, code=program: by_pyright(at / str(one), of, code))
        script = least(lambda _, of=packages, code=program: by_jedi(of, code))
        opened, first, jedi = *server, *script
        label = name if name == "openai" else f"fal-typed, {name}"
        found["pyright"][label], found["jedi"][label] = [first], [jedi]
        few = few or (first, jedi)
        ratios = f"{first / few[0]:.2f} and {jedi / few[1]:.2f} times the first line's"
        lines.append(
            f"  {name:>14}: pyright {first * 1000:5.0f} ms ({opened * 1000:5.0f} before), jedi {jedi * 1000:5.0f} ms"
            f" ({ratios})\n"
        )
    for tool, values in found.items():
        recorder.figure(
            f"First completion behind the client, {tool}",
            topic="Editors and type checkers",
            unit="ms",
            values=values,
            scale=1000,
            note=f"Processor time, the least of {ROUNDS} runs.",
        )
    with capsys.disabled():
        sys.stdout.write(f"\nfirst completion behind the client, of processors; goal {GOAL} times the first line's\n")
        sys.stdout.writelines(lines if IS_HERE else [*lines, f"  {WHY_SKIPPED}\n"])

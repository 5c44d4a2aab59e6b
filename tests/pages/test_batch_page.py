"""BATCH.md: its samples run one after the other, and its drawing and tables say what the code does."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from typing import TYPE_CHECKING

import fal_typed
from fal_typed import batch
from fal_typed._runtime.journal import rules
from fal_typed.batch import Job, JobState

from .collect import REPOSITORY
from .printed import is_as_shown
from .test_testing_page import run
from .ways import BATCH, blocks

if TYPE_CHECKING:
    from pathlib import Path

    from .collect import Block

PAGE = (REPOSITORY / BATCH).read_text(encoding="utf-8")
# They have one fal, which knows its requests, and one folder.
IN_A_FAKE = """
import sys
from pathlib import Path
from fal_typed.testing import fake_fal
with fake_fal() as fake:
    fake.set_price("fal-ai/flux-1/schnell", 0.003)
    for name in sys.argv[1:]:
        exec(compile(Path(name).read_text(encoding="utf-8"), name, "exec"), {"__name__": "__main__"})
        print("=" * 80)
"""


def printed(samples: list[Block], folder: Path) -> list[str]:
    """What samples print, one after the other."""
    names = [f"{number}.py" for number in range(len(samples))]
    for name, sample in zip(names, samples, strict=True):
        (folder / name).write_text(sample.code, encoding="utf-8")
    ran = run(["-W", "error", "-c", IN_A_FAKE, *names], folder)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.split("=" * 80 + "\n")[:-1]


def test_the_samples_print_what_the_page_says(tmp_path: Path) -> None:
    samples = blocks("batch")
    for sample, text in zip(samples, printed(samples, tmp_path), strict=True):
        if sample.shown is not None:
            assert is_as_shown(sample.shown, text), f"{sample.where}\n{text}"
    assert len([*(tmp_path / "out").iterdir()]) == 3


def test_a_second_run_keeps_what_the_first_one_made(tmp_path: Path) -> None:
    first = blocks("batch")[0]
    assert first.shown is not None
    _, again = printed([first, first], tmp_path)
    assert is_as_shown(first.shown.replace("made", "kept"), again)


def test_the_drawing_has_every_state_and_no_way_that_there_is_not() -> None:
    (drawing,) = blocks("drawing")
    drawn = set(re.findall(r"^ +(\w+) --> (\w+):", drawing.code, re.MULTILINE))
    assert {state for way in drawn for state in way} == {state.value for state in JobState}
    allowed = {
        *((each, JobState.SENDING) for each in rules.TO_SEND),
        *((each, JobState.SUBMITTED) for each in rules.TO_SUBMIT | rules.TO_ADOPT),
        *((each, JobState.CLAIMED) for each in rules.TO_WITHDRAW),
        *((each, JobState.DONE) for each in rules.TO_FINISH),
        *((each, JobState.FAILED) for each in rules.TO_FAIL),
        (JobState.SENDING, JobState.UNCLEAR),
        (JobState.FAILED, JobState.CLAIMED),
    }
    assert drawn <= {(begin.value, end.value) for begin, end in allowed}


def rows(heading: str) -> list[str]:
    """The first cells of the table below a heading."""
    below = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        name
        for line in below.splitlines()
        if line.startswith("|")
        for name in re.findall(r"`(\w+)`", line[1:].split("|")[0])
    ]


def test_the_tables_are_whole() -> None:
    assert set(rows("The states of a job")) >= {state.value for state in JobState}
    taken = inspect.signature(fal_typed.Fal().flux_1.schnell.map).parameters
    assert set(rows("What `map` takes")) == {*taken}
    assert set(rows("What comes out")) >= {field.name for field in fields(Job)}
    raised = {name for name in batch.__all__ if name.endswith("Error")}
    assert set(rows("What goes wrong")) >= raised

"""How long generation takes, beside the generators people would use instead, and beside the tools it is made of.

Needs the real documents, which are not part of the repository; skips, saying so, where they are missing.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from corpus.folder import IS_HERE, WHY_SKIPPED
from measured import Cost, environment_with, measure, project_of
from peers import PEERS, peer_commands, peer_version

from generator import pipeline
from generator.emit import format as format_stage
from generator.emit import models as models_stage
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from recorder import Recorder

# Documents: the real ones, and as many as fal's catalogue has, made by renaming.
SIZES = {"the real ones": 360, "a catalogue": 1055}
PAIRS = 5

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module", params=list(SIZES.values()), ids=list(SIZES))
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of so many documents."""
    if not IS_HERE:
        pytest.skip(WHY_SKIPPED)
    return project_of(tmp_path_factory.mktemp("all") / "project", request.param)


def regenerate(project: Path, *, watches_memory: bool = True) -> Cost:
    command = [sys.executable, "-m", "generator", "--project", str(project), "regenerate"]
    return measure(command, watches_memory=watches_memory)


def from_nothing(project: Path, *, watches_memory: bool = True) -> Cost:
    for name in ("generated", ".fal-typed-cache", "specs/types.lock"):
        target = project / name
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
    return regenerate(project, watches_memory=watches_memory)


def one_changed(project: Path, maximum: int) -> Cost:
    path = project / "specs/fal-ai/flux-1/schnell.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"maximum": 12', f'"maximum": {maximum}', 1), encoding="utf-8")
    cost = regenerate(project)
    path.write_text(text, encoding="utf-8")
    return cost


def tools_alone(project: Path) -> float:
    """What the datamodel-code-generator batches and the ruff runs of one whole run take by themselves."""
    spent = 0.0

    @contextmanager
    def not_before(documents: int) -> Generator[ProcessPoolExecutor]:
        """Their start is theirs: not hidden behind our stages."""
        with ProcessPoolExecutor(max_workers=2) as pool:
            yield pool

    def timed(function: Callable[..., object]) -> Callable[..., object]:
        def measured(*arguments: object) -> object:
            nonlocal spent
            start = time.perf_counter()
            result = function(*arguments)
            spent += time.perf_counter() - start
            return result

        return measured

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models_stage.Begun, "take", lambda _self, _endpoint: None)  # all of it is done in one place
        patch.setattr(models_stage, "_generate", timed(models_stage._generate))
        patch.setattr(format_stage, "_beside", lambda _pool: ThreadPoolExecutor(max_workers=1))  # seen from here
        patch.setattr(format_stage, "_ruff", timed(format_stage._ruff))
        patch.setattr(pipeline, "CACHE_FOLDER", "no-such-cache")
        patch.setattr(pipeline, "workers", not_before)
        pipeline.run(load_settings(project))
    return spent


def told(name: str, costs: list[Cost], goal: str) -> str:
    """The best of some runs: what else the machine does only adds."""
    wall, processor = min(one.wall for one in costs), min(one.processor for one in costs)
    return f"  {name}: {wall:.2f} s, {processor:.2f} s of processors ({goal})\n"


def test_generation_time(project: Path, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    documents = len(list((project / "specs").rglob("*/*.json")))
    regenerate(project)  # compiles what is imported
    whole = [from_nothing(project) for _ in range(3)]
    tools = min(tools_alone(project) for _ in range(3))
    nothing = [regenerate(project) for _ in range(3)]
    changed = [one_changed(project, maximum) for maximum in (13, 14, 15)]
    kinds = {"from nothing": whole, "one document changed": changed, "nothing changed": nothing}
    recorder.figure(
        f"Generate {documents:,} documents",
        topic="Generating",
        unit="s",
        values={f"fal-typed, {name}": [one.wall for one in found] for name, found in kinds.items()},
        how="least",
        note="Time on the clock.",
    )
    memory, at_once = max(one.memory for one in whole), max(one.at_once for one in whole)
    with capsys.disabled():
        sys.stdout.write(f"\n{documents} documents\n")
        sys.stdout.write(told("from nothing", whole, "goal for 1,055: 9 s on two cores"))
        sys.stdout.write(f"    memory: {memory:.0f} MiB in sum (goal 400), {at_once:.0f} MiB at once with its tools\n")
        sys.stdout.write(f"    its own tools alone: {tools:.2f} s\n")
        sys.stdout.write(told("one document changed", changed, "goal 2 s"))
        sys.stdout.write(told("nothing changed", nothing, "goal 0.4 s"))


def test_beside_others(project: Path, tmp_path: Path, recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    """In pairs: one run of ours over all, and one of each of the others over one document, in turns."""
    documents = sorted((project / "specs").rglob("*/*.json"))
    from_nothing(project)  # compiles what is imported
    environment = environment_with(PEERS / "bin")
    pairs: dict[str, list[tuple[Cost, Cost]]] = {}
    for index, path in enumerate(documents[:: len(documents) // PAIRS][:PAIRS]):
        ours = from_nothing(project, watches_memory=False)
        to = tmp_path / str(index)
        to.mkdir()
        for name, command in peer_commands(path, to).items():
            pairs.setdefault(name, []).append((ours, measure(command, environment, watches_memory=False)))
    recorder.version("openapi-python-client", peer_version("openapi-python-client"))
    values = {name: [other.processor for _, other in found] for name, found in pairs.items()}
    ours_alone = [ours.processor / len(documents) for ours, _ in next(iter(pairs.values()))]
    recorder.figure(
        f"A client, for each of {len(documents):,} documents",
        topic="Generating",
        unit="s",
        values={"fal-typed": ours_alone, **values},
        paired=True,
        note="Processor time: ours of one run over all, divided by their number; the others' of a run over one.",
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{len(documents)} documents from nothing, times as long as ours takes for each\n")
        for name, found in pairs.items():
            wall = [other.wall / (ours.wall / len(documents)) for ours, other in found]
            processor = [other.processor / (ours.processor / len(documents)) for ours, other in found]
            sys.stdout.write(
                f"  {name}: {statistics.median(wall):.0f} ({min(wall):.0f} to {max(wall):.0f}),"
                f" of processors {statistics.median(processor):.0f}"
                f" ({min(processor):.0f} to {max(processor):.0f}); goal beside openapi-python-client: 80\n"
            )

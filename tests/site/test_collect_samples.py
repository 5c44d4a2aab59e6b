"""Each sample of the site is a whole program: pyright, strict, has nothing to say of it, and it runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from collected import collected
from corpus import corpus
from sample_runs import command_failures, failures, shown, type_errors
from support import CASES, Project

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site.collect import collect
from generator.site.collect.samples import laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.facts import Sample, SiteFacts


class Generated:
    """A package, and what the site shows of it."""

    def __init__(self, root: Path) -> None:
        settings = load_settings(root)
        self.package, self.output = settings.package, settings.output
        self.facts: SiteFacts = collect(pipeline.understand(settings, Findings()), settings)

    def sample(self, endpoint_id: str, label: str) -> str:
        """The code of a sample."""
        endpoint = next(one for one in self.facts.endpoints if one.id == endpoint_id)
        found: Sample = next(one for one in endpoint.samples if one.label == label)
        return found.code


# One requires what it tells nothing of; of the other the fake takes the requests for those of the endpoint they go to.
UNLIKE = {"lost-properties", "alias"}


def cases(folder: Path) -> Project:
    """A project of the cases, and of the pinned documents, some of which stream."""
    project = Project(folder, 'package = "cases_typed"').pinned()
    for path in sorted(CASES.glob("*.json")):
        if path.stem not in UNLIKE:
            project.put(f"fal-ai/case/{path.stem}", path.read_text(encoding="utf-8"))
    project.regenerate()
    return project


KINDS = ["pinned", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("cases", "corpus"))]


@pytest.fixture(scope="module", params=KINDS)
def generated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """The packages by turns, importable."""
    match request.param:
        case "pinned":
            root = request.getfixturevalue("pinned").root
        case "cases":
            root = cases(tmp_path_factory.mktemp("cases")).root
        case _:
            base = corpus.shared_between_workers(tmp_path_factory.getbasetemp())
            root = corpus.make(base / "corpus").root
    made = Generated(root)
    sys.path.insert(0, str(made.output))
    yield made
    sys.path.remove(str(made.output))


def test_python_runs(generated: Generated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = failures(shown(generated.facts, "python"), tmp_path, generated.package)
    assert not found, f"{len(found)}\n" + "\n".join(found[:30])


def test_shells_run(generated: Generated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    found = command_failures(shown(generated.facts, "bash"), tmp_path, generated.package, capsys)
    assert not found, f"{len(found)}\n" + "\n".join(found[:30])


@pytest.mark.slow
def test_pyright_has_nothing_to_say(generated: Generated, tmp_path: Path) -> None:
    found = type_errors(shown(generated.facts, "python"), tmp_path, generated.output)
    assert not found, f"{len(found)}\n" + "\n".join(found[:30])


@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        ('package = "my_fal"', "my-fal run fal-ai/it "),
        ('package = "my_fal"\nlayout = "package"\nparts = ["cli"]', "python -m my_fal.cli run fal-ai/it "),
        ('layout = "package"', ""),
    ],
)
def test_the_command_is_the_one_that_there_is(settings: str, begins: str, tmp_path: Path) -> None:
    project = Project(tmp_path, settings)
    project.add("fal-ai/it")
    (one,) = collected(project).endpoints
    shells = [sample.code for sample in one.samples if sample.language == "bash"]
    assert [code[: len(begins)] for code in shells] == ([begins] if begins else [])


def test_a_value_is_laid_out_where_a_line_has_no_room_for_it() -> None:
    assert laid_out(["x" * 84], "") == f"['{'x' * 84}']".replace("'", '"')
    assert laid_out(["x" * 85], "").splitlines() == ["[", f'    "{"x" * 85}",', "]"]


def test_what_a_call_shows(generated: Generated) -> None:
    if generated.package != "pinned_typed":
        pytest.skip("of the pinned documents")
    assert generated.sample("fal-ai/illusion-diffusion", "with a file").startswith("from pathlib import Path\n\n")
    assert 'image_url=Path("photo.png"),' in generated.sample("fal-ai/illusion-diffusion", "with a file")
    assert "as events:" in generated.sample("fal-ai/hidream-i1-fast", "stream")
    labels = [sample.label for one in generated.facts.endpoints for sample in one.samples if one.id.endswith("/v2")]
    assert labels == ["sync", "async", "submit", "shell"]

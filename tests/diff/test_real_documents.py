"""What fal really changed: 85 endpoints between two dates, and pinned documents since their pages were written.

No text of a document stands here: ids, kinds of change, names and counts alone.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from corpus.folder import CORPUS, DATED, DOCUMENTS, IS_HERE, WHY_SKIPPED
from support import PINNED, SPECS, Project, run_cli

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
VERDICTS = {"major": 8, "minor": 43, "patch": 34}
KINDS = {
    "default-changed": 8,
    "extra-closed": 1,
    "field-added": 22,
    "field-added-required": 2,
    "field-optional": 1,
    "field-removed": 3,
    "field-required": 19,
    "narrower": 24,
    "order": 8,
    "prose": 85,
    "type-changed": 1,
    "type-moved": 7,
    "type-renamed": 5,
    "wider": 89,
}


@pytest.fixture(autouse=True)
def the_corpus_is_here() -> None:
    if not IS_HERE:
        pytest.skip(WHY_SKIPPED)


def lay_out(source: str, folder: Path, ids: list[str]) -> Path:
    """Documents of the corpus as a folder of specs; an id that has none is left out."""
    for endpoint_id in ids:
        file = CORPUS / source / f"{endpoint_id.replace('/', '__')}.json"
        if file.is_file():
            path = folder / f"{endpoint_id}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, path)
    return folder


def dated() -> list[str]:
    return sorted(file.stem.replace("__", "/") for file in DATED.glob("*.json"))


@pytest.mark.slow
def test_eighty_five_endpoints_between_two_dates(tmp_path: Path, capsys: Capture) -> None:
    ids = dated()
    old = lay_out("drift_2026-01-28", tmp_path / "old", ids)
    new = lay_out("openapi", tmp_path / "new", ids)
    project = Project(tmp_path / "project")
    done = run_cli(project, capsys, "diff", str(old), str(new), "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert list(found["endpoints"]) == ids
    assert len(ids) == 85
    assert found["package"] == "major"
    verdicts = Counter(one["verdict"] for one in found["endpoints"].values())
    assert verdicts == VERDICTS
    kinds = Counter(change["kind"] for one in found["endpoints"].values() for change in one["changes"])
    assert kinds == KINDS


@pytest.mark.slow
def test_the_way_back_is_judged_too(tmp_path: Path, capsys: Capture) -> None:
    """What was removed is added, and what was added is removed; nothing else says so."""
    ids = dated()
    old = lay_out("drift_2026-01-28", tmp_path / "old", ids)
    new = lay_out("openapi", tmp_path / "new", ids)
    project = Project(tmp_path / "project")
    there = json.loads(run_cli(project, capsys, "diff", str(old), str(new), "--json").out)["endpoints"]
    back = json.loads(run_cli(project, capsys, "diff", str(new), str(old), "--json").out)["endpoints"]
    for endpoint_id in ids:
        gone = {c["where"] for c in there[endpoint_id]["changes"] if c["kind"] == "field-removed"}
        come = {c["where"] for c in back[endpoint_id]["changes"] if c["kind"].startswith(("field-added", "option"))}
        assert {where.rpartition(".")[2] for where in gone} == {where.rpartition(".")[2] for where in come}, endpoint_id
        assert (there[endpoint_id]["verdict"] == "none") == (back[endpoint_id]["verdict"] == "none")


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.slow)])
def test_a_document_is_no_change_to_itself(every: int, tmp_path: Path, capsys: Capture) -> None:
    ids = sorted(file.stem.replace("__", "/") for file in DOCUMENTS.glob("*.json"))[::every]
    folder = lay_out("openapi", tmp_path / "all", ids)
    done = run_cli(Project(tmp_path / "project"), capsys, "diff", str(folder), str(folder))
    assert (done.code, done.out) == (0, f"package: none ({len(ids)} endpoints unchanged)\n")


# What the maintainers will read on the day they fetch what fal publishes, beside documentation.
SENTENCES = {
    "fal-ai/flux-1/schnell": [
        'The default of input `output_format` is now `"jpeg"` (before: `"png"`).',
        'The default of input `acceleration` is now `"none"` (before: `"regular"`).',
        "New optional input `guidance_scale` (`float`), `3.5` by default.",
        "The fields of the input are listed in another order.",
    ],
    "fal-ai/imagen4/preview/fast": [
        "Input `negative_prompt` is gone: leave it out.",
        "Input `seed` is gone: leave it out.",
        "The type `PlainImage` is now called `ImageFile`.",
        "Output `seed` is gone.",
        'New optional input `output_format` (`Literal["jpeg", "png", "webp"]`), `"png"` by default.',
        "New optional input `sync_mode` (`bool`), `False` by default.",
        "New output `description` (`str`).",
        "New output field `PlainImage.width` (`int | None`).",
        "New output field `PlainImage.height` (`int | None`).",
        "The fields of the input are listed in another order.",
    ],
    "fal-ai/recraft/v2/text-to-image": ["The endpoint is removed: `fal.recraft.v2.text_to_image` is gone."],
}


@pytest.mark.pinned
def test_pinned_documents_and_what_fal_publishes(tmp_path: Path, capsys: Capture) -> None:
    published = lay_out("openapi", tmp_path / "published", PINNED)
    project = Project(tmp_path / "project")
    found = json.loads(run_cli(project, capsys, "diff", str(SPECS), str(published), "--json").out)
    assert {one: said["verdict"] for one, said in found["endpoints"].items()} == {
        "fal-ai/f-lite/standard": "patch",
        "fal-ai/flux-1/schnell": "minor",
        "fal-ai/hidream-i1-fast": "patch",
        "fal-ai/hidream-i1-full": "patch",
        "fal-ai/ideogram/v2": "patch",
        "fal-ai/illusion-diffusion": "patch",
        "fal-ai/imagen4/preview": "major",
        "fal-ai/imagen4/preview/fast": "major",
        "fal-ai/nucleus-image": "patch",
        "fal-ai/omnigen-v2": "patch",
        "fal-ai/pixart-sigma": "patch",
        "fal-ai/recraft/v2/text-to-image": "major",
        "fal-ai/stable-diffusion-v35-large": "patch",
    }
    for endpoint_id, sentences in SENTENCES.items():
        changes = found["endpoints"][endpoint_id]["changes"]
        assert [change["text"] for change in changes if change["kind"] != "prose"] == sentences

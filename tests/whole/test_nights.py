"""The nightly job over the pinned documents: what it fetches, proposes and says of the tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from catalog_server import CatalogServer, example_documents, faults
from support import REPOSITORY
from support.fetching import files
from support.nights import BRANCH, Nights, git, run

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import Reply

SCHNELL = "fal-ai/flux-1/schnell"
# Enough of the tests for a verdict: what is emitted, which is our code's doing, and one bound of fal's, which is not.
TESTS = [
    "tests/conftest.py", "tests/corpus/__init__.py", "tests/corpus/folder.py",
    "tests/support", "tests/cases/awkward.json", "tests/whole/test_drift.py",
    "tests/whole/test_snapshots.py", "tests/whole/__snapshots__",
]  # fmt: skip


@pytest.fixture
def nights(tmp_path: Path, catalog: CatalogServer) -> Nights:
    """This repository's specs and output as a release has them, and a fal that has just these documents."""
    nights = begun(tmp_path, catalog)
    for arguments in (["release", "--version", "0.1.0", "--date", "2026-01-28"], ["regenerate"]):
        done = nights.generator(*arguments)
        assert done.code == 0, done.err
    nights.begin()
    return nights


def begun(root: Path, catalog: CatalogServer) -> Nights:
    """This repository's specs and output, of which nothing was released."""
    nights = Nights(root)
    nights.equip()
    nights.bring("specs", "generated", *TESTS)
    (nights.checkout / "specs" / "releases.json").unlink(missing_ok=True)
    assert nights.generator("regenerate").code == 0
    catalog.have(example_documents())
    return nights


@pytest.mark.slow
def test_a_night_in_which_nothing_changed(nights: Nights) -> None:
    done = nights.refresh()
    assert (done.code, done.out) == (0, "changed=false\n"), done.err
    assert git(nights.checkout, "status", "--porcelain") == ""


def change(catalog: CatalogServer) -> None:
    steps = catalog.models[SCHNELL].document["components"]["schemas"]["Flux1SchnellInput"]["properties"]
    assert steps["num_inference_steps"]["maximum"] != 99
    steps["num_inference_steps"]["maximum"] = 99
    catalog.models["fal-ai/pixart-sigma"].document = faults.EXPANSION_FAILED


@pytest.mark.slow
def test_a_night_in_which_something_changed(nights: Nights, catalog: CatalogServer, tmp_path: Path) -> None:
    change(catalog)
    nights.write("messages.txt", "failed    fal-ai/of-another-night: in the same folder\n")
    done = nights.refresh()
    assert (done.code, done.out) == (0, "changed=true\n"), done.err
    wanted = {n: text for n, text in files(nights.checkout).items() if n.startswith(("specs/", "generated/"))}
    assert b"le=99" in wanted["generated/fal_typed/endpoints/flux_1/schnell.py"]
    assert b"num_inference_steps" in wanted["generated/CHANGELOG.md"]
    assert b'__version__ = "0.2.0"' in wanted["generated/fal_typed/__init__.py"]

    # The verdict: our code works, and what tests know of fal's documents is told apart.
    judged = nights.judge()
    assert judged.code == 0, judged.out
    after = files(nights.checkout)
    assert {name: text for name, text in after.items() if name in wanted} == wanted

    # The other job has only the patch and the text, and a fresh checkout.
    done = nights.propose()
    assert done.code == 0, done.err
    made = tmp_path / "made"
    git(tmp_path, "clone", "--quiet", "--branch", BRANCH, str(nights.origin), str(made))
    assert {n: text for n, text in files(made).items() if n.startswith(("specs/", "generated/"))} == wanted
    (pull,) = nights.pulls
    assert pull["title"] == "Follow what fal changed: 0.2.0"
    summary, _, body = pull["body"].partition("\n\n")
    facts = summary.splitlines()
    assert facts[0] == "- Next version: **0.2.0** (now 0.1.0)."
    assert (
        facts[1]
        == "- Endpoints that could not be fetched and stay as they were: **1** (the end of this text says why)."
    )
    assert facts[2].startswith("- Tests passed: nothing drifted, and of our code ")
    assert facts[3].startswith("- Of what fal said before, tests know something else now")
    assert body.startswith("**minor** for the package. Of 13 endpoints: 1 new or changed, 12 unchanged.\n\n### New and")
    assert f"- [`{SCHNELL}`](https://fal.ai/models/{SCHNELL}): Input `num_inference_steps` may now be" in body
    failed, _, pinned = body.partition("### Could not be fetched")[2].partition("### Tests that know what fal said")
    assert "failed    fal-ai/pixart-sigma: fal could not make its document" in failed
    assert "of-another-night" not in failed
    assert "tests/whole/test_drift.py::test_one_fact" in pinned


@pytest.mark.slow
def test_a_night_before_the_first_release_releases_nothing(tmp_path: Path, catalog: CatalogServer) -> None:
    nights = begun(tmp_path, catalog)
    nights.begin()
    change(catalog)
    assert nights.refresh().out == "changed=true\n"
    assert not (nights.checkout / "specs" / "releases.json").exists()
    assert not (nights.checkout / "generated" / "CHANGELOG.md").exists()
    nights.write("tested.md", "- Tests passed: 12 passed.\n")
    assert nights.propose().code == 0
    (pull,) = nights.pulls
    assert pull["title"] == "Follow what fal changed"
    assert f"- [`{SCHNELL}`](https://fal.ai/models/{SCHNELL}): Input `num_inference_steps` may now be" in pull["body"]


@pytest.mark.slow
def test_a_night_in_which_our_code_is_broken(nights: Nights, catalog: CatalogServer) -> None:
    """That is no fact of fal's: it is the verdict, and so the title of the pull request."""
    change(catalog)
    template = nights.checkout / "templates" / "endpoint.py.jinja"
    text = template.read_text(encoding="utf-8")
    assert "Call the model directly" in text
    template.write_text(text.replace("Call the model directly", "Call it"), encoding="utf-8")
    assert nights.refresh().code == 0
    judged = nights.judge()
    assert judged.code == 1
    assert "FAILED tests/whole/test_snapshots.py::test_awkward" in judged.out
    assert nights.propose("failure").code == 0
    (pull,) = nights.pulls
    assert pull["title"] == "Follow what fal changed: 0.2.0 (the tests fail)"
    assert "- **The tests fail**: 1 failed, " in pull["body"]
    assert "Tests passed" not in pull["body"]
    assert "tests/whole/test_snapshots.py::test_awkward" in pull["body"].partition("### Tests that fail")[2]


@pytest.mark.slow
@pytest.mark.parametrize(("reply", "code"), [(faults.NOT_FOUND_PAGE, 3), (faults.UNAUTHORIZED, 0)])
def test_a_night_without_documents(reply: Reply, code: int, nights: Nights, catalog: CatalogServer) -> None:
    """Nothing is proposed; that fal was not there at all fails the job, so that somebody is told."""
    catalog.platform_always = reply
    for model in catalog.models.values():
        model.always = reply
    done = nights.refresh()
    assert (done.code, done.out) == (code, "changed=false\n")
    assert " 13 failed\n" in done.err
    assert len(json.loads((nights.proposal / "fetch.json").read_text(encoding="utf-8"))["failed"]) == 13


@pytest.mark.slow
def test_a_night_with_a_wrong_setting(nights: Nights) -> None:
    (nights.checkout / "specs" / "endpoints.toml").write_text("[", encoding="utf-8")
    done = nights.refresh()
    assert (done.code, done.out) == (2, "")


def test_few_lines_of_many(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("".join(f"failed    {n}: {'é' * 300}\n" for n in range(500)), encoding="utf-8")
    lines = run([".ci/capped", str(path)], REPOSITORY).out.splitlines()
    assert (len(lines), lines[-1], {len(line) for line in lines[:-1]}) == (21, "… and 480 more", {251})
    path.write_text("one\ntwo\n", encoding="utf-8")
    assert run([".ci/capped", str(path)], REPOSITORY).out == "one\ntwo\n"

"""`.ci/propose`: one pull request, or a reason and nothing left behind; never somebody's commits overwritten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.nights import BRANCH, Nights, git

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = "GitHub Actions is not permitted to create or approve pull requests (createPullRequest)"


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    """A small repository, and what a night left: a patch of one file, and a text."""
    nights = Nights(tmp_path)
    (nights.checkout / "specs").mkdir(parents=True)
    (nights.checkout / "specs" / "a").write_text("old\n", encoding="utf-8")
    nights.begin()
    changed(nights, "new")
    nights.write("summary.md", "- Next version: **0.2.0** (now 0.1.0).\n")
    nights.write("body.md", "**major** for the package.\n")
    nights.write("tested.md", "- Tests passed: 12 passed.\n")
    nights.write("version", "0.2.0\n")
    return nights


def changed(nights: Nights, text: str) -> None:
    (nights.checkout / "specs" / "a").write_text(f"{text}\n", encoding="utf-8")
    nights.write("changes.patch", git(nights.checkout, "diff", "--binary", "--", "specs"))


def content(nights: Nights) -> str:
    return git(nights.origin, "show", f"{BRANCH}:specs/a")


def test_the_first_night_and_the_next(nights: Nights) -> None:
    done = nights.propose()
    assert (done.code, done.out) == (0, "https://github.com/us/ours/pull/1\n"), done.err
    (pull,) = nights.pulls
    assert pull["title"] == "Follow what fal changed: 0.2.0"
    assert pull["body"] == (
        "- Next version: **0.2.0** (now 0.1.0).\n- Tests passed: 12 passed.\n\n**major** for the package.\n"
    )
    assert content(nights) == "new\n"

    changed(nights, "newer")
    nights.write("tested.md", "- **The tests fail**: 1 failed.\n")
    assert nights.propose("failure", depth=1).code == 0
    (pull,) = nights.pulls
    assert pull["title"] == "Follow what fal changed: 0.2.0 (the tests fail)"
    assert "The tests fail" in pull["body"]
    assert content(nights) == "newer\n"
    assert git(nights.origin, "log", "--format=%s", f"main..{BRANCH}").splitlines() == [pull["title"]]


def test_where_none_can_be_opened_no_branch_is_left(nights: Nights) -> None:
    done = nights.propose(GH_FAILS=REFUSED)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(f"is taken back: pull request create failed: GraphQL: {REFUSED}\n")
    assert (nights.head, nights.pulls) == ("", [])
    assert nights.propose().code == 0  # the next night
    assert (content(nights), len(nights.pulls)) == ("new\n", 1)


def test_a_branch_that_nobody_saw_is_seen_or_goes(nights: Nights) -> None:
    """It is one of ours, from before this script took back what it pushed."""
    nights.propose()
    (nights.root / "pulls.json").unlink()
    assert nights.propose(GH_FAILS=REFUSED).code == 1
    assert nights.head == ""


def test_a_pull_request_that_cannot_be_edited_stays_as_it_is(nights: Nights) -> None:
    """Without its branch it would be closed; with another one it would say what is not so."""
    nights.propose()
    before, pulls = nights.head, nights.pulls
    changed(nights, "newer")
    done = nights.propose(GH_FAILS="Something went wrong")
    assert (done.code, "Something went wrong" in done.err) == (1, True)
    assert (nights.head, nights.pulls, content(nights)) == (before, pulls, "new\n")
    assert nights.propose().code == 0
    assert content(nights) == "newer\n"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("depth", [0, 1])
def test_somebody_s_commits_are_not_overwritten(depth: int, nights: Nights) -> None:
    nights.propose()
    work = nights.root / "work"
    git(nights.root, "clone", "--quiet", "--branch", BRANCH, str(nights.origin), str(work))
    git(work, "commit", "--quiet", "--allow-empty", "--message", "Bring the tests up to date")
    git(work, "push", "--quiet")
    before = nights.head
    changed(nights, "newer")
    done = nights.propose(depth=depth)
    assert (done.code, nights.head) == (1, before)
    assert done.err.endswith(
        "fal/refresh has commits of it@example.com that this would overwrite: "
        "merge it or delete it, and run this again\n"
    )


def test_what_came_in_from_main_is_nobody_s_commit(nights: Nights) -> None:
    nights.propose()
    for branch, into in (("main", ""), (BRANCH, "origin/main")):
        work = nights.root / branch.replace("/", "-")
        git(nights.root, "clone", "--quiet", "--branch", branch, str(nights.origin), str(work))
        how = ["merge", "--quiet", "--no-ff", "--no-edit", into] if into else ["commit", "--allow-empty", "-qm", "More"]
        git(work, *how)
        git(work, "push", "--quiet")
    changed(nights, "newer")
    done = nights.propose(depth=1)
    assert done.code == 0, done.err
    assert content(nights) == "newer\n"


def test_a_fork_s_pull_request_is_none_of_ours(nights: Nights) -> None:
    theirs = {"number": 1, "head": BRANCH, "fork": True, "title": "Theirs", "body": ""}
    (nights.root / "pulls.json").write_text(json.dumps([theirs]), encoding="utf-8")
    assert nights.propose().code == 0
    assert [one["title"] for one in nights.pulls] == ["Theirs", "Follow what fal changed: 0.2.0"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lines", [3300, 6000])
def test_a_body_that_is_too_long_after_all_is_cut(lines: int, nights: Nights) -> None:
    nights.write("body.md", "**major** for the package.\n" + "- `é`: A sentence.\n" * lines)
    assert nights.propose().code == 0
    (pull,) = nights.pulls
    assert 40_000 < len(pull["body"]) <= 60_000
    assert pull["body"].endswith("A sentence.\n\n…\n")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("version", ["", "0.2", "0.2.0 `rm`", "0.2.0\n@team"])
def test_a_version_that_is_none_is_not_in_the_title(version: str, nights: Nights) -> None:
    nights.write("version", version)
    nights.propose()
    assert nights.pulls[0]["title"] == "Follow what fal changed"


def test_tests_that_did_not_end_are_not_called_passed(nights: Nights) -> None:
    (nights.proposal / "tested.md").unlink()
    nights.propose("failure")
    assert "- **The tests did not run to their end**; the run says why.\n" in nights.pulls[0]["body"]

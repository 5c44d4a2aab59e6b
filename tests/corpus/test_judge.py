"""`diff` beside a second judge, who shares nothing with it: over dated pairs, and one random change per document.

Both say how much each endpoint's change matters, and at which fields it breaks somebody's code.
"""

from __future__ import annotations

import ast
import json
import random
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from support import Project

from corpus import own
from corpus.corpus import HERE, SEED, documents
from corpus.folder import DATED
from corpus.judge.changes import CHANGES, changed
from corpus.judge.fields import plain_name
from corpus.judge.verdict import Judgement, judge
from generator.diff.compare import compare
from generator.diff.load import load_state
from generator.diff.verdict import Change, Verdict, worst
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Documents = dict[str, dict[str, Any]]
# What the judge does not look at, and why.
NOT_JUDGED = {
    "type-renamed": "what a class is called in Python",
    "type-moved": "where a class lives depends on all other documents; griffe judges it (test_beside_griffe.py)",
    "type-removed": "what a module exports",
    "media-lost": "the kind of a file is told by names (test_media.py)",
    "media-gained": "the same",
}


def changes(root: Path, old: Documents, new: Documents) -> Mapping[str, tuple[Change, ...]]:
    """What `diff` says, by endpoint."""
    before, after = Project(root / "old"), Project(root / "new")
    for project, given in ((before, old), (after, new)):
        for endpoint_id, data in given.items():
            project.put(endpoint_id, json.dumps(data))
    settings = load_settings(after.root)
    states = [load_state(settings, str(project.specs)) for project in (before, after)]
    return compare(states[0].surface, states[1].surface).endpoints


def told(found: tuple[Change, ...]) -> Judgement:
    """What `diff` says of an endpoint, in the words of the judge."""
    judged = [one for one in found if one.kind not in NOT_JUDGED]
    breaking = frozenset(place(one.where) for one in judged if one.verdict is Verdict.MAJOR)
    return Judgement(worst(one.verdict for one in judged).value, breaking)


def place(where: str) -> str:
    """`output.PlainVideo.file_size` as the judge says it: the direction, and the name in the document of the last."""
    direction, *names = where.split(".")
    last = re.sub("^Plain(Image|Video|Audio)$", "File", names[-1]) if names else ""
    last = re.sub(r"_x[0-9a-f]+_?$", "", last)  # the hash behind a name that is no identifier
    return ".".join(filter(None, (direction, plain_name(last))))


def disagreements(root: Path, old: Documents, new: Documents) -> tuple[list[str], Counter[str]]:
    """Where the two judges differ, and how often they say what."""
    wrong, verdicts = list[str](), Counter[str]()
    for endpoint_id, found in changes(root, old, new).items():
        ours, other = told(found), judge(old[endpoint_id], new[endpoint_id])
        verdicts[other.verdict] += 1
        if ours != other:
            wrong.append(f"{endpoint_id}: diff says {ours}, the judge says {other}: {[one.text for one in found]}")
    assert verdicts.total() == len(old)
    return wrong, verdicts


@pytest.mark.slow
@pytest.mark.usefixtures("the_corpus_is_here")
def test_over_the_dated_pairs(tmp_path: Path) -> None:
    files = sorted(DATED.glob("*.json"))
    old = {file.stem.replace("__", "/"): json.loads(file.read_text(encoding="utf-8")) for file in files}
    wrong, verdicts = disagreements(tmp_path, old, {one: documents()[one] for one in old})
    assert not wrong, "\n".join(wrong)
    assert len(old) == 85
    assert verdicts["major"] >= 5
    assert verdicts["minor"] >= 30


def one_change_each(given: Documents, number: int) -> tuple[Documents, Counter[str]]:
    """Every document with one change at a place drawn at random, and how often each kind was done."""
    kinds, made, done = list(CHANGES), dict[str, Any](), Counter[str]()
    for at, (endpoint_id, data) in enumerate(given.items()):
        chance = random.Random(f"{SEED} {number} {endpoint_id}")
        start = at + number * len(kinds) // 5
        for kind in (kinds[(start + step) % len(kinds)] for step in range(len(kinds))):
            after = changed(data, kind, chance)
            if after is not None:
                made[endpoint_id] = after
                done[kind] += 1
                break
    return made, done


def judge_changes(root: Path, given: Documents, rounds: int) -> Counter[str]:
    """Both judges over some rounds of changes; the result is how often they said what."""
    wrong, kinds, verdicts = list[str](), Counter[str](), Counter[str]()
    for number in range(rounds):
        new, done = one_change_each(given, number)
        found, said = disagreements(root / str(number), {one: given[one] for one in new}, new)
        wrong += [f"round {number}, {one}" for one in found]
        kinds, verdicts = kinds + done, verdicts + said
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong[:30])
    assert kinds.keys() == CHANGES.keys()
    return verdicts


@pytest.mark.slow
def test_our_own_documents_are_no_change_to_themselves(tmp_path: Path) -> None:
    given = {one: data for one, data in own.every().items() if own.is_whole(one)}
    assert disagreements(tmp_path, given, given) == ([], Counter({"none": len(given)}))


@pytest.mark.slow
def test_one_change_in_each_of_our_own_documents(tmp_path: Path) -> None:
    given = {one: data for one, data in own.every().items() if own.is_whole(one)}
    verdicts = judge_changes(tmp_path, given, 5)
    assert min(verdicts[one] for one in ("none", "patch", "minor", "major")) >= 10


@pytest.mark.slow
@pytest.mark.usefixtures("the_corpus_is_here")
def test_one_change_in_each_real_document(tmp_path: Path) -> None:
    verdicts = judge_changes(tmp_path, documents(), 6)
    assert verdicts.total() > 2000
    assert verdicts["major"] > 500


def test_the_judge_knows_nothing_of_the_generator() -> None:
    files = [*(HERE / "judge").glob("*.py")]
    assert len(files) == 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").partition(".")[0] in sys.stdlib_module_names, file
            assert not isinstance(node, ast.Import) or all(one.name in sys.stdlib_module_names for one in node.names)

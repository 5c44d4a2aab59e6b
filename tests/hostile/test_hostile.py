"""Hostile documents: nothing but definitions comes out, importing it does nothing else, and values stay what they are.

`HOSTILE_DOCUMENTS=10000 pytest tests/hostile`, which is `make hostile`, is the full run.
"""

from __future__ import annotations

import json
import os
import re
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import pytest
from support import CASES, Project, obj
from support.markup import markup, python_blocks

from hostile.attacks import ATTACKS, PAYLOADS
from hostile.batches import BATCH, deeds, deeds_of_importing, generate, lost_members, modules, odd_paths
from hostile.documents import draw_documents

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COUNT = int(os.environ.get("HOSTILE_DOCUMENTS", "30"))
SHARD = 250
# None of these: whatever else a document of this kind has wrong is repaired.
ERRORS = {
    "not-json", "not-openapi", "no-document", "bad-id", "name-clash", "no-parent", "refused-module",
    "no-post-path", "bad-path",
}  # fmt: skip
# These attacks leave no other path to post to.
UNCALLABLE = {"specs/fal-ai/swagger-path.json"}


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What the emitted code of the test cases does, where nobody attacks."""
    project = Project(tmp_path_factory.mktemp("calm")).pinned()
    for path in CASES.glob("*.json"):
        project.put(f"fal-ai/case/{path.stem}", path.read_text(encoding="utf-8"))
    # Forms that no case has, and that values have.
    project.add("fal-ai/numbers", input=obj({"n": {"type": "integer", "minimum": -1}}))
    project.regenerate()
    return set().union(*(deeds(code) for code in modules(project.tree(), stubs=True).values()))


def prove(
    project: Project, documents: dict[str, Any], calm: set[str], uncallable: frozenset[str] = frozenset()
) -> None:
    """All that must hold of a batch."""
    codes = generate(project, documents)
    assert codes.pop("bad-path", set()) == uncallable
    assert not ERRORS & codes.keys(), codes
    assert odd_paths(project.tree()) == []
    for path, code in modules(project.tree(), stubs=True).items():
        new = deeds(code) - calm
        assert not new, f"{path}: {new}"
    readme = project.tree()["README.md"]
    assert {"image", "html_inline", "code_block"}.isdisjoint(kind for kind, _ in markup(readme))
    for code in python_blocks(readme):
        compile(code, "README.md", "exec")
    assert lost_members(documents, project) == []
    assert deeds_of_importing(project) == []


def batches(documents: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for start in range(0, len(documents), BATCH):
        part = documents[start : start + BATCH]
        yield {f"fal-ai/d{start + number}": data for number, data in enumerate(part)}


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the strategies, which is nobody's fault
@pytest.mark.parametrize("shard", range(-(-COUNT // SHARD)))
def test_hostile_documents(shard: int, calm: set[str], tmp_path: Path) -> None:
    count = min(SHARD, COUNT)
    drawn = draw_documents(count, shard)
    assert len(drawn) >= count
    for number, documents in enumerate(batches(drawn)):
        project = Project(tmp_path / str(number))
        try:
            prove(project, documents, calm)
        except BaseException:
            (tmp_path / "batch.json").write_text(json.dumps(documents), encoding="utf-8")
            raise


def attempt(project: Project, payloads: Iterable[str], calm: set[str]) -> None:
    """Every advisory's way in, each with a payload of Python in the place of the original's."""
    marker = project.root / "owned"
    documents = {
        f"fal-ai/{name}": attack(f"fal-ai/{name}", payload.replace("MARKER", marker.as_posix()))
        for (name, (_, attack)), payload in zip(ATTACKS.items(), payloads, strict=True)
    }
    prove(project, documents, calm, frozenset(UNCALLABLE))
    assert not marker.exists()
    there = {path.name for path in project.root.iterdir()}
    assert there == {".fal-typed-cache", "generated", "pyproject.toml", "specs"}


@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 5, 10])
def test_known_attacks(turn: int, calm: set[str], project: Project) -> None:
    """Each payload somewhere, and each attack with another payload at every turn."""
    attempt(project, islice(cycle(PAYLOADS.values()), turn, turn + len(ATTACKS)), calm)


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS)
def test_known_attacks_with_every_payload(payload: str, calm: set[str], project: Project) -> None:
    attempt(project, [PAYLOADS[payload]] * len(ATTACKS), calm)


def test_a_type_that_mentions_itself_under_a_name_that_is_none(project: Project) -> None:
    """Its annotation is quoted, and pydantic evaluates the `Field(alias=…)` in it: that is a definition."""
    tree = obj({"\u212a": {"$ref": "#/components/schemas/Tree"}})
    project.add("fal-ai/a", output=obj({"tree": {"$ref": "#/components/schemas/Tree"}}), components={"Tree": tree})
    project.regenerate()
    assert '"Annotated[' in "".join(modules(project.tree()).values())
    assert deeds_of_importing(project) == []


def test_an_attack_is_named_by_where_it_can_be_looked_up() -> None:
    known = re.compile(r"CVE-\d{4}-\d{4,7}|GHSA(-[0-9a-z]{4}){3}|(issue|pull request) \d+")
    assert [name for name, (report, _) in ATTACKS.items() if report and not known.search(report)] == []


# What the hook must see.
DEEDS = [
    "open('/etc/hostname').close()", "import subprocess; subprocess.run(['true'])",
    "exec('x = [].append')", "exec('id(1)')", "eval('id(1)')", "import socket; socket.socket().close()",
    "import os; os.system('true')", "eval('__import__')", "open(__file__, 'a').close()",
]  # fmt: skip


@pytest.mark.sampled(9)
@pytest.mark.parametrize("deed", DEEDS)
def test_the_audit_sees_what_an_attack_would_do(deed: str, project: Project) -> None:
    """The proof can fail: code in a module is seen by the hook."""
    project.add("fal-ai/a")
    project.regenerate()
    assert deeds_of_importing(project) == []
    with (project.output / "fal_typed/endpoints/a.py").open("a", encoding="utf-8") as file:
        file.write(deed + "\n")
    assert deeds_of_importing(project)

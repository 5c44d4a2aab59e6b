"""What users wrote against 85 endpoints of January, under the package of today: where it breaks, `diff` says major.

The calls try every member of an enum, both ends of every range and every null; the reads annotate every field of every
output. Both are judged by a type checker and by the client's own check of inputs.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import Project

from corpus.folder import DATED, DOCUMENTS
from corpus.old_calls import Written, write
from generator.diff.compare import compare
from generator.diff.load import load_state
from generator.diff.verdict import Verdict, worst
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("the_corpus_is_here")]
PACKAGE = "dated_typed"
Problems = dict[str, list[str]]

# Runs where the package is: what the client says of every input, before anything is sent.
_CHECK = f"""
import json, sys
from {PACKAGE} import Fal, InvalidInputError
from {PACKAGE}._runtime.inputs.validate import check_input

fal, refused = Fal("key"), []
for endpoint_id, calls in json.load(sys.stdin).items():
    for given in calls:
        try:
            check_input(fal.endpoints[endpoint_id]._spec, given)
        except InvalidInputError as error:
            refused.append((endpoint_id, str(error)))
print(json.dumps(refused))
"""


def made(root: Path, source: Path, ids: list[str], names: Path | None = None) -> Project:
    """The package of some documents, with the names of shared types that were given before."""
    project = Project(root, f'package = "{PACKAGE}"')
    for endpoint_id in ids:
        project.put(endpoint_id, (source / file_of(endpoint_id, ".json")).read_text(encoding="utf-8"))
    if names is not None:
        shutil.copy(names, project.specs)
    project.regenerate()
    return project


def file_of(endpoint_id: str, suffix: str) -> str:
    return endpoint_id.replace("/", "__") + suffix


@dataclass
class Pairs:
    """The two packages, and what was written against the old one."""

    old: Project
    new: Project
    written: Mapping[str, Written]
    folder: Path

    def problems(self, project: Project) -> Problems:
        """What pyright says of the files, and the client of the inputs, under a package; by endpoint."""
        found = defaultdict(list[str])
        for endpoint_id, message in [*self._pyright(project), *self.refused(project)]:
            found[endpoint_id].append(message)
        return dict(found)

    def _pyright(self, project: Project) -> list[tuple[str, str]]:
        settings = {"extraPaths": [str(project.output)], "typeCheckingMode": "standard", "pythonVersion": "3.11"}
        (self.folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        found = json.loads(done.stdout)
        assert found["summary"]["filesAnalyzed"] >= len(self.written)
        ids = {file_of(one, ".py"): one for one in self.written}
        return [(ids[Path(one["file"]).name], one["message"]) for one in found["generalDiagnostics"]]

    def refused(self, project: Project) -> list[tuple[str, str]]:
        """The inputs that the client of a package refuses before anything is sent: endpoint and message."""
        given = json.dumps({one: written.calls for one, written in self.written.items()})
        command = [sys.executable, "-c", _CHECK]
        done = subprocess.run(command, cwd=project.output, input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [(endpoint_id, message) for endpoint_id, message in json.loads(done.stdout)]

    def verdicts(self) -> dict[str, Verdict]:
        settings = load_settings(self.new.root)
        before = load_state(settings, str(self.old.specs))
        found = compare(before.surface, load_state(settings, None).surface)
        return {one: worst(change.verdict for change in changes) for one, changes in found.endpoints.items()}


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    root = tmp_path_factory.mktemp("dated")
    ids = sorted(file.stem.replace("__", "/") for file in DATED.glob("*.json"))
    old = made(root / "old", DATED, ids)
    new = made(root / "new", DOCUMENTS, ids, old.specs / "types.lock")
    folder = root / "written"
    folder.mkdir()
    written = {one: write(old.output / PACKAGE, one, json.loads(old.path(one).read_text("utf-8"))) for one in ids}
    for endpoint_id, one in written.items():
        (folder / file_of(endpoint_id, ".py")).write_text(one.text, encoding="utf-8")
    return Pairs(old, new, written, folder)


def test_what_was_written_fits_where_it_was_written(pairs: Pairs) -> None:
    assert len(pairs.written) == 85
    assert all(one.calls for one in pairs.written.values())
    assert sum(len(one.calls) for one in pairs.written.values()) > 2000
    assert sum(one.reads for one in pairs.written.values()) > 500
    assert pairs.problems(pairs.old) == {}


def test_what_breaks_is_major_and_what_is_major_breaks(pairs: Pairs) -> None:
    broken, verdicts = pairs.problems(pairs.new), pairs.verdicts()
    assert {one: said for one, said in broken.items() if verdicts[one] is not Verdict.MAJOR} == {}
    assert broken.keys() == {one for one, verdict in verdicts.items() if verdict is Verdict.MAJOR}


def test_the_client_alone_refuses_only_what_is_major(pairs: Pairs) -> None:
    """What no type checker sees: a bound, a length."""
    assert pairs.refused(pairs.old) == []
    refusing, verdicts = {endpoint_id for endpoint_id, _ in pairs.refused(pairs.new)}, pairs.verdicts()
    assert refusing
    assert {one for one in refusing if verdicts[one] is not Verdict.MAJOR} == set()

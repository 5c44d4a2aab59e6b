"""A night after which many real documents are other ones: the pull request opens, and reads from the top."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from support.markup import tokens
from support.nights import Nights

from corpus.corpus import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

    from catalog_server import CatalogServer

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("the_corpus_is_here")]
DATED = CORPUS / "drift_2026-01-28"
OURS = "def test_ours() -> None:\n    assert True\n"


def pairs(copies: int) -> dict[str, tuple[str, Any]]:
    """Documents of January and what became of them, by id; further copies are called by other ids."""
    found: dict[str, tuple[str, Any]] = {}
    for path in sorted(DATED.glob("*.json")):
        endpoint_id = path.stem.replace("__", "/")
        was, now = (folder.joinpath(path.name).read_text(encoding="utf-8") for folder in (DATED, CORPUS / "openapi"))
        for copy in range(copies):
            name = f"{endpoint_id}-{copy}" if copy else endpoint_id
            found[name] = was.replace(endpoint_id, name), json.loads(now.replace(endpoint_id, name))
    return found


def before(root: Path, documents: dict[str, tuple[str, Any]]) -> Nights:
    """A repository that released the documents as they were."""
    nights = Nights(root)
    nights.equip()
    for endpoint_id, (was, _) in documents.items():
        path = nights.checkout / "specs" / f"{endpoint_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(was, encoding="utf-8")
    tests = nights.checkout / "tests"
    tests.mkdir()
    (tests / "test_ours.py").write_text(OURS, encoding="utf-8")
    for arguments in (["release", "--date", "2026-01-28"], ["regenerate"]):
        done = nights.generator(*arguments)
        assert done.code == 0, done.err
    nights.begin()
    return nights


@pytest.mark.parametrize("copies", [1, 7], ids=["85", "595"])
def test_a_night_of_many_changes(copies: int, tmp_path: Path, catalog: CatalogServer) -> None:
    documents = pairs(copies)
    assert len(documents) == 85 * copies
    nights = before(tmp_path, documents)
    catalog.have({one: now for one, (_, now) in documents.items()})

    done = nights.refresh()
    assert (done.code, done.out) == (0, "changed=true\n"), done.err
    judged = nights.judge()
    assert judged.code == 0, judged.out + judged.err
    done = nights.propose()
    assert done.code == 0, done.err

    (pull,) = nights.pulls
    body, whole = pull["body"], (nights.proposal / "changes.md").read_text(encoding="utf-8")
    assert pull["title"] == "Follow what fal changed: 0.2.0"
    assert len(body) <= 60_000
    assert body.startswith("- Next version: **0.2.0** (now 0.1.0).\n")
    assert "- Tests passed: nothing drifted, and of our code 1 passed. Slow tests did not run; CI runs them.\n" in body
    assert ("`changes.md`" in body) == (whole not in body)
    found = [*tokens(body)]
    headings = [found[n + 1].content for n, one in enumerate(found) if one.type == "heading_open"]
    assert headings == ["Breaking", "New and changed", "Small"]
    # As many sentences as for the documents alone, however many endpoints share them.
    assert sum(one.type == "list_item_open" for one in found) < 200
    assert "Left out here" not in body
    assert f"The documentation of {len(documents)} endpoints changed." in body
    assert {one for one in documents if f"https://fal.ai/models/{one})" not in whole} == set()
    told = json.loads(nights.generator("diff", "HEAD", "--json").out)
    for endpoint_id, one in told["endpoints"].items():
        for change in one["changes"]:
            if change["kind"] in {"default-changed", "field-added", "type-changed", "type-renamed"}:
                assert change["text"] in whole, endpoint_id
    assert re.search(r"\n\*\*major\*\* for the package\. Of \d+ endpoints: \d+ breaking, \d+ new or changed, ", body)

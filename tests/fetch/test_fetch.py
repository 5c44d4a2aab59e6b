"""Fetch when fal behaves: what is written, what is left alone, and what the lock says."""

from __future__ import annotations

import copy
import difflib
import json

import pytest
from catalog_server import CatalogServer, example_documents, real_documents
from catalog_server.server import KEY
from corpus.folder import IS_HERE, WHY_SKIPPED
from support import INTEGER, STRING, Project, document, obj, pretty, run_cli
from support.fetching import assert_locked, fetch, files, lock_of, outcome

from generator.json_text import canonical

Capture = pytest.CaptureFixture[str]
ALIAS = "minimax/h3-max/text-to-video"


@pytest.fixture
def two(project: Project, catalog: CatalogServer, capsys: Capture) -> Project:
    """A project of two endpoints, fetched."""
    for one in ("fal-ai/a", "fal-ai/b/c"):
        catalog.add(one, document(one))
    assert run_cli(project, capsys, "add", "fal-ai/a", "fal-ai/b/c").code == 0
    catalog.seen.clear()
    return project


def changed(endpoint_id: str, **more: int) -> dict[str, object]:
    steps = {**INTEGER, **more}
    return document(endpoint_id, input=obj({"prompt": STRING, "steps": steps}, required=["prompt"]))


# --- the real documents ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not IS_HERE, reason=WHY_SKIPPED)
@pytest.mark.parametrize(
    ("way", "every"),
    [([], 5), pytest.param([], 1, marks=pytest.mark.slow), pytest.param(["--by-id"], 1, marks=pytest.mark.slow)],
)
def test_every_real_document_twice(
    way: list[str], every: int, project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    real = real_documents()
    assert len(real) == 360
    documents = {one: data for number, (one, data) in enumerate(real.items()) if one == ALIAS or not number % every}
    catalog.have(documents)
    code, report = outcome(project, capsys, "fetch", "--all", *way)
    assert (code, sorted(report)) == (0, ["aliases", "new"])
    assert report["new"] == sorted(documents)
    assert report["aliases"] == {ALIAS: "fal-ai/minimax-h3-turbo/text-to-video"}
    for one, data in documents.items():
        assert canonical(json.loads(project.path(one).read_bytes())) == canonical(data)
    assert_locked(project)
    before = files(project.specs)
    code, report = outcome(project, capsys, "fetch", *way)
    assert (code, len(report["unchanged"]), "new" in report, "changed" in report) == (0, len(documents), False, False)
    assert files(project.specs) == before


def test_the_pinned_documents_twice(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.have(example_documents())
    assert fetch(project, capsys, "--all").code == 0
    before = files(project.specs)
    assert fetch(project, capsys).err.endswith(
        "specs: 13 endpoints, 0 new, 0 changed, 13 unchanged, 0 vanished, 0 failed\n"
    )
    assert files(project.specs) == before
    assert run_cli(project, capsys, "regenerate").code == 0
    assert run_cli(project, capsys, "regenerate", "--check", "--locked").code == 0


# --- content ---------------------------------------------------------------------------------------------------------


def test_keys_in_another_order_are_no_change(two: Project, catalog: CatalogServer, capsys: Capture) -> None:
    before = files(two.specs)
    for _ in range(3):
        assert outcome(two, capsys) == (0, {"unchanged": ["fal-ai/a", "fal-ai/b/c"]})
    assert files(two.specs) == before


def test_one_fact_changes_one_line(
    two: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.add("fal-ai/a", changed("fal-ai/a", maximum=3))
    assert outcome(two, capsys) == (0, {"changed": ["fal-ai/a"], "unchanged": ["fal-ai/b/c"]})
    before = two.path("fal-ai/a").read_text(encoding="utf-8").splitlines()
    monkeypatch.setattr("generator.fetch.clock.today", lambda: "2026-09-09")
    catalog.add("fal-ai/a", changed("fal-ai/a", maximum=4))
    assert fetch(two, capsys).code == 0
    after = two.path("fal-ai/a").read_text(encoding="utf-8").splitlines()
    lines = [line for line in difflib.unified_diff(before, after, n=0) if line[:3] not in {"---", "+++"}]
    assert [line.replace(" ", "") for line in lines[1:]] == ['-"maximum":3,', '+"maximum":4,']
    assert lock_of(two)["fal-ai/a"]["changed"] == "2026-09-09"
    assert lock_of(two)["fal-ai/b/c"]["changed"] == "2026-09-01"


def test_a_document_in_an_order_of_its_own_keeps_it(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    before = project.put("fal-ai/a", pretty(changed("fal-ai/a", maximum=3, minimum=1))).read_text(encoding="utf-8")
    catalog.add("fal-ai/a", changed("fal-ai/a", maximum=4, minimum=1))
    assert outcome(project, capsys) == (0, {"changed": ["fal-ai/a"]})
    after = project.path("fal-ai/a").read_text(encoding="utf-8")
    assert after == before.replace('"maximum": 3', '"maximum": 4')


def test_a_new_document_is_printed_alike_whatever_order_it_came_in(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.add("fal-ai/a", document("fal-ai/a", input=obj({"z": STRING, "a": STRING})))
    texts: set[bytes] = set()
    for _ in range(3):
        assert run_cli(project, capsys, "add", "fal-ai/a").code == 0
        texts.add(project.path("fal-ai/a").read_bytes())
        assert run_cli(project, capsys, "remove", "fal-ai/a").code == 0
    assert len(texts) == 1
    # The order that fal gives its fields is kept.
    text = texts.pop().decode()
    assert text.index('"z": {') < text.index('"a": {')
    assert text.endswith("}\n")


def test_text_that_utf8_cannot_hold(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    data = document("fal-ai/a", about="half a pair: \ud83d, and whole: 🎙️")
    catalog.add("fal-ai/a", data)
    assert run_cli(project, capsys, "add", "fal-ai/a").code == 0
    text = project.path("fal-ai/a").read_text(encoding="utf-8")
    assert "half a pair: \\ud83d, and whole: 🎙️" in text
    assert json.loads(text) == data
    assert outcome(project, capsys) == (0, {"unchanged": ["fal-ai/a"]})


def test_the_lock_says_where_each_document_is_from(two: Project, catalog: CatalogServer, capsys: Capture) -> None:
    entry = lock_of(two)["fal-ai/a"]
    assert entry["url"] == f"{catalog.platform_url}/models?endpoint_id=fal-ai/a&expand=openapi-3.0"
    assert list(entry) == ["changed", "sha256", "url"]
    before = files(two.specs)
    assert outcome(two, capsys, "fetch", "--by-id")[0] == 0
    assert files(two.specs) == before, "the same content from elsewhere is no news"
    catalog.add("fal-ai/a", changed("fal-ai/a"))
    fetch(two, capsys, "--by-id")
    assert lock_of(two)["fal-ai/a"]["url"] == f"{catalog.openapi_url}?endpoint_id=fal-ai/a"


def test_fifty_at_a_time(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.have({f"fal-ai/m{number}": document(f"fal-ai/m{number}") for number in range(120)})
    catalog.largest_page = 20
    code, report = outcome(project, capsys, "fetch", "--all")
    assert (code, len(report["new"])) == (0, 120)
    assert catalog.asked("/openapi") == 0
    assert catalog.asked("/v1/models") == 6 + 1, "the documents come with the list, whose ids are looked at again"
    catalog.seen.clear()
    assert outcome(project, capsys, "fetch")[0] == 0
    assert {seen.query["limit"] for seen in catalog.seen} == {"50", "20"}
    assert catalog.asked("/v1/models") == 3 + 3 + 1


# --- aliases, metadata, streams --------------------------------------------------------------------------------------


def test_an_alias_is_called_as_its_document_says(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.add("minimax/h3", document("fal-ai/h3-turbo"))
    code, report = outcome(project, capsys, "add", "minimax/h3")
    assert (code, report) == (0, {"new": ["minimax/h3"], "aliases": {"minimax/h3": "fal-ai/h3-turbo"}})
    assert lock_of(project)["minimax/h3"]["called_as"] == "fal-ai/h3-turbo"
    assert "alias     minimax/h3 is called as fal-ai/h3-turbo\n" in fetch(project, capsys).err
    assert json.loads(run_cli(project, capsys, "list", "--json").out)["endpoints"][0]["path"] == "fal-ai/h3-turbo"
    project.regenerate()
    module = project.module("endpoints/owners/minimax/h3.py")
    assert '"minimax/h3"' in module
    assert 'path="fal-ai/h3-turbo"' in module
    catalog.add("minimax/h3", document("minimax/h3"))
    fetch(project, capsys)
    assert "called_as" not in lock_of(project)["minimax/h3"]


def test_a_model_without_metadata(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.add("fal-ai/a", document("fal-ai/a"), metadata=None)
    assert outcome(project, capsys, "fetch", "--all") == (0, {"new": ["fal-ai/a"]})
    assert outcome(project, capsys, "fetch", "--all", "--category", "llm") == (0, {})


def test_that_an_endpoint_streams_is_noted_where_it_is_listed(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    path = project.specs / "endpoints.toml"
    path.write_text("# mine\n\n", encoding="utf-8")
    catalog.add("fal-ai/a", document("fal-ai/a"), metadata={"stream_url": "https://fal.run/fal-ai/a/stream"})
    catalog.add("fal-ai/b", document("fal-ai/b"))
    assert run_cli(project, capsys, "add", "fal-ai/a", "fal-ai/b").code == 0
    rows = json.loads(run_cli(project, capsys, "list", "--json").out)["endpoints"]
    assert [(row["id"], row["streams"]) for row in rows] == [("fal-ai/a", True), ("fal-ai/b", False)]
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# mine\n")
    assert f'stream_source = "{catalog.platform_url}/models?endpoint_id=fal-ai/a' in text
    path.write_text(text.replace("streams = true", "streams = false"), encoding="utf-8")
    fetch(project, capsys, "--all")
    assert "streams = false" in path.read_text(encoding="utf-8"), "what somebody decided stays"


# --- the catalogue ---------------------------------------------------------------------------------------------------


def metadata(category: str, status: str = "active") -> dict[str, str]:
    return {"category": category, "status": status}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], ["bria/c", "fal-ai/a", "fal-ai/b", "fal-ai/d"]),
        (["--owner", "bria"], ["bria/c"]),
        (["--category", "llm"], ["bria/c", "fal-ai/b"]),
        (["--category", "llm", "--category", "vision"], ["bria/c", "fal-ai/a", "fal-ai/b"]),
        (["--category", "llm", "--owner", "fal-ai"], ["fal-ai/b"]),
        (["--status", "active"], ["bria/c", "fal-ai/a"]),
        (["--status", "deprecated", "--category", "llm"], ["fal-ai/b"]),
    ],
)
def test_part_of_the_catalogue(
    filters: list[str], expected: list[str], project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    kinds = {
        "fal-ai/a": metadata("vision"),
        "fal-ai/b": metadata("llm", "deprecated"),
        "bria/c": metadata("llm"),
        "fal-ai/d": None,
    }
    for one, kind in kinds.items():
        catalog.add(one, document(one), metadata=kind)
    assert outcome(project, capsys, "fetch", "--all", *filters) == (0, {"new": expected})


def test_all_also_refreshes_what_the_catalogue_does_not_list(
    two: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.models["fal-ai/a"].is_listed = False
    catalog.add("fal-ai/new", document("fal-ai/new"))
    assert outcome(two, capsys, "fetch", "--all") == (
        0,
        {"new": ["fal-ai/new"], "unchanged": ["fal-ai/a", "fal-ai/b/c"]},
    )


def test_ids_that_cannot_be_files(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    ids = [
        "../../x/y",
        "fal-ai/../x",
        "/etc/passwd",
        "fal-ai/a\\..\\b",
        "flux",
        "fal-ai/it's",
        ".git/config",
        "a/b\n[bold]",
    ]
    fine = copy.deepcopy(document("fal-ai/a"))
    for one in [*ids, f"fal-ai/{'x' * 300}", "fal-ai/a.json/b", "FAL-AI/a", "fal-ai/a"]:
        catalog.add(one, fine)
    before = sorted(p for p in project.root.parent.rglob("*"))
    done = fetch(project, capsys, "--all")
    assert done.code == 4
    new = {p.relative_to(project.root).as_posix() for p in project.root.parent.rglob("*") if p not in before}
    assert {p for p in new if not p.startswith(".fal-typed-cache")} == {
        "specs/fal-ai",
        "specs/fal-ai/a.json",
        "specs/lock.json",
    }
    assert len([line for line in done.err.splitlines() if line.startswith("failed")]) == len(ids) + 3
    assert "differs only by case from fal-ai/a" in done.err
    assert "[bold]" in done.err


def test_ids_that_differ_only_by_case_in_one_call(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    for one in ("fal-ai/a", "FAL-AI/a"):
        catalog.add(one, document(one))
    code, report = outcome(project, capsys, "add", "fal-ai/a", "FAL-AI/a")
    assert (code, report["new"], list(lock_of(project))) == (4, ["fal-ai/a"], ["fal-ai/a"])
    assert "differs only by case from fal-ai/a" in report["failed"]["FAL-AI/a"]


# --- keys ------------------------------------------------------------------------------------------------------------


def test_a_private_app_takes_a_key(
    project: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.add("me/my-app", document("me/my-app"), is_private=True)
    code, report = outcome(project, capsys, "add", "me/my-app")
    assert code == 4
    assert report["failed"] == {"me/my-app": "fal answers 401 Unauthorized: No user found; is FAL_KEY set, and right?"}
    assert not project.path("me/my-app").exists()
    for variables in ({"FAL_KEY": KEY}, dict(zip(("FAL_KEY_ID", "FAL_KEY_SECRET"), KEY.split(":"), strict=True))):
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            done = run_cli(project, capsys, "add", "me/my-app")
        assert done.code == 0
        assert "very-secret" not in done.err
    assert not [one for one, text in files(project.root).items() if b"very-secret" in text]

"""How the catalogue is read: documents with the list, pages that move, ids twice, and what it refuses to give."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest
from catalog_server import CatalogServer, Model, faults
from fal_server import Reply
from support import STRING, Project, document, obj, run_cli
from support.fetching import assert_locked, fetch, lock_of, outcome

from generator.fetch.http import TooMuchError
from generator.fetch.platform import Catalogue
from generator.project.ids import find_documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.fetch.http import Http

Capture = pytest.CaptureFixture[str]


def ids_of(count: int) -> list[str]:
    return [f"fal-ai/m{number:04}" for number in range(count)]


@pytest.fixture
def hundred(project: Project, catalog: CatalogServer) -> Project:
    """A hundred endpoints, ten to a page."""
    for one in ids_of(100):
        catalog.add(one, document(one))
    catalog.largest_page = 10
    return project


def asked_for(catalog: CatalogServer, *, groups: bool) -> list[dict[str, str]]:
    """The queries of the Platform API: those for ids, or those for pages of the list."""
    return [s.query for s in catalog.seen if s.path == "/v1/models" and ("endpoint_id" in s.query) is groups]


# --- documents with the list -----------------------------------------------------------------------------------------


def test_documents_come_with_the_list(hundred: Project, catalog: CatalogServer, capsys: Capture) -> None:
    code, report = outcome(hundred, capsys, "fetch", "--all")
    assert (code, list(report), len(report["new"])) == (0, ["new"], 100)
    assert ["expand" in query for query in asked_for(catalog, groups=False)] == [*[True] * 10, False]
    assert (asked_for(catalog, groups=True), catalog.asked("/openapi")) == ([], 0)
    assert_locked(hundred)
    catalog.seen.clear()
    assert outcome(hundred, capsys, "fetch", "--all")[0] == 0
    assert len(catalog.seen) == 10, "who finds all that is known has missed nothing"


def test_a_page_is_written_before_the_next_is_asked_for(
    hundred: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    """So no more than one is in memory, and a run that is cut off has it."""
    there: list[int] = []
    catalog.after_page = lambda: there.append(len(find_documents(hundred.specs)))
    assert fetch(hundred, capsys, "--all").code == 0
    assert there == [*range(0, 100, 10), 100]


def test_what_a_page_does_not_carry_is_asked_for(hundred: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.models["fal-ai/m0003"].document = faults.EXPANSION_FAILED
    catalog.models["fal-ai/m0003"].always = Reply(200, document("fal-ai/m0003"))
    first = [{"endpoint_id": one} for one in ids_of(10) if one != "fal-ai/m0003"]
    catalog.platform_replies = [Reply(200, {"models": first, "next_cursor": "page-1"})]
    code, report = outcome(hundred, capsys, "fetch", "--all")
    assert (code, len(report["new"])) == (0, 100)
    assert (len(asked_for(catalog, groups=True)), catalog.asked("/openapi")) == (1, 1)
    catalog.seen.clear()
    assert outcome(hundred, capsys, "fetch", "--all")[0] == 0
    assert asked_for(catalog, groups=True) == [], "it would say of that one what it said in the list"
    assert catalog.asked("/openapi") == 1


def test_an_interrupted_run_goes_on_by_asking_for_the_rest(
    hundred: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    def rule(query: dict[str, str]) -> Reply | None:
        return None if "expand" in query and query.get("cursor") != "page-7" else faults.DROPPED

    catalog.platform_rule = rule
    done = fetch(hundred, capsys, "--all")
    assert done.code == 3
    assert "note      the catalogue could not be read to its end: the connection failed: " in done.err
    assert len(lock_of(hundred)) == 70
    catalog.platform_rule = None
    catalog.seen.clear()
    done = fetch(hundred, capsys, "--all")
    assert (done.code, "30 new, 0 changed, 0 unchanged, 70 done by" in done.err) == (0, True)
    assert {"expand" in query for query in asked_for(catalog, groups=False)} == {False}
    assert len(asked_for(catalog, groups=True)) == 3, "thirty of them, ten to a page"


# --- what it refuses -------------------------------------------------------------------------------------------------


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("rule", "said", "pages"),
    [
        (
            faults.refuses(20),
            "not give 50 endpoints with their documents at once (fal answers 400 Bad Request: limit is too high); 20",
            1 + 3 + 1,
        ),
        (faults.refuses(10), "(fal answers 400 Bad Request: limit is too high); 10 are asked for", 2 + 6 + 1),
        (
            faults.refuses(0),
            "the catalogue gives no pages with documents (fal answers 400 Bad Request: limit is too high); its ids are",
            3 + 1,
        ),
        (faults.refuses(20, without_documents=True), "20 are asked for", 1 + 3 + 2 + 3),
        (faults.for_documents(faults.BROKEN), "(fal answers 500 Internal Server Error; tried 5 times); its ids", 5 + 1),
        (faults.for_documents(faults.HTML), "with a body that is not JSON", 5 + 1),
        (faults.for_documents(faults.CUT, cursor="page-1"), "the connection failed: ", 1 + 5 + 1),
        (faults.for_documents(faults.huge(31)), "(the answer is larger than 30 MB); 20 are asked for", 3 + 1),
    ],
    ids=["twenty", "ten", "no documents", "twenty ids", "500", "HTML", "cut in the middle", "too large"],
)
def test_less_is_asked_for_where_a_page_is_refused(
    rule: faults.Rule, said: str, pages: int, project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    for one in ids_of(60):
        catalog.add(one, document(one))
    catalog.platform_rule = rule
    done = fetch(project, capsys, "--all")
    assert (done.code, "60 new" in done.err) == (0, True)
    assert said in done.err
    assert len(asked_for(catalog, groups=False)) == pages
    assert_locked(project)


def test_who_gives_no_documents_is_asked_for_none(hundred: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.platform_rule = faults.refuses(0)
    assert fetch(hundred, capsys, "--all").code == 0
    assert (asked_for(catalog, groups=True), catalog.asked("/openapi")) == ([], 100)
    catalog.platform_rule = None
    catalog.seen.clear()
    assert fetch(hundred, capsys, "--all", "--by-id").code == 0
    assert [query for query in asked_for(catalog, groups=False) if "expand" in query] == []


def test_a_group_that_is_refused_is_asked_for_in_parts(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    for one in ids_of(60):
        catalog.add(one, document(one))
    assert fetch(project, capsys, "--all").code == 0
    catalog.platform_rule = faults.refuses(20)
    catalog.seen.clear()
    done = fetch(project, capsys)
    assert (done.code, catalog.asked("/openapi")) == (0, 0)
    assert done.err.count("does not give 50 endpoints with their documents at once") == 1
    assert len(asked_for(catalog, groups=True)) <= 1 + 3 + 1


def test_a_catalogue_that_refuses_everything(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.add("fal-ai/a", document("fal-ai/a"))
    catalog.platform_rule = faults.refuses(0, without_documents=True)
    done = fetch(project, capsys, "--all")
    assert (done.code, catalog.asked("/v1/models")) == (4, 3 + 4)
    assert done.err == ("error: the catalogue could not be read: fal answers 400 Bad Request: limit is too high\n")


def test_less_is_asked_for_only_where_as_much_was_refused() -> None:
    """Of two that ask at once the second may be refused what the first one has learned not to ask for."""
    catalogue, too_many = Catalogue(cast("Http", None), "https://api.fal.ai/v1"), TooMuchError("limit is too high")
    assert catalogue.asks_for_less(too_many, 50, expands=True)
    assert catalogue.size(expands=True) == 20
    assert catalogue.asks_for_less(too_many, 50, expands=True)
    assert catalogue.size(expands=True) == 20
    assert len(catalogue.remarks()) == 1
    assert catalogue.asks_for_less(too_many, 20, expands=True)
    assert not catalogue.asks_for_less(too_many, 10, expands=True)
    assert (catalogue.size(expands=True), catalogue.size(expands=False)) == (10, 1000)
    assert catalogue.asks_for_less(too_many, 1000, expands=False)
    assert catalogue.size(expands=False) == 50
    assert catalogue.remarks() == [
        "the catalogue does not give 50 endpoints with their documents at once (limit is too high); 20 are asked for",
        "the catalogue does not give 20 endpoints with their documents at once (limit is too high); 10 are asked for",
    ]


# --- pages that move -------------------------------------------------------------------------------------------------


def shrinking(catalog: CatalogServer, times: int, by: int = 2) -> Callable[[], None]:
    """What takes the first endpoints out behind a page, so often."""
    left = times

    def shrink() -> None:
        nonlocal left
        for one in list(catalog.models)[: by if left > 0 else 0]:
            catalog.models[one].is_listed = False
            del catalog.models[one]
        left -= 1

    return shrink


def test_a_catalogue_that_shrinks_is_read_again(hundred: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.after_page = shrinking(catalog, 6)
    done = fetch(hundred, capsys, "--all")
    assert done.code == 0
    assert set(catalog.models) <= set(lock_of(hundred)), "none that is still there is missing"
    assert "note      the catalogue changed while it was read; a second look showed 10 that had been miss" in done.err


def test_a_second_look_at_many_pages_is_followed_by_a_third(
    hundred: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.largest_list = 10
    catalog.after_page = shrinking(catalog, 10)
    assert fetch(hundred, capsys, "--all").code == 0
    assert set(catalog.models) <= set(lock_of(hundred))
    assert len([query for query in asked_for(catalog, groups=False) if "expand" not in query]) == 2 * 8


def test_what_is_here_and_not_in_the_list_makes_it_read_again(
    hundred: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    """One that is missing may be gone; or one that moved forward over the edge of a page, and others with it."""
    assert fetch(hundred, capsys, "--all").code == 0
    for number in range(60, 70):
        catalog.add(f"fal-ai/late{number}", document(f"fal-ai/late{number}"))
    catalog.after_page = shrinking(catalog, 10, by=10)
    catalog.seen.clear()
    assert fetch(hundred, capsys, "--all").code == 0
    assert set(catalog.models) <= set(lock_of(hundred))
    assert [q["limit"] for q in asked_for(catalog, groups=False) if "expand" not in q] == ["1000"]


def test_a_catalogue_that_never_stands_still(hundred: Project, catalog: CatalogServer, capsys: Capture) -> None:
    def grow() -> None:
        one = f"fal-ai/new{len(catalog.models)}"
        catalog.add(one, document(one))

    catalog.largest_list = 20
    catalog.after_page = grow
    done = fetch(hundred, capsys, "--all")
    assert done.code == 3
    assert "the catalogue kept changing while it was read: some endpoints may be missing" in done.err


def test_a_catalogue_that_grows_is_read_again(hundred: Project, catalog: CatalogServer, capsys: Capture) -> None:
    def grow() -> None:
        if len(catalog.models) < 103:
            one = f"fal-ai/new{len(catalog.models)}"
            catalog.models = {one: Model(document(one)), **catalog.models}

    catalog.after_page = grow
    code, report = outcome(hundred, capsys, "fetch", "--all")
    assert (code, set(catalog.models) - set(report["new"])) == (0, set())


def test_an_endpoint_on_two_pages_makes_it_read_again(
    hundred: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    """Something came before it, which was on a page that had been read."""
    assert fetch(hundred, capsys, "--all").code == 0

    def grow() -> None:
        catalog.models = {"fal-ai/first": Model(document("fal-ai/first")), **catalog.models}

    catalog.after_page = grow
    code, report = outcome(hundred, capsys, "fetch", "--all")
    assert (code, report["new"], len(report["unchanged"])) == (0, ["fal-ai/first"], 100)


def test_who_is_known_to_be_gone_or_elsewhere_makes_nobody_look_again(
    hundred: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    source = hundred.root / "own.json"
    source.write_text(json.dumps(document("fal-ai/m0001")), encoding="utf-8")
    assert fetch(hundred, capsys, "--all").code == 0
    assert run_cli(hundred, capsys, "add", "fal-ai/m0001", "--from", str(source)).code == 0
    catalog.models["fal-ai/m0001"].document = document("fal-ai/m0001", input=obj({"text": STRING}))
    del catalog.models["fal-ai/m0099"]
    report = outcome(hundred, capsys, "fetch", "--all")[1]
    assert report["vanished"] == {"fal-ai/m0099": "2026-09-01"}
    assert "changed" not in report, "what comes from a file is not taken from the list"
    catalog.seen.clear()
    assert fetch(hundred, capsys, "--all").code == 0
    assert len(asked_for(catalog, groups=False)) == 10


def test_a_page_that_says_there_is_more_and_not_where(
    hundred: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.platform_replies = [Reply(200, {"models": [{"endpoint_id": "fal-ai/m0001"}], "has_more": True})]
    done = fetch(hundred, capsys, "--all")
    assert (done.code, "1 new" in done.err, "some endpoints may be missing" in done.err) == (3, True, True)


def test_duplicates_are_told(hundred: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.listed_again = ["fal-ai/m0001", "fal-ai/m0002", "fal-ai/m0099", "fal-ai/m0003", "fal-ai/m0003"]
    done = fetch(hundred, capsys, "--all")
    assert (done.code, "100 new" in done.err) == (0, True)
    assert "lists 4 more than once (fal-ai/m0001, fal-ai/m0002, fal-ai/m0003 …); the first counts\n" in done.err


# --- ids that differ by case -----------------------------------------------------------------------------------------

REAL, WRONG, OTHER = "fal-ai/real", "FAL-AI/real", "Fal-ai/Real"


@pytest.mark.parametrize("more", [[], ["--by-id"]])
@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ({WRONG: REAL, REAL: REAL}, REAL),
        ({REAL: REAL, WRONG: REAL}, REAL),
        ({REAL: WRONG, WRONG: WRONG}, WRONG),
        ({WRONG: WRONG, REAL: WRONG}, WRONG),
        ({WRONG: "fal-ai/x", REAL: "fal-ai/x"}, REAL),
        ({WRONG: WRONG, REAL: REAL, OTHER: OTHER}, REAL),
        ({OTHER: OTHER, WRONG: OTHER}, OTHER),
        ({WRONG: WRONG}, WRONG),
        ({WRONG: REAL}, WRONG),
    ],
)
def test_of_ids_that_differ_by_case_the_real_one_wins(
    documents: dict[str, str], expected: str, more: list[str], project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    for one, called in documents.items():
        catalog.add(one, document(called))
    code, report = outcome(project, capsys, "fetch", "--all", *more)
    assert report["new"] == [expected]
    assert list(lock_of(project)) == [expected]
    said = f"differs only by case from {expected}, and so would its file; `remove {expected}` if this is the one"
    assert report.get("failed", {}) == {one: said for one in documents if one != expected}
    assert code == (4 if len(documents) > 1 else 0)


def test_many_ids_with_capitals(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    """No more documents than a page has wait until all ids are known; the others are asked for again."""
    catalog.have({f"fal-ai/M{number}": document(f"fal-ai/M{number}") for number in range(60)})
    code, report = outcome(project, capsys, "fetch", "--all")
    assert (code, len(report["new"])) == (0, 60)
    assert len(asked_for(catalog, groups=True)) == 1


def test_what_is_here_keeps_its_place(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.add(WRONG, document(WRONG))
    assert fetch(project, capsys, "--all").code == 0
    catalog.add(REAL, document(REAL))
    code, report = outcome(project, capsys, "fetch", "--all")
    assert (code, report["unchanged"], list(report["failed"])) == (4, [WRONG], [REAL])


# --- the catalogue as a setting --------------------------------------------------------------------------------------


def setting(project: Project, text: str) -> None:
    (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\ncatalogue = {text}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"all"', ["bria/b", "fal-ai/a", "fal-ai/c"]),
        ('{ owners = ["bria"] }', ["bria/b"]),
        ('{ categories = ["llm"] }', ["bria/b", "fal-ai/c"]),
        ('{ categories = ["llm"], owners = ["fal-ai"] }', ["fal-ai/c"]),
        ('{ status = "active" }', ["fal-ai/a"]),
    ],
)
def test_fetch_finds_what_the_setting_names(
    text: str, expected: list[str], project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.add("fal-ai/a", document("fal-ai/a"))
    catalog.add("bria/b", document("bria/b"), metadata={"category": "llm", "status": "deprecated"})
    catalog.add("fal-ai/c", document("fal-ai/c"), metadata={"category": "llm"})
    setting(project, text)
    assert outcome(project, capsys) == (0, {"new": expected})
    catalog.seen.clear()
    assert outcome(project, capsys) == (0, {"unchanged": expected})


def test_the_setting_keeps_up_with_what_is_here(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    """What it leaves out by now is refreshed all the same, and what the catalogue has no more is marked."""
    for one in ("fal-ai/a", "fal-ai/b", "bria/c"):
        catalog.add(one, document(one))
    assert run_cli(project, capsys, "add", "fal-ai/a", "fal-ai/b").code == 0
    setting(project, '{ owners = ["bria"] }')
    catalog.models["fal-ai/a"].document = document("fal-ai/a", input=obj({"text": STRING}))
    del catalog.models["fal-ai/b"]
    assert outcome(project, capsys) == (
        0,
        {"new": ["bria/c"], "changed": ["fal-ai/a"], "vanished": {"fal-ai/b": "2026-09-01"}},
    )
    assert run_cli(project, capsys, "regenerate").code == 0
    done = run_cli(project, capsys, "remove", "bria/c")
    assert "`fetch` brings back what the catalogue lists" in done.err
    assert fetch(project, capsys, "fal-ai/a").code == 0, "some, and not the catalogue"


def test_without_the_catalogue_what_is_here_is_fetched(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    setting(project, '"all"')
    catalog.add("fal-ai/a", document("fal-ai/a"))
    catalog.platform_always = faults.HTML
    done = fetch(project, capsys)
    assert (done.code, done.err.startswith("error: the catalogue could not be read: fal answers 200 OK")) == (3, True)
    project.add("fal-ai/a")
    done = fetch(project, capsys)
    assert (done.code, "1 unchanged" in done.err) == (3, True)
    assert "note      the catalogue could not be read to its end: fal answers 200 OK with a body" in done.err
    assert "no answer of the catalogue about 1 endpoints (fal answers 200 OK with a body" in done.err


def test_the_setting_and_a_list_of_before(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    """Under `catalogue`, `endpoints.toml` says what is known of some endpoints, and is no list."""
    for one in ("fal-ai/a", "fal-ai/b"):
        catalog.add(one, document(one))
    path = project.specs / "endpoints.toml"
    path.write_text('["fal-ai/a"]\nstreams = true\n', encoding="utf-8")
    setting(project, '"all"')
    assert fetch(project, capsys).code == 0
    assert path.read_text(encoding="utf-8") == '["fal-ai/a"]\nstreams = true\n'
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, "warning" in done.err) == (0, False)
    assert "def stream(" in project.module("endpoints/a.py")
    assert "def stream(" not in project.module("endpoints/b.py")

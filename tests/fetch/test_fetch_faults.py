"""Fetch when fal misbehaves: one bad endpoint spoils no other, and the exit code says what kind of fault it was."""

from __future__ import annotations

import errno
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
from catalog_server import CatalogServer, faults
from fal_server import Reply
from runtime.http import retry
from support import STRING, Project, document, obj, run_cli
from support.fetching import assert_locked, fetch, files, lock_of, outcome

from generator.fetch import platform, store
from generator.fetch.clock import wait_asked_for
from generator.project import files as file_writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
BAD = "fal-ai/bad"


@pytest.fixture
def three(project: Project, catalog: CatalogServer, capsys: Capture) -> Project:
    """A project of three endpoints, fetched; then the documents of two of them change."""
    for one in ("fal-ai/a", BAD, "fal-ai/c"):
        catalog.add(one, document(one))
    assert run_cli(project, capsys, "add", "fal-ai/a", BAD, "fal-ai/c").code == 0
    for one in ("fal-ai/a", BAD):
        catalog.models[one].document = document(one, input=obj({"text": STRING}))
    catalog.seen.clear()
    return project


def by_id(reply: Reply) -> Callable[[CatalogServer], None]:
    """The platform does not know the endpoint, and by id it is answered so."""

    def arrange(catalog: CatalogServer) -> None:
        catalog.models[BAD].always = reply
        catalog.models[BAD].is_listed = False

    return arrange


def sent(data: Any) -> Callable[[CatalogServer], None]:
    """This stands in the document's place, whoever is asked."""

    def arrange(catalog: CatalogServer) -> None:
        catalog.models[BAD].document = data

    return arrange


no_post = document(BAD)
del no_post["paths"][f"/{BAD}"]["post"]

bad_post = document(BAD)
bad_post["paths"] = {f"/{BAD}?fal_webhook=https://evil.example": bad_post["paths"][f"/{BAD}"]}

# what is arranged, what is said, exit code
FAULTS: dict[str, tuple[Callable[[CatalogServer], None], str, int]] = {
    "expansion failed": (
        sent(faults.EXPANSION_FAILED),
        "fal could not make its document: expansion_failed: OpenAPI schema not available for this endpoint",
        4,
    ),
    "an error that says nothing": (sent({"error": {}}), "fal could not make its document: None: None", 4),
    "null with 200": (sent(None), "there is null in place of a document", 4),
    "a list": (sent([]), "there is something else in place of a document", 4),
    "not OpenAPI": (sent({"swagger": "2.0"}), "this is no OpenAPI 3 document", 4),
    "nothing to call": (
        sent(no_post),
        "the document has no path with a `post` operation: there is nothing to call",
        4,
    ),
    "nothing to call but what is no endpoint": (
        sent(bad_post),
        f"the document says to post to '/{BAD}?fal_webhook=https://evil.example', which is no endpoint's path",
        4,
    ),
    "HTML": (
        by_id(faults.HTML),
        "fal answers 200 OK with a body that is not JSON but text/html; charset=utf-8; tried 5 times",
        3,
    ),
    "a page not found": (
        by_id(faults.NOT_FOUND_PAGE),
        "fal answers 404 Not Found with a body that is not JSON but text/html",
        3,
    ),
    "404 that says something": (by_id(Reply(404, {"detail": "No app"})), "fal answers 404 Not Found: No app", 4),
    "401": (by_id(faults.UNAUTHORIZED), "fal answers 401 Unauthorized: No user found; is FAL_KEY set, and right?", 4),
    "403": (by_id(faults.FORBIDDEN), "fal answers 403 Forbidden: Not yours; may the key in FAL_KEY see it?", 4),
    "500": (by_id(faults.BROKEN), "fal answers 500 Internal Server Error; tried 5 times", 3),
    "cut in mid-body": (
        by_id(faults.CUT),
        "the connection failed: peer closed connection without sending complete message body",
        3,
    ),
    "no answer": (by_id(faults.DROPPED), "the connection failed: Server disconnected without sending a response.", 3),
    "not UTF-8": (by_id(Reply(200, b'"\xff"')), "fal answers 200 OK with a body that is not JSON", 3),
    "not a number": (by_id(Reply(200, b'{"openapi": NaN}')), "fal answers 200 OK with a body that is not JSON", 3),
    "deep nesting": (by_id(Reply(200, b"[" * 200_000)), "fal answers 200 OK with a body that is not JSON", 3),
    "nesting that can be read and not hashed": (
        by_id(Reply(200, b"[" * 600 + b"]" * 600)),
        "fal answers 200 OK with a body that is not JSON",
        3,
    ),
    "too large": (by_id(faults.huge()), "the answer is larger than 30 MB", 4),
    "another host": (
        by_id(faults.redirect("http://example.com/x?secret=1")),
        "it redirects to another host (http://example.com), which is not followed",
        3,
    ),
    "a circle": (by_id(faults.redirect("/openapi?endpoint_id=fal-ai/bad")), "it redirects in a circle", 3),
    "a redirect to nowhere": (by_id(faults.redirect("http://[::1/")), "the connection failed: Invalid", 3),
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", FAULTS)
def test_one_bad_endpoint_spoils_no_other(name: str, three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    arrange, problem, exit_code = FAULTS[name]
    arrange(catalog)
    before, entry = three.path(BAD).read_bytes(), lock_of(three)[BAD]
    code, report = outcome(three, capsys)
    assert report["failed"][BAD].startswith(problem), report["failed"]
    assert {**report, "failed": [*report["failed"]]} == {
        "changed": ["fal-ai/a"],
        "unchanged": ["fal-ai/c"],
        "failed": [BAD],
    }
    assert code == exit_code
    assert (three.path(BAD).read_bytes(), lock_of(three)[BAD]) == (before, entry)
    assert_locked(three)


def test_a_fault_that_passes_is_none(three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.models[BAD].is_listed = False
    catalog.models[BAD].replies = [faults.HTML, faults.CUT, faults.BROKEN, faults.DROPPED]
    assert outcome(three, capsys)[0] == 0
    assert catalog.asked("/openapi") == 5


def test_a_redirect_within_the_host_is_followed(three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.models[BAD].replies = [faults.redirect(f"{catalog.openapi_url}?endpoint_id={BAD}")]
    assert outcome(three, capsys, "fetch", "--by-id")[0] == 0


def test_what_the_platform_cannot_expand_is_asked_for_by_id(
    three: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.platform_replies = [Reply(200, {"models": [{"endpoint_id": BAD, "openapi": faults.EXPANSION_FAILED}]})]
    code, report = outcome(three, capsys)
    assert (code, report) == (0, {"changed": ["fal-ai/a", BAD], "unchanged": ["fal-ai/c"]})
    assert catalog.asked("/openapi") == 3


def test_what_the_catalogue_lists_has_not_vanished(three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.models[BAD].document = faults.EXPANSION_FAILED
    catalog.models[BAD].always = faults.UNKNOWN
    code, report = outcome(three, capsys)
    assert (code, list(report["failed"]), "vanished" in report) == (4, [BAD], False)


@pytest.mark.parametrize(
    "reply",
    [faults.HTML, faults.huge(31), faults.BROKEN, faults.UNAUTHORIZED, Reply(200, []), Reply(200, {"models": {}}),
     Reply(400, {"error": {"type": "validation_error", "message": "limit"}}), faults.redirect("http://example.com/")],
)  # fmt: skip
def test_without_the_platform_each_is_asked_for_by_id(
    reply: Reply, three: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.platform_always = reply
    assert outcome(three, capsys) == (0, {"changed": ["fal-ai/a", BAD], "unchanged": ["fal-ai/c"]})


# --- vanished --------------------------------------------------------------------------------------------------------


def test_what_vanished_is_kept_and_marked(
    three: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, before = catalog.models.pop(BAD), three.path(BAD).read_bytes()
    done = fetch(three, capsys)
    assert done.code == 0
    assert f"vanished  {BAD}: fal has not had it since 2026-09-01; its document is kept" in done.err
    assert three.path(BAD).read_bytes() == before
    assert lock_of(three)[BAD]["vanished"] == "2026-09-01"
    monkeypatch.setattr("generator.fetch.clock.today", lambda: "2026-10-01")
    marked = files(three.specs)
    assert outcome(three, capsys)[1]["vanished"] == {BAD: "2026-09-01"}
    assert files(three.specs) == marked, "that it is still gone is no news"
    catalog.models[BAD] = back
    assert outcome(three, capsys)[1]["changed"] == [BAD]
    assert "vanished" not in lock_of(three)[BAD]


def test_an_endpoint_that_was_never_there(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    before = sorted(project.specs.rglob("*"))
    assert outcome(project, capsys, "add", "fal-ai/nope") == (
        4,
        {"failed": {"fal-ai/nope": "fal has no such endpoint"}},
    )
    assert sorted(project.specs.rglob("*")) == before


def test_a_document_without_a_lock_that_vanished(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    project.add("fal-ai/a")
    assert outcome(project, capsys) == (0, {"vanished": {"fal-ai/a": "2026-09-01"}})
    assert_locked(project)


@pytest.mark.parametrize(
    ("there", "gone", "is_believed"), [(3, 3, True), (4, 3, True), (4, 4, False), (7, 4, False), (8, 4, True)]
)
def test_more_than_three_and_more_than_half_are_not_gone_at_once(
    there: int, gone: int, is_believed: bool, project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    ids = [f"fal-ai/m{number}" for number in range(there)]
    for one in ids:
        catalog.add(one, document(one))
    assert fetch(project, capsys, "--all").code == 0
    for one in ids[:gone]:
        del catalog.models[one]
    code, report = outcome(project, capsys)
    assert (code, list(report.get("vanished", {}))) == ((0, ids[:gone]) if is_believed else (3, []))


def test_that_all_is_gone_at_once_is_not_believed(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    ids = [f"fal-ai/m{number}" for number in range(8)]
    for one in ids:
        catalog.add(one, document(one))
    assert fetch(project, capsys, "--all").code == 0
    before = files(project.specs)
    for one in ids[:5]:
        del catalog.models[one]
    code, report = outcome(project, capsys)
    assert code == 3
    assert report["failed"][ids[0]] == "fal says that 5 of 8 endpoints are gone at once, which is not believed"
    assert files(project.specs) == before
    catalog.add(ids[0], document(ids[0]))
    assert outcome(project, capsys)[1]["vanished"] == dict.fromkeys(ids[1:5], "2026-09-01")


# --- limits ----------------------------------------------------------------------------------------------------------


def test_a_storm_of_429(three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.platform_replies = [faults.limited("0") for _ in range(20)]
    for model in catalog.models.values():
        model.replies = [faults.limited(None) for _ in range(9)]
    assert outcome(three, capsys)[0] == 0
    assert catalog.asked("/v1/models") == 21
    assert outcome(three, capsys, "fetch", "--by-id")[0] == 0
    assert catalog.asked("/openapi") == 30


def test_a_wait_longer_than_the_deadline(three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.platform_always = faults.limited("3600")
    for model in catalog.models.values():
        model.always = faults.limited("3600")
    code, report = outcome(three, capsys)
    assert code == 3
    problem = "fal answers 429 Too Many Requests, and asks to wait 3600 s: longer than there is time for"
    assert report["failed"] == dict.fromkeys(["fal-ai/a", BAD, "fal-ai/c"], problem)


def test_the_deadline(three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.models[BAD].always = Reply(usual=True, drip=0.02)
    code, report = outcome(three, capsys, "fetch", "--by-id", "--deadline", "3")
    assert code == 3
    assert report["failed"] == {BAD: "the time is over (3 s for the whole run)"}
    assert report["changed"] == ["fal-ai/a"]


def test_nobody_there(three: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for name in catalog.environment():
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    before = files(three.specs)
    done = fetch(three, capsys)
    assert done.code == 3
    assert done.err.count("failed    ") == 3
    assert files(three.specs) == before
    done = fetch(three, capsys, "--all")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("error: the catalogue could not be read: the connection failed: ")


def test_after_many_failures_in_a_row_the_rest_is_not_tried(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    for number in range(40):
        catalog.add(f"fal-ai/m{number}", document(f"fal-ai/m{number}"), is_listed=False, always=faults.BROKEN)
    code, report = outcome(project, capsys, "add", *catalog.models)
    assert (code, len(report["failed"])) == (3, 40)
    assert report["failed"]["fal-ai/m9"].startswith(("given up: 10 requests in a row got no answer", "fal answers 500"))
    assert "given up: 10 requests in a row got no answer" in report["failed"].values()
    assert catalog.asked("/openapi") < 40 * 5


@pytest.mark.slow
def test_failures_here_and_there_are_no_reason_to_give_up(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    """Each of ten requests in a row must have failed: an answer between them begins the count anew."""
    for number in range(24):
        one = f"fal-ai/m{number:02}"
        catalog.add(one, document(one), is_listed=False, always=faults.BROKEN if number % 8 else None)
    code, report = outcome(project, capsys, "add", *catalog.models, "--concurrency", "1")
    assert (code, len(report["failed"]), len(report["new"])) == (3, 21, 3)
    assert [problem for problem in report["failed"].values() if "given up" in problem] == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize("reply", [faults.HTML, faults.CUT, Reply(200, b"[" * 600)], ids=["HTML", "cut", "deep"])
def test_one_address_that_fails_takes_not_the_other_with_it(
    reply: Reply, project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    """More than ten groups without an answer: all of them come by their ids."""
    catalog.have({f"fal-ai/m{number}": document(f"fal-ai/m{number}") for number in range(24)})
    catalog.platform_rule = faults.for_groups(reply)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platform, "GROUP", 1)
        done = run_cli(project, capsys, "add", *catalog.models)
    assert (done.code, "24 new" in done.err, catalog.asked("/openapi")) == (0, True, 24)
    assert "note      no answer of the catalogue about " in done.err
    assert "(given up: 10 requests in a row got no answer); each was asked for by its id\n" in done.err


def test_the_rest_of_a_group_that_got_no_answer_is_not_asked_for(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.have({f"fal-ai/m{number}": document(f"fal-ai/m{number}") for number in range(30)})
    too_many = faults.refuses(10)
    catalog.platform_rule = lambda query: too_many(query) or faults.for_groups(faults.HTML)(query)
    done = run_cli(project, capsys, "add", *catalog.models)
    assert (done.code, "30 new" in done.err, catalog.asked("/openapi")) == (0, True, 30)
    assert "note      no answer of the catalogue about 30 endpoints" in done.err


def test_the_other_way_round(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    for number in range(12):
        catalog.add(f"fal-ai/a{number}", document(f"fal-ai/a{number}"), is_listed=False, always=faults.BROKEN)
    for number in range(60):
        catalog.add(f"fal-ai/m{number}", document(f"fal-ai/m{number}"))
    code, report = outcome(project, capsys, "add", *catalog.models, "--concurrency", "1")
    assert (code, len(report["failed"]), len(report["new"])) == (3, 12, 60)
    assert "given up: 10 requests in a row got no answer" in report["failed"].values()


def test_ten_failures_among_a_thousand(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    for number in range(100):
        catalog.add(
            f"fal-ai/m{number:02}",
            document(f"fal-ai/m{number}"),
            is_listed=False,
            always=faults.BROKEN if number % 8 == 0 else None,
        )
    code, report = outcome(project, capsys, "add", *catalog.models)
    assert (code, len(report["failed"]), len(report["new"])) == (3, 13, 87)
    assert set(report["failed"].values()) == {"fal answers 500 Internal Server Error; tried 5 times"}


@pytest.mark.parametrize(
    "replies",
    [
        [Reply(200, {"models": [], "next_cursor": "page-1"})] * 3,
        [Reply(200, {"models": "none"})],
        [faults.UNAUTHORIZED],
    ],
)
def test_a_catalogue_that_cannot_be_read(
    replies: list[Reply], three: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    catalog.platform_replies = list(replies)
    before = files(three.specs)
    done = fetch(three, capsys, "--all")
    assert done.code == (4 if replies[0].status == 401 else 3)
    assert done.err.startswith("error: the catalogue could not be read: ")
    assert files(three.specs) == before


def test_a_catalogue_with_strange_entries(three: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.platform_replies = [Reply(200, {"models": [None, 3, {}, {"endpoint_id": 4}, {"endpoint_id": "fal-ai/a"}]})]
    assert outcome(three, capsys, "fetch", "--all")[0] == 0


# --- the key ---------------------------------------------------------------------------------------------------------


def test_the_key_goes_to_no_other_host(
    three: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CatalogServer() as other:
        by_id(faults.redirect(f"{other.url}/openapi"))(catalog)
        monkeypatch.setenv("FAL_KEY", "key-id:very-secret")
        done = fetch(three, capsys)
        assert done.code == 3
        assert other.seen == []
    assert {seen.headers["authorization"] for seen in catalog.seen} == {"Key key-id:very-secret"}
    assert "very-secret" not in done.err + done.out + json.dumps([text.decode() for text in files(three.root).values()])


@pytest.mark.parametrize("key", ["two\nlines", "a space", "schlüssel"])
def test_a_key_that_is_none(
    key: str, three: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAL_KEY", key)
    done = fetch(three, capsys)
    assert done.code == 2
    assert done.err == "error: FAL_KEY holds a space, a line break or another character that no key has\n"
    assert catalog.seen == []


# --- what an answer asks to wait -------------------------------------------------------------------------------------


def test_a_date_that_no_calendar_has_costs_its_endpoint_alone(
    project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    (project.specs / "endpoints.toml").write_text("", encoding="utf-8")
    for one in ("fal-ai/a", "fal-ai/b", BAD, "fal-ai/c"):
        catalog.add(one, document(one))
    catalog.models[BAD].is_listed = False
    catalog.models[BAD].always = Reply(503, {}, {"retry-after": "Fri, 31 Dec 9999 23:59:59 -2359"})
    code, report = outcome(project, capsys, "add", "fal-ai/a", "fal-ai/b", BAD, "fal-ai/c")
    assert code == 3
    assert report["new"] == ["fal-ai/a", "fal-ai/b", "fal-ai/c"]
    assert report["failed"][BAD].startswith("fal answers 503 Service Unavailable, and asks to wait 2.5")
    assert report["failed"][BAD].endswith("e+11 s: longer than there is time for")
    assert_locked(project)


WHOLE = "Wed, 21 Oct 2026 07:28:00 GMT"
ODD_WAITS = [
    *(
        "",
        " ",
        "0",
        " 7 ",
        "-1",
        "+5",
        "1.5",
        "1e9",
        "inf",
        "nan",
        "9" * 5000,
        "\u0663",
        "\u00b2",
        "0x10",
        "7 s",
        "7, 9",
    ),
    *(WHOLE, WHOLE.lower(), f" {WHOLE}", WHOLE.replace("2026", "2999"), WHOLE.replace("GMT", "+0200"), WHOLE[:-4]),
    *(WHOLE.replace("2026", "0000"), WHOLE.replace("2026", "99999"), WHOLE.replace("21", "31").replace("Oct", "Feb")),
    *("Fri, 31 Dec 9999 23:59:59 -2359", "Sat, 01 Jan 0001 00:00:00 +2359", WHOLE.replace("07:28", "25:61")),
    *(WHOLE.replace("GMT", "+99999999999999"), "Wednesday, 21-Oct-26 07:28:00 GMT", "Wed Oct 21 07:28:00 2026"),
    *("Wed,", ",", "Jan", "Oct 99999999999 24:60:60   70 1 Dec Dec", "(comment)", "2026-10-21T07:28:00Z", "tomorrow"),
]


@pytest.mark.parametrize("text", ODD_WAITS)
def test_client_and_fetch_read_a_wait_alike(text: str) -> None:
    """They are two packages and cannot share the code; None means that the header says nothing."""
    headers: Any = {"retry-after": text}
    client, fetching = retry.retry_after(headers), wait_asked_for(headers)
    assert fetching == (None if client is None else pytest.approx(client, abs=60))


# --- a full disk -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [0, 1, 2])
def test_a_full_disk_leaves_what_was_there(
    whole: int, three: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many files it still has room for: each is as it was or as it shall be, and the next run completes."""
    before, written, write_file = files(three.specs), list[str](), store.write_new

    def fail(path: Path, data: bytes, **options: bool) -> None:
        if len(written) == whole:
            path.touch()  # as far as a full disk lets it come
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        written.append(path.name)
        write_file(path, data, **options)

    with monkeypatch.context() as patch:
        for module in (store, file_writing):
            patch.setattr(module, "write_new", fail)
        done = fetch(three, capsys)
    assert done.code == 2
    assert "No space left on device; make room there, and run again" in done.err
    assert_locked(three)
    if whole < 2:
        assert files(three.specs) == before
    assert fetch(three, capsys).code == 0
    assert not (three.specs / store.STAGING).exists()

"""What a fetch prints: how far it is, what failed, and how to go on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from catalog_server import CatalogServer, faults
from fal_server import Reply
from rich.console import Console
from support import Project, document, run_cli
from support.fetching import fetch

from generator.cli.fetch_report import show
from generator.fetch import Failed, FetchReport

if TYPE_CHECKING:
    from collections.abc import Iterable

Capture = pytest.CaptureFixture[str]


def lines(done: str, first: str) -> list[str]:
    return [line for line in done.splitlines() if line.startswith(first)]


# --- how far it is ---------------------------------------------------------------------------------------------------


def test_a_log_shows_how_far_the_list_is(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.have({f"fal-ai/m{number}": document(f"fal-ai/m{number}") for number in range(24)})
    catalog.largest_page = 2
    done = fetch(project, capsys, "--all")
    assert lines(done.err, "read ") == [f"read {count} endpoints of the catalogue" for count in (2, 12, 22)]
    assert lines(done.err, "fetched") == ["fetched 24 of 24"]


def test_a_bar_shows_how_far_the_list_is(
    project: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.add("fal-ai/a", document("fal-ai/a"))
    screen = io.StringIO()
    monkeypatch.setattr("generator.cli.fetching.err", Console(file=screen, force_terminal=True, width=100))
    assert fetch(project, capsys, "--all").code == 0
    assert "1/1" in screen.getvalue()
    assert "read 1" not in screen.getvalue()


def test_what_failed_was_not_fetched(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    done = run_cli(project, capsys, "add", "fal-ai/nope")
    assert lines(done.err, "fetched") == ["fetched 0 of 1, 1 could not be"]
    catalog.add("fal-ai/a", document("fal-ai/a"))
    done = run_cli(project, capsys, "add", "fal-ai/a", "fal-ai/nope")
    assert lines(done.err, "fetched")[-1] == "fetched 1 of 2, 1 could not be"
    catalog.add("fal-ai/b", faults.EXPANSION_FAILED)
    done = fetch(project, capsys, "--all")
    assert lines(done.err, "fetched")[-1] == "fetched 1 of 2, 1 could not be"


# --- what failed -----------------------------------------------------------------------------------------------------


def shown(capsys: Capture, failed: dict[str, Failed]) -> list[str]:
    """The lines about what failed."""
    show(FetchReport(failed=failed), "specs")
    return [line.removeprefix("failed    ") for line in lines(capsys.readouterr().err, "failed")]


def failures(names: Iterable[str], problem: str, **kind: bool) -> dict[str, Failed]:
    return {one: Failed(problem=problem.format(one), **{"is_network": False, **kind}) for one in names}


def test_first_what_is_to_be_acted_on(capsys: Capture) -> None:
    failed = {
        **failures(["fal-ai/a"], "fal answers 500", is_network=True),
        **failures(["fal-ai/b"], "fal could not make its document", is_fals=True),
        **failures(["fal-ai/y"], "fal answers 401 Unauthorized"),
        **failures(["fal-ai/z"], "fal has no such endpoint"),
    }
    assert [line[:8] for line in shown(capsys, failed)] == ["fal-ai/y", "fal-ai/z", "fal-ai/b", "fal-ai/a"]


def test_no_more_lines_than_somebody_reads(capsys: Capture) -> None:
    names = [f"fal-ai/m{number:02}" for number in range(30)]
    told = shown(capsys, failures(names, "{}.json: No such file"))
    assert (len(told), told[19], told[20]) == (21, "fal-ai/m19: fal-ai/m19.json: No such file", "… and 10 more")


def test_what_many_share_is_one_line(capsys: Capture) -> None:
    names = [f"fal-ai/m{number:04}" for number in range(1055)]
    failed = {
        **failures(names, "given up: 10 requests in a row got no answer", is_network=True),
        **failures(["fal-ai/x"], "fal answers 403 Forbidden"),
    }
    assert shown(capsys, failed) == [
        "fal-ai/x: fal answers 403 Forbidden",
        "1055 endpoints: given up: 10 requests in a row got no answer: " + ", ".join(names[:5]) + " and 1050 more",
    ]
    reasons = [failures(names[at * 11 : at * 11 + 11], f"reason {at}") for at in range(22)]
    told = shown(capsys, {one: failure for group in reasons for one, failure in group.items()})
    assert (len(told), told[-1]) == (21, "… and 22 more")
    assert len(shown(capsys, failures(names[:11], "down", is_network=True))) == 1
    assert len(shown(capsys, failures(names[:10], "down", is_network=True))) == 10


def test_kinds_of_failures_of_a_real_run(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    names = ["fal-ai/a", "fal-ai/b", "fal-ai/c", "me/own"]
    source = project.root / "own.json"
    catalog.add("fal-ai/a", document("fal-ai/a"), is_listed=False, always=faults.BROKEN)
    catalog.add("fal-ai/b", faults.EXPANSION_FAILED)
    catalog.add("fal-ai/c", document("fal-ai/c"), is_listed=False, always=Reply(401, {"detail": "No user found"}))
    source.write_text("{}", encoding="utf-8")
    assert run_cli(project, capsys, "add", "me/own", "--from", str(source)).code == 4
    done = run_cli(project, capsys, "add", *names[:3], "fal-ai/d")
    told = [line.split()[1] for line in lines(done.err, "failed")]
    assert (done.code, told) == (3, ["fal-ai/c:", "fal-ai/d:", "fal-ai/b:", "fal-ai/a:"])

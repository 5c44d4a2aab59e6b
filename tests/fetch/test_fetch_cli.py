"""`fetch`, `add` and `remove` on the command line: the list of endpoints, local documents, wrong usage."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from support import INTEGER, Project, document, obj, pretty, run_cli
from support.fetching import assert_locked, fetch, files, lock_of, outcome

if TYPE_CHECKING:
    from catalog_server import CatalogServer

Capture = pytest.CaptureFixture[str]
LISTED = '# Ours.\nendpoints = [\n    "fal-ai/a",  # the first\n]  # all\nlayout = "package"'


@pytest.fixture
def listed(project: Project, catalog: CatalogServer) -> Project:
    """A project that lists its endpoints in the settings, and has fetched nothing."""
    (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{LISTED}\n", encoding="utf-8")
    project.specs.rmdir()
    for one in ("fal-ai/a", "fal-ai/b"):
        catalog.add(one, document(one), metadata={"stream_url": "x"} if one == "fal-ai/b" else {})
    return project


def test_endpoints_in_the_settings(listed: Project, catalog: CatalogServer, capsys: Capture) -> None:
    pyproject = listed.root / "pyproject.toml"
    assert outcome(listed, capsys, "add", "fal-ai/a") == (0, {"new": ["fal-ai/a"]})
    assert run_cli(listed, capsys, "add", "fal-ai/b").code == 0
    assert pyproject.read_text(encoding="utf-8") == (
        '[tool.fal-typed]\n# Ours.\nendpoints = [\n    "fal-ai/a",  # the first\n    "fal-ai/b",\n]  # all\n'
        'layout = "package"\n'
    )
    rows = json.loads(run_cli(listed, capsys, "list", "--json").out)["endpoints"]
    assert [(row["id"], row["streams"]) for row in rows] == [("fal-ai/a", False), ("fal-ai/b", True)]
    assert run_cli(listed, capsys, "remove", "fal-ai/b").code == 0
    assert pyproject.read_text(encoding="utf-8") == f"[tool.fal-typed]\n{LISTED}\n"
    assert list(lock_of(listed)) == ["fal-ai/a"]
    assert run_cli(listed, capsys, "list").code == 0


def test_line_ends_stay_as_they_are(listed: Project, capsys: Capture) -> None:
    pyproject = listed.root / "pyproject.toml"
    pyproject.write_bytes(pyproject.read_bytes().replace(b"\n", b"\r\n"))
    assert run_cli(listed, capsys, "add", "fal-ai/b").code == 0
    text = pyproject.read_bytes()
    assert b'"fal-ai/b"' in text
    assert text.count(b"\r\n") >= text.count(b"\n") - 1  # tomlkit ends the new line in its own way


def test_what_is_listed_and_not_fetched(listed: Project, capsys: Capture) -> None:
    listed.specs.mkdir()
    done = run_cli(listed, capsys, "regenerate")
    assert done.code == 4
    assert done.err.startswith(
        "pyproject.toml: error: fal-ai/a is listed, but specs/fal-ai/a.json does not exist; run `fetch` [no-document]\n"
    )
    assert fetch(listed, capsys).code == 0
    assert run_cli(listed, capsys, "regenerate").code == 0
    listed.add("fal-ai/x")
    assert 'list "fal-ai/x" in the endpoints of pyproject.toml, or remove' in run_cli(listed, capsys, "regenerate").err


@pytest.mark.parametrize(
    ("endpoints", "message"),
    [
        ('"fal-ai/a"', "endpoints must be a list of endpoint ids, not 'fal-ai/a'"),
        ('["flux"]', "endpoints: 'flux' is not an endpoint id (owner/name…)"),
        ("[3]", "endpoints: 3 is not an endpoint id (owner/name…)"),
    ],
)
def test_endpoints_that_are_none(endpoints: str, message: str, listed: Project, capsys: Capture) -> None:
    (listed.root / "pyproject.toml").write_text(f"[tool.fal-typed]\nendpoints = {endpoints}\n", encoding="utf-8")
    done = fetch(listed, capsys)
    assert (done.code, done.err) == (2, f"error: <project>/pyproject.toml: [tool.fal-typed] {message}\n")


def test_a_table_about_an_endpoint_that_is_not_listed(listed: Project, capsys: Capture) -> None:
    listed.specs.mkdir()
    (listed.specs / "endpoints.toml").write_text('["fal-ai/z"]\n', encoding="utf-8")
    done = fetch(listed, capsys)
    assert done.code == 2
    assert done.err.startswith("error: specs/endpoints.toml: 'fal-ai/z' is not among the endpoints of pyproject.toml")


# --- documents from files --------------------------------------------------------------------------------------------


def test_a_document_from_a_file(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    source = project.root / "apps" / "mine.json"
    source.parent.mkdir()
    source.write_text(json.dumps(document("me/my-app")), encoding="utf-8")
    assert run_cli(project, capsys, "add", "me/my-app", "--from", str(source)).code == 0
    assert lock_of(project)["me/my-app"]["url"] == "file:apps/mine.json"
    assert project.path("me/my-app").read_text(encoding="utf-8").startswith('{\n  "')
    source.write_text(pretty(document("me/my-app", input=obj({"n": INTEGER}))), encoding="utf-8")
    assert outcome(project, capsys) == (0, {"changed": ["me/my-app"]})
    source.unlink()
    before = files(project.specs)
    code, report = outcome(project, capsys)
    assert (code, report["failed"]) == (4, {"me/my-app": "apps/mine.json: No such file or directory"})
    assert files(project.specs) == before
    assert catalog.seen == []
    catalog.add("me/my-app", document("me/my-app", input=obj({"n": INTEGER})))
    assert outcome(project, capsys, "add", "me/my-app") == (0, {"unchanged": ["me/my-app"]})
    assert lock_of(project)["me/my-app"]["url"].startswith(catalog.platform_url)


@pytest.mark.parametrize("path", ["\x1b]0;title\x07", "\x9b31m", "a\nfailed    b", "[/]", ":bomb:", "\u202ex"])
def test_a_path_does_not_steer_the_terminal(path: str, project: Project, capsys: Capture) -> None:
    data = document("me/my-app")
    data["paths"] = {key.replace("/me/my-app", f"/me/{path}"): item for key, item in data["paths"].items()}
    (project.root / "mine.json").write_text(json.dumps(data), encoding="utf-8")
    done = run_cli(project, capsys, "add", "me/my-app", "--from", str(project.root / "mine.json"))
    assert (done.code, len(done.err.splitlines())) == (4, 2)
    assert done.err.replace("\n", "").isprintable()
    assert "which is no endpoint's path\n" in done.err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{\n\n", "mine.json:3: not JSON: "),
        ("{}", "mine.json: this is no OpenAPI 3 document"),
        ('"\xff"', "mine.json: not UTF-8 text"),
        ("[" * 600 + "]" * 600, "mine.json:1: brackets are nested more than 100 deep"),
    ],
)
def test_a_file_that_is_no_document(text: str, problem: str, project: Project, capsys: Capture) -> None:
    source = project.root / "mine.json"
    source.write_bytes(text.encode("latin-1"))
    done = run_cli(project, capsys, "add", "me/my-app", "--from", str(source))
    assert done.code == 4
    assert done.err.startswith(f"failed    me/my-app: {problem}")
    assert not (project.specs / "me").exists()


# --- usage -----------------------------------------------------------------------------------------------------------

USAGE: dict[str, tuple[list[str], str]] = {
    "all and ids": (["fetch", "fal-ai/a", "--all"], "--all is the whole catalogue; leave out the ids, or --all"),
    "a filter without all": (["fetch", "--owner", "bria"], "choose from the catalogue; say --all with them"),
    "a status": (["fetch", "--all", "--status", "new"], "--status must be active or deprecated, not 'new'"),
    "an unknown id": (["fetch", "fal-ai/z"], "fal-ai/z is no endpoint of this project; `add fal-ai/z` makes it one"),
    "no id": (["fetch", "flux"], "'flux' is not an endpoint id (owner/name…)"),
    "no such file": (["add", "me/x", "--from", "nope.json"], "'nope.json' does not exist"),
    "add: no id": (["add", "flux"], "'flux' is not an endpoint id (owner/name…)"),
    "add: an id that climbs": (["add", "fal-ai/../../x"], "'fal-ai/../../x' is not an endpoint id (owner/name…)"),
    "remove: unknown": (["remove", "fal-ai/a", "fal-ai/z"], "fal-ai/z is no endpoint of this project; `list` shows"),
    "remove: an id that climbs": (["remove", "../../x/y"], "'../../x/y' is not an endpoint id (owner/name…)"),
    "two from one file": (
        ["add", "a/b", "c/d", "--from", __file__],
        "--from is the document of one endpoint; name one id",
    ),
    "no address": (["fetch", "--platform-url", "fal.ai"], "'fal.ai' is not an address of the form https://host/path"),
    "not encrypted": (["fetch", "--openapi-url", "http://fal.ai/x"], "is not encrypted; http is for this machine only"),
    "a password": (["fetch", "--openapi-url", "https://u:p@fal.ai/x"], "an address must not hold a name or a password"),
    "no concurrency": (["fetch", "--concurrency", "0"], "'--concurrency'"),
    "no deadline": (["fetch", "--deadline", "never"], "'--deadline'"),
    "add: nothing": (["add"], ""),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage_changes_nothing(name: str, project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    project.add("fal-ai/a")
    before = files(project.specs)
    arguments, message = USAGE[name]
    done = run_cli(project, capsys, *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert "u:p" not in done.err
    assert files(project.specs) == before
    assert catalog.seen == []


@pytest.mark.parametrize("command", ["fetch", "add", "remove"])
def test_help(command: str, project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, command, "--help")
    assert done.code == 0
    assert "Usage: " in done.out


def test_a_progress_bar_on_a_terminal(
    project: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.add("fal-ai/a", document("fal-ai/a"))
    screen = io.StringIO()
    monkeypatch.setattr("generator.cli.fetching.err", Console(file=screen, force_terminal=True, width=100))
    assert run_cli(project, capsys, "add", "fal-ai/a").code == 0
    assert "1/1" in screen.getvalue()
    assert "fetched" not in screen.getvalue()


def test_a_file_in_the_way(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    (project.specs / "fal-ai").write_text("mine", encoding="utf-8")
    project.path("owner/x").mkdir(parents=True)
    for one in ("fal-ai/a", "owner/x", "owner/y"):
        catalog.add(one, document(one))
    code, report = outcome(project, capsys, "add", *catalog.models)
    assert (code, report["new"]) == (4, ["owner/y"])
    assert report["failed"] == {"fal-ai/a": "its folder is a file: fal-ai", "owner/x": "its place is a folder: x.json"}
    assert_locked(project)

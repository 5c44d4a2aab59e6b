"""That an endpoint streams is noted in every kind of project, when it begins to; and nobody unnotes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from fal_server import Reply
from support import Project, document, run_cli
from support.fetching import fetch, lock_of, outcome

if TYPE_CHECKING:
    from catalog_server import CatalogServer

Capture = pytest.CaptureFixture[str]
STREAMS, SILENT = {"stream_url": "https://fal.run/fal-ai/a/stream"}, {"category": "llm"}
NO_LIST = (
    "# Every document is an endpoint of this project; the tables say what is known of some.\nevery_document = true\n"
)


@pytest.fixture(params=["no list", "tables", "settings", "catalogue"])
def any_project(request: pytest.FixtureRequest, project: Project, catalog: CatalogServer) -> Project:
    """A project that says in one of the ways which endpoints it covers; two are in the catalogue, and one streams."""
    lines = {"settings": "endpoints = []\n", "catalogue": 'catalogue = "all"\n'}.get(request.param, "")
    (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{lines}", encoding="utf-8")
    if request.param == "tables":
        (project.specs / "endpoints.toml").write_text("", encoding="utf-8")
    catalog.add("fal-ai/a", document("fal-ai/a"), metadata=STREAMS)
    catalog.add("fal-ai/b", document("fal-ai/b"), metadata=SILENT)
    return project


def streaming(project: Project, capsys: Capture) -> list[str]:
    """The endpoints that have `stream`, of the two that the project has."""
    done = run_cli(project, capsys, "list", "--json")
    rows = {row["id"]: row["streams"] for row in json.loads(done.out)["endpoints"]}
    assert (rows.keys(), done.err) == ({"fal-ai/a", "fal-ai/b"}, "")
    return [one for one, streams in rows.items() if streams]


@pytest.mark.parametrize("way", [["fetch", "--all"], ["fetch", "--all", "--by-id"], ["add", "fal-ai/a", "fal-ai/b"]])
def test_it_is_noted_in_every_project(
    way: list[str], any_project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    code, report = outcome(any_project, capsys, *way)
    assert (code, report) == (0, {"new": ["fal-ai/a", "fal-ai/b"], "streams": ["fal-ai/a"]})
    assert streaming(any_project, capsys) == ["fal-ai/a"]
    text = (any_project.specs / "endpoints.toml").read_text(encoding="utf-8")
    assert f'stream_source = "{catalog.platform_url}/models?endpoint_id=fal-ai/a&expand=openapi-3.0"' in text
    code, report = outcome(any_project, capsys)
    assert (code, report) == (0, {"unchanged": ["fal-ai/a", "fal-ai/b"]}), "once is enough"


def test_a_note_is_no_list(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    """Where every document is an endpoint, it stays so."""
    project.add("fal-ai/b")
    catalog.add("fal-ai/b", document("fal-ai/b"))
    catalog.add("fal-ai/a", document("fal-ai/a"), metadata=STREAMS)
    assert run_cli(project, capsys, "add", "fal-ai/a").code == 0
    path = project.specs / "endpoints.toml"
    source = f"{catalog.platform_url}/models?endpoint_id=fal-ai/a&expand=openapi-3.0"
    assert path.read_text(encoding="utf-8") == (
        f'{NO_LIST}\n["fal-ai/a"]\nstreams = true\nstream_source = "{source}"\n'
    )
    assert streaming(project, capsys) == ["fal-ai/a"]
    project.add("fal-ai/c")
    assert run_cli(project, capsys, "regenerate").err.count("[") == 0
    assert run_cli(project, capsys, "remove", "fal-ai/a").code == 0
    assert path.read_text(encoding="utf-8").strip() == NO_LIST.strip()
    assert [row["id"] for row in json.loads(run_cli(project, capsys, "list", "--json").out)["endpoints"]] == [
        "fal-ai/b",
        "fal-ai/c",
    ]


def test_a_table_without_a_document(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/b")
    (project.specs / "endpoints.toml").write_text(f'{NO_LIST}["fal-ai/z"]\nstreams = true\n', encoding="utf-8")
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 4
    assert "fal-ai/z is listed, but specs/fal-ai/z.json does not exist; run `fetch`" in done.err


def test_no_list_beside_a_list(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/b")
    (project.root / "pyproject.toml").write_text('[tool.fal-typed]\nendpoints = ["fal-ai/b"]\n', encoding="utf-8")
    (project.specs / "endpoints.toml").write_text(NO_LIST, encoding="utf-8")
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 2
    assert done.err == (
        "error: specs/endpoints.toml: every_document contradicts the list of endpoints in pyproject.toml; take one of "
        "the two out\n"
    )


def test_an_endpoint_begins_to_stream(any_project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.models["fal-ai/a"].metadata = SILENT
    assert outcome(any_project, capsys, "fetch", "--all")[1] == {"new": ["fal-ai/a", "fal-ai/b"]}
    assert streaming(any_project, capsys) == []
    catalog.models["fal-ai/a"].metadata = STREAMS
    done = fetch(any_project, capsys)
    assert (done.code, "streams   fal-ai/a: noted in specs/endpoints.toml\n" in done.err) == (0, True)
    assert streaming(any_project, capsys) == ["fal-ai/a"]


def test_an_endpoint_stops_to_stream(any_project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    """It is told each time until somebody decides; whoever calls `stream` loses it in no night."""
    assert fetch(any_project, capsys, "--all").code == 0
    catalog.models["fal-ai/a"].metadata = SILENT
    for _ in range(2):
        done = fetch(any_project, capsys)
        assert done.code == 0
        assert (
            "streams?  fal-ai/a: the catalogue does not say so any more; if it is so, write streams = false in "
            "specs/endpoints.toml\n" in done.err
        )
        assert streaming(any_project, capsys) == ["fal-ai/a"]
    assert outcome(any_project, capsys)[1]["ended_streams"] == ["fal-ai/a"]
    path = any_project.specs / "endpoints.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("streams = true", "streams = false"), encoding="utf-8")
    assert outcome(any_project, capsys) == (0, {"unchanged": ["fal-ai/a", "fal-ai/b"]})
    catalog.models["fal-ai/a"].metadata = STREAMS
    assert outcome(any_project, capsys) == (0, {"unchanged": ["fal-ai/a", "fal-ai/b"]}), "what is decided stays"
    assert streaming(any_project, capsys) == []


@pytest.mark.parametrize("metadata", [None, {}])
def test_silence_is_no_end(
    metadata: dict[str, str] | None, any_project: Project, catalog: CatalogServer, capsys: Capture
) -> None:
    assert fetch(any_project, capsys, "--all").code == 0
    catalog.models["fal-ai/a"].metadata = metadata
    assert outcome(any_project, capsys) == (0, {"unchanged": ["fal-ai/a", "fal-ai/b"]})
    assert "ended_streams" not in outcome(any_project, capsys, "fetch", "--by-id")[1]
    assert streaming(any_project, capsys) == ["fal-ai/a"]


def test_what_a_person_noted_is_not_asked_about(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    page = 'streams = true\nstream_source = "https://fal.ai/models/fal-ai/a/api (section Streaming)"\n'
    (project.specs / "endpoints.toml").write_text(f'["fal-ai/a"]\n{page}', encoding="utf-8")
    catalog.add("fal-ai/a", document("fal-ai/a"), metadata=SILENT)
    assert outcome(project, capsys) == (0, {"new": ["fal-ai/a"]})
    assert list(lock_of(project)) == ["fal-ai/a"]


def test_what_stands_in_the_table_stays(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    path = project.specs / "endpoints.toml"
    path.write_text('["fal-ai/a"]\nstream_source = "mine"\n', encoding="utf-8")
    catalog.add("fal-ai/a", document("fal-ai/a"), metadata=STREAMS)
    assert outcome(project, capsys) == (0, {"new": ["fal-ai/a"], "streams": ["fal-ai/a"]})
    assert path.read_text(encoding="utf-8") == '["fal-ai/a"]\nstream_source = "mine"\nstreams = true\n'


def test_a_document_that_came_by_its_id_streams_too(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    """The catalogue knows that it streams, although it could not make its document."""
    model = catalog.add("fal-ai/a", {"error": {}}, metadata=STREAMS)
    model.always = Reply(200, document("fal-ai/a"))
    assert outcome(project, capsys, "fetch", "--all") == (0, {"new": ["fal-ai/a"], "streams": ["fal-ai/a"]})

"""A wrong setting: exit code 2, one line, and nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import Project, run_cli

from generator.project.settings import RuntimePart, SettingsError, SiteSettings, load_settings

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

Capture = pytest.CaptureFixture[str]

# --- settings --------------------------------------------------------------------------------------------------------

SETTINGS = {
    "unknown key": "outputs = 'x'",
    "wrong type": "package = 3",
    "empty": "output = ''",
    "bad package": "package = 'fal-typed'",
    "keyword as package": "package = 'class'",
    "bad layout": "layout = 'flat'",
    "missing specs": "specs = 'nowhere'",
    "not TOML": "package = ",
    "output over the project itself": "output = '.'",
    "output in specs": "output = 'specs/out'",
    "output is specs": "output = 'specs'",
    "published is no table": "published = 'here'",
    "unknown key of published": "published.clients = 'here'",
    "an install of two": "published.client = 'a b'",
    "an install that is a command": "published.generator = 'a;b'",
    "a repository without a scheme": "published.repository = 'example.com/a'",
    "a repository with a slash": "published.repository = 'https://example.com/a/'",
    "a repository of git": "published.repository = 'https://example.com/a.git'",
    "an install with a version": "published.client = 'a==1'",
    "an install that is an option": "published.client = '-r'",
    "authors that are one": "published.authors = 'Ada'",
    "an author without a name": "published.authors = ['<ada@example.com>']",
    "a site that is none": "site = true",
    "an unknown key of the site": "site.name = 'x'",
    "a title of two lines": 'site.title = "a\\nb"',
    "a title that is a number": "site.title = 1",
    "a site without encryption": "site.url = 'http://example.com/'",
    "a site with a query": "site.url = 'https://example.com/?a=b'",
    "a site below a user": "site.url = 'https://ada@example.com/'",
    "thumbnails that are a word": "site.thumbnails = 'yes'",
    "a comparison that is none": "site.comparison = ''",
    "a catalogue that is none": "catalogue = 'some'",
    "a catalogue that is empty": "catalogue = {}",
    "a catalogue by what it has not": "catalogue = { category = ['llm'] }",
    "a catalogue of an unknown status": "catalogue = { status = 'new' }",
    "a catalogue of one owner": "catalogue = { owners = 'bria' }",
    "a catalogue of no category": "catalogue = { categories = [] }",
    "an unknown part": "layout = 'package'\nparts = ['testing', 'mocks']",
    "parts that are one": "layout = 'package'\nparts = 'testing'",
    "parts of a project": "parts = ['testing']",
    "a catalogue and a list": "catalogue = 'all'\nendpoints = ['fal-ai/a']",
}
ENDPOINTS = {
    "not TOML": "[",
    "no table": '"fal-ai/a" = 1',
    "no id": '["flux"]',
    "an id that climbs": '["fal-ai/../../x"]',
    "an empty segment": '["fal-ai//x"]',
    "a word for all that is none": "every_document = 'yes'",
    "an unknown key": '["fal-ai/a"]\nstream = true',
    "a wrong type": '["fal-ai/a"]\nstreams = "yes"',
    "an id that is code": '["fal-ai/a\\nimport os"]',
    "an id with quotes": '[\'fal-ai/a"""b\']',
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_error(name: str, project: Project, capsys: Capture, snapshot: SnapshotAssertion) -> None:
    project.add("fal-ai/a")
    (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{SETTINGS[name]}\n", encoding="utf-8")
    assert_refused(project, capsys, snapshot)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_endpoints_toml_error(name: str, project: Project, capsys: Capture, snapshot: SnapshotAssertion) -> None:
    project.add("fal-ai/a")
    (project.specs / "endpoints.toml").write_text(ENDPOINTS[name] + "\n", encoding="utf-8")
    assert_refused(project, capsys, snapshot)


def test_a_table_that_is_none(project: Project, capsys: Capture, snapshot: SnapshotAssertion) -> None:
    (project.root / "pyproject.toml").write_text("[tool]\nfal-typed = 3\n", encoding="utf-8")
    assert_refused(project, capsys, snapshot)


def test_a_missing_project(project: Project, capsys: Capture, snapshot: SnapshotAssertion) -> None:
    (project.root / "pyproject.toml").unlink()
    assert_refused(project, capsys, snapshot)


def assert_refused(project: Project, capsys: Capture, snapshot: SnapshotAssertion) -> None:
    before = sorted(project.root.rglob("*"))
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert done.err == snapshot
    assert run_cli(project, capsys, "list").code == 2
    assert sorted(project.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("layout = 'project'", set(RuntimePart)),
        ("layout = 'package'", set[RuntimePart]()),
        ("layout = 'package'\nparts = []", set[RuntimePart]()),
        ("layout = 'package'\nparts = ['testing']", {RuntimePart("testing")}),
    ],
)
def test_which_parts_there_are(text: str, parts: set[RuntimePart], project: Project) -> None:
    (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{text}\noutput = 'out'\n", encoding="utf-8")
    assert load_settings(project.root).parts == parts


def test_a_document_may_have_a_gibibyte_and_no_more(project: Project) -> None:
    for size in (1024, 1025):
        (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\nmax_document_mib = {size}\n", encoding="utf-8")
        if size == 1024:
            assert load_settings(project.root).max_document_mib == size
        else:
            with pytest.raises(SettingsError, match="from 1 to 1024, not 1025"):
                load_settings(project.root)


def test_what_the_site_is_told(project: Project) -> None:
    text = "site = { title = ' Ours ', url = 'https://example.com/docs', thumbnails = true, comparison = 'a/b.json' }"
    (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{text}\n", encoding="utf-8")
    assert load_settings(project.root).site == SiteSettings(
        title="Ours", url="https://example.com/docs/", thumbnails=True, comparison=project.root / "a/b.json"
    )


def test_who_writes_finds_out_that_the_settings_are_others_now(project: Project) -> None:
    settings = load_settings(project.root)
    settings.refuse_stale()
    (project.root / "pyproject.toml").write_text("[tool.fal-typed]\npackage = 'other'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="changed meanwhile; run the same command again"):
        settings.refuse_stale()


def test_of_several_unknown_keys_the_first_is_told(project: Project, capsys: Capture) -> None:
    keys = [f"published.k{letter} = 'x'" for letter in "qfzbmxacwd"]
    (project.root / "pyproject.toml").write_text("\n".join(["[tool.fal-typed]", *keys]), encoding="utf-8")
    assert "has no setting 'kq'; known settings: client" in run_cli(project, capsys, "regenerate").err


def test_a_project_without_a_table_gets_the_defaults(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a")
    (project.root / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert run_cli(project, capsys, "regenerate").code == 0
    assert "fal_typed/endpoints/a.py" in project.tree()
    site = load_settings(project.root).site
    assert (site.title, site.url, site.thumbnails, site.comparison) == ("", "", False, None)

"""`python -m generator diff`: where the two sides come from, the three forms, and wrong usage."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, Project, document, obj, run_cli

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]


def git(project: Project, *arguments: str) -> str:
    """Git in the project, with nothing of this machine's settings."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    environment = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "PATH": "/usr/bin:/bin"}
    command = ["git", "-C", str(project.root), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def asking(**properties: Any) -> dict[str, Any]:
    """The part of a document that is its input."""
    return {"input": obj({"prompt": STRING, **properties}, required=["prompt"])}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in a repository, with one endpoint that changed since, and a new one."""
    made = Project(tmp_path / "project")
    made.add("fal-ai/a", **asking())
    made.add("fal-ai/same")
    git(made, "init", "--quiet")
    git(made, "add", ".")
    git(made, "commit", "--quiet", "-m", "first")
    made.add("fal-ai/a", **asking(seed=INTEGER))
    made.add("fal-ai/b")
    return made


TEXT = """\
New and changed
  fal-ai/b: New endpoint, reached by `fal.b`.
  fal-ai/a: New optional input `seed` (`int`).

package: minor (1 endpoint unchanged)
"""
LINK = "[`fal-ai/a`](https://fal.ai/models/fal-ai/a)"
MARKDOWN = """\
**minor** for the package. Of 3 endpoints: 2 new or changed, 1 unchanged.

### New and changed

- [`fal-ai/b`](https://fal.ai/models/fal-ai/b): New endpoint, reached by `fal.b`.
- [`fal-ai/a`](https://fal.ai/models/fal-ai/a): New optional input `seed` (`int`).
"""


@pytest.mark.parametrize("arguments", [[], ["HEAD"], ["main"]])
def test_the_work_tree_with_a_revision(arguments: list[str], project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, "diff", *arguments)
    assert (done.code, done.out, done.err) == (0, TEXT, "")


def test_two_revisions(project: Project, capsys: Capture) -> None:
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "second")
    assert run_cli(project, capsys, "diff", "HEAD~1", "HEAD").out == TEXT
    assert run_cli(project, capsys, "diff").out == "package: none (3 endpoints unchanged)\n"


def test_two_folders(project: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    git(project, "worktree", "add", "--quiet", "../before", "HEAD")
    monkeypatch.chdir(project.root)
    assert run_cli(project, capsys, "diff", "../before/specs", "specs").out == TEXT
    back = run_cli(project, capsys, "diff", "specs", "../before/specs").out
    assert "  fal-ai/b: The endpoint is removed: `fal.b` is gone.\n" in back


def test_a_folder_goes_before_a_revision_of_its_name(
    project: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(project, "branch", "specs")
    monkeypatch.chdir(project.root)
    assert run_cli(project, capsys, "diff", "specs").out == "package: none (3 endpoints unchanged)\n"
    assert run_cli(project, capsys, "diff", "refs/heads/specs").out == TEXT


def test_names_stay_with_documents_that_have_no_names_of_their_own(project: Project, capsys: Capture) -> None:
    """A shared type keeps its name although the documents alone would give it to another structure."""
    one, two = obj({"a": STRING}), obj({"b": STRING})

    def output(component: Any) -> dict[str, Any]:
        return {"output": obj({"it": {"$ref": "#/components/schemas/It"}}), "components": {"It": component}}

    for folder, first in (("before", one), ("after", two)):
        for name, component in (("x", first), ("y", one), ("z", one)):
            path = project.root / folder / "fal-ai" / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(document(f"fal-ai/{name}", **output(component))), encoding="utf-8")
    done = run_cli(project, capsys, "diff", f"{project.root}/before", f"{project.root}/after", "--json")
    found = json.loads(done.out)
    assert found["types"] == {"verdict": "none", "changes": []}
    assert found["endpoints"]["fal-ai/y"] == {"verdict": "none", "changes": []}


def test_json(project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, "diff", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {
        "version": 1,
        "package": "minor",
        "endpoints": {
            "fal-ai/a": {
                "verdict": "minor",
                "changes": [
                    {
                        "kind": "field-added",
                        "verdict": "minor",
                        "where": "input.seed",
                        "text": "New optional input `seed` (`int`).",
                    }
                ],
            },
            "fal-ai/b": {
                "verdict": "minor",
                "changes": [
                    {
                        "kind": "endpoint-added",
                        "verdict": "minor",
                        "where": "endpoint",
                        "text": "New endpoint, reached by `fal.b`.",
                    }
                ],
            },
            "fal-ai/same": {"verdict": "none", "changes": []},
        },
        "types": {"verdict": "none", "changes": []},
        "unreadable": [],
    }


def test_markdown(project: Project, capsys: Capture) -> None:
    assert run_cli(project, capsys, "diff", "--markdown").out == MARKDOWN
    project.add("fal-ai/a", **asking(seed=INTEGER, style=STRING))
    several = f"- {LINK}\n  - New optional input `seed` (`int`).\n  - New optional input `style` (`str`).\n"
    assert several in run_cli(project, capsys, "diff", "--markdown").out
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "second")
    assert run_cli(project, capsys, "diff", "--markdown").out == "No change that users can notice.\n"


def test_what_a_document_says_stays_text_in_markdown(project: Project, capsys: Capture) -> None:
    """A pull request's body is rendered: nothing that comes from a document may become a link, a mention or HTML."""
    hostile = "a`](http://x) @team <img src=x>\n# Title ``"
    project.add("fal-ai/a", **asking(it={"type": "string", "default": hostile, "enum": ["b", hostile]}))
    out = run_cli(project, capsys, "diff", "--markdown").out
    line = next(line for line in out.splitlines() if "`it`" in line)
    assert line == (
        f'- {LINK}: New optional input `it` (```Literal["b", "a`](http://x) @team <img src=x>\\n# Title ``"]```), '
        '```"a`](http://x) @team <img src=x>\\n# Title ``"``` by default.'
    )


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "error: nonsense: neither a folder nor a revision of <project>'s git repository\n"),
        (["HEAD", "nonsense"], "error: nonsense: neither a folder nor a revision of <project>'s git repository\n"),
        (["--", "--all"], "error: --all: neither a folder nor a revision of <project>'s git repository\n"),
        (["--json", "--markdown"], "error: --json and --markdown: only one of them\n"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, "diff", *arguments)
    assert (done.code, done.out, done.err) == (2, "", message)


@pytest.mark.parametrize("arguments", [["--html"], ["a", "b", "c"]])
def test_unknown_options_and_too_many_arguments(arguments: list[str], project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, "diff", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_folders_that_are_none_of_documents(project: Project, capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run_cli(project, capsys, "diff", str(tmp_path / "empty"))
    assert (done.code, "no documents in there" in done.err) == (2, True)
    done = run_cli(project, capsys, "diff", str(project.root))
    assert (done.code, "this is a project; name its folder of documents" in done.err) == (2, True)
    done = run_cli(project, capsys, "diff", str(project.root / "pyproject.toml"))
    assert (done.code, "this is a file" in done.err) == (2, True)


def test_a_project_that_is_in_no_repository(tmp_path: Path, capsys: Capture) -> None:
    project = Project(tmp_path / "project")
    project.add("fal-ai/a")
    done = run_cli(project, capsys, "diff")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: HEAD: neither a folder nor a revision of <project>'s git repository")


def test_without_git(project: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = run_cli(project, capsys, "diff", "HEAD")
    assert (done.code, done.err) == (2, "error: git is not installed: only folders of documents can be compared\n")


def test_a_revision_from_before_the_specs(project: Project, capsys: Capture) -> None:
    git(project, "checkout", "--quiet", "--orphan", "empty")
    git(project, "commit", "--quiet", "--allow-empty", "-m", "empty", "--", "pyproject.toml")
    git(project, "checkout", "--quiet", "--force", "main")
    done = run_cli(project, capsys, "diff", "empty")
    assert (done.code, done.err) == (2, "error: empty: has no specs\n")


@pytest.mark.parametrize("side", ["old", "new"])
def test_a_document_that_cannot_be_read(side: str, project: Project, capsys: Capture) -> None:
    """It is named, with its place; nothing is said about its endpoint, everything about the others."""
    if side == "old":
        whole = project.path("fal-ai/same").read_text(encoding="utf-8")
        project.put("fal-ai/same", "{")
        git(project, "commit", "--quiet", "-m", "broken", "--", "specs/fal-ai/same.json")
        project.put("fal-ai/same", whole)
    else:
        project.put("fal-ai/same", "{")
    done = run_cli(project, capsys, "diff", "HEAD")
    shown = "HEAD:specs" if side == "old" else "specs"
    assert done.code == 4
    assert done.err.startswith(f"{shown}/fal-ai/same.json:1: error: not JSON")
    assert "  fal-ai/a: New optional input `seed` (`int`).\n" in done.out
    assert "fal-ai/same: " not in done.out
    assert "Not compared, because a document cannot be read: `fal-ai/same`\n" in done.out
    found = json.loads(run_cli(project, capsys, "diff", "HEAD", "--json").out)
    assert (found["unreadable"], "fal-ai/same" in found["endpoints"]) == (["fal-ai/same"], False)


def test_a_shared_type_is_not_missed_for_a_document_that_cannot_be_read(project: Project, capsys: Capture) -> None:
    image = {"Image": obj({"url": STRING})}
    project.add("fal-ai/same", output=obj({"it": {"$ref": "#/components/schemas/Image"}}), components=image)
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "second")
    project.put("fal-ai/same", "{")
    found = json.loads(run_cli(project, capsys, "diff", "--json").out)
    assert (found["types"]["changes"], found["package"]) == ([], "none")


def test_wrong_settings_in_a_revision_are_named_with_it(project: Project, capsys: Capture) -> None:
    (project.specs / "endpoints.toml").write_text("[", encoding="utf-8")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "broken")
    (project.specs / "endpoints.toml").unlink()
    done = run_cli(project, capsys, "diff", "HEAD")
    assert done.code == 2
    assert done.err.startswith("error: HEAD:specs/endpoints.toml: not TOML")

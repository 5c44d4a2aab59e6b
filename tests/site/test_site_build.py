"""A build of the site: what it writes and leaves, whom it refuses, and what it says."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from support import Project, document, obj, pretty, run_cli, spawn

from generator.places import SKILL, TEMPLATES
from generator.project.run_lock import BusyError, lock_project
from generator.project.settings import SettingsError, load_settings
from generator.site import build, store, unchanged

if TYPE_CHECKING:
    from pathlib import Path

    from site_pages import BuiltSite

    from generator.site.store import Changes

Capture = pytest.CaptureFixture[str]
FILES = {"index.html": b"a", "models/b.html": b"b", "models/c/d.html": b"d"}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def times(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_mtime_ns for p in folder.rglob("*")}


def put(folder: Path, files: dict[str, bytes], *, force: bool = False) -> Changes:
    return store.store(folder, files, "site", force=force)


# --- the folder ------------------------------------------------------------------------------------------------------


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "site"
    assert put(folder, FILES).write == tuple(sorted(FILES))
    before = times(folder)
    assert not put(folder, FILES)
    assert times(folder) == before
    done = put(folder, FILES | {"models/b.html": b"B"})
    assert (done.write, done.remove) == (("models/b.html",), ())
    after = times(folder)
    assert {path for path in after if after[path] != before[path]} == {"models", "models/b.html", ".site.json"}
    assert store.is_whole(folder)


def test_what_is_no_page_any_more_is_removed_with_its_folder(tmp_path: Path) -> None:
    put(tmp_path, FILES)
    assert put(tmp_path, {"index.html": b"a"}).remove == ("models/b.html", "models/c/d.html")
    assert contents(tmp_path).keys() == {"index.html", ".site.json"}
    assert not (tmp_path / "models").exists()


def test_a_page_may_become_a_folder_and_a_folder_a_page(tmp_path: Path) -> None:
    put(tmp_path, {"a.html": b"a", "b.html/c": b"c"})
    put(tmp_path, {"a.html/d": b"d", "b.html": b"b"})
    assert contents(tmp_path).keys() == {"a.html/d", "b.html", ".site.json"}


def test_what_somebody_edited_or_removed_is_made_again(tmp_path: Path) -> None:
    put(tmp_path, FILES)
    (tmp_path / "index.html").write_bytes(b"edited")
    (tmp_path / "models/b.html").unlink()
    assert not store.is_whole(tmp_path)
    assert put(tmp_path, FILES).write == ("index.html", "models/b.html")
    assert store.is_whole(tmp_path)


@pytest.mark.parametrize("path", ["notes.txt", "models/b.html", "models/c/mine.html", "x/y/z"])
def test_a_folder_with_somebody_elses_files_is_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(b"mine")
    with pytest.raises(SettingsError, match=f"no build of the site wrote: {path}; name an empty folder with --out"):
        put(tmp_path, FILES)
    assert contents(tmp_path) == {path: b"mine"}


def test_somebody_elses_files_stay_where_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "CNAME").write_bytes(b"example.com")
    put(tmp_path, FILES, force=True)
    assert contents(tmp_path)["CNAME"] == b"example.com"
    with pytest.raises(SettingsError, match="CNAME"):
        put(tmp_path, FILES)


@pytest.mark.parametrize(("path", "is_folder"), [("models/b.html", True), ("models", False)])
def test_what_is_in_the_way_is_named_before_anything_is_written(path: str, is_folder: bool, tmp_path: Path) -> None:
    put(tmp_path, {"index.html": b"before"})
    (tmp_path / path).mkdir(parents=True) if is_folder else (tmp_path / path).touch()
    with pytest.raises(SettingsError, match=f"site/{path}: this is in the place of the site's own models/b.html"):
        put(tmp_path, FILES, force=True)
    assert (tmp_path / "index.html").read_bytes() == b"before"


def test_many_of_somebody_elses_files_are_counted(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"f{number}").touch()
    with pytest.raises(SettingsError, match="f0, f1, f2, f3, f4 and 4 more; "):
        put(tmp_path, FILES)


def test_what_is_hidden_at_the_top_is_let_be(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").touch()
    (tmp_path / ".nojekyll").touch()
    put(tmp_path, FILES)
    put(tmp_path, {})
    assert contents(tmp_path).keys() == {".git/config", ".nojekyll", ".site.json"}


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "site"
    elsewhere.mkdir()
    put(folder, {"index.html": b"a"})
    (folder / "models").symlink_to(elsewhere)
    with pytest.raises(SettingsError, match="site/models: this is a link"):
        put(folder, FILES)
    assert contents(elsewhere) == {}


def test_a_page_that_is_a_folder_too_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"models/a\.html would be a page and a folder"):
        put(tmp_path / "site", {"models/a.html": b"", "models/a.html/b.html": b""})
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("told", ["{", "[]", '{"files": []}', '{"files": {"../mine": "", "/mine": "", "a": 1}}'])
def test_a_manifest_of_somebody_else_removes_nothing(told: str, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (tmp_path / "mine").touch()
    (folder / ".site.json").write_text(told, encoding="utf-8")
    put(folder, FILES)
    assert (tmp_path / "mine").exists()


@pytest.mark.parametrize("last", range(7))
def test_a_build_that_is_cut_off_is_finished_by_the_next(
    last: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any number of steps; what it left is known for ours, and no page is half of one."""
    later = {"index.html": b"A", "models/b.html": b"b", "new.html": b"n" * 9999}
    put(tmp_path, FILES)
    steps = iter(range(99))

    def counted(real: object) -> object:
        def step(*arguments: object, **named: object) -> None:
            if next(steps) == last:
                raise KeyboardInterrupt
            real(*arguments, **named)  # type: ignore[operator]

        return step

    with monkeypatch.context() as patch:
        patch.setattr(store, "replace_file", counted(store.replace_file))
        patch.setattr(store, "remove_file", counted(store.remove_file))
        try:
            put(tmp_path, later)
            assert last >= 5
        except KeyboardInterrupt:
            there = contents(tmp_path)
            assert all(
                data in {FILES.get(path), later.get(path)} for path, data in there.items() if path != ".site.json"
            )
    (tmp_path / "new.html.new").write_bytes(b"half")
    put(tmp_path, later)
    assert contents(tmp_path).keys() == {*later, ".site.json"}
    assert store.is_whole(tmp_path)


# --- builds ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(project: Project) -> Project:
    """Three endpoints, and nothing that is generated."""
    for name in "abc":
        project.add(f"fal-ai/{name}", about=f"Makes {name}.")
    return project


def test_a_document_changes_its_own_pages(small: Project, tmp_path: Path) -> None:
    folder, settings = tmp_path / "site", load_settings(small.root)
    build.build(settings, folder)
    small.add("fal-ai/b", about="Makes b.", input=obj({"prompt": {"type": "string", "description": "Words."}}))
    changed = set(build.build(settings, folder).changes.write)
    assert {"models/fal-ai/b.html", "models/fal-ai/b.md"} <= changed
    assert not {"models/fal-ai/a.html", "models/fal-ai/c.md", "index.html", "assets/style.css"} & changed
    small.path("fal-ai/c").unlink()
    assert "models/fal-ai/c.html" in build.build(settings, folder).changes.remove


def test_the_same_bytes_in_another_folder_with_another_hash_seed(site_of_ours: BuiltSite, tmp_path: Path) -> None:
    copied = tmp_path / "a folder with spaces" / "é"
    for name in ("specs", "generated", "generator"):
        shutil.copytree(
            site_of_ours.root / name, copied / name, ignore=shutil.ignore_patterns("*.py", "__pycache__", "_runtime")
        )
    for path in ("pyproject.toml", "tests/benchmarks/comparison.json"):
        (copied / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(site_of_ours.root / path, copied / path)
    for seed in ("1", "4242"):
        out = tmp_path / seed
        command = ["-m", "generator", "--project", str(copied), "site", "--out", str(out)]
        done = spawn(command, cwd=tmp_path, hash_seed=seed)
        assert done.code == 0, done.err
        assert contents(out) == contents(site_of_ours.folder)


def test_where_nothing_changed_no_step_runs(small: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_cli(small, capsys, "site")
    assert first.code == 0
    before = times(small.root / "build")
    monkeypatch.setattr(build, "make", None)
    again = run_cli(small, capsys, "site")
    assert again.err == first.err.replace(f"{first.err.split()[3]} written", "0 written")
    assert run_cli(small, capsys, "site", "--check").err == "build/site: 3 endpoints, as they should be\n"
    assert times(small.root / "build") == before


@pytest.mark.parametrize(
    "path",
    [
        "specs/fal-ai/a.json",
        "specs/endpoints.toml",
        "specs/releases.json",
        "specs/file-inputs.toml",
        "specs/types.lock",
        "pyproject.toml",
        "generated/README.md",
        "generated/manifest.json",
        f"generated/fal_typed/{SKILL}",
        "generator/VENDORING.md",
        "comparison.json",
    ],
)
def test_all_that_a_site_is_made_of_is_watched(path: str, small: Project) -> None:
    table = "[tool.fal-typed.site]\ncomparison = 'comparison.json'\n"
    (small.root / "pyproject.toml").write_text(table, encoding="utf-8")
    before = unchanged.made_from(load_settings(small.root))
    file = small.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if path == "pyproject.toml":
        file.write_text(f"{table}title = 'x'\n", encoding="utf-8")
    else:
        file.write_text("{}" + " " * file.exists(), encoding="utf-8")
    assert unchanged.made_from(load_settings(small.root)) != before


@pytest.mark.parametrize("damage", ["edited", "removed", "added", "manifest"])
def test_a_folder_that_is_not_as_it_was_left_is_looked_at(damage: str, small: Project, capsys: Capture) -> None:
    run_cli(small, capsys, "site")
    folder = small.root / "build/site"
    whole = contents(folder)
    match damage:
        case "edited":
            (folder / "index.html").write_bytes(b"x")
        case "removed":
            (folder / "models/fal-ai/a.md").unlink()
        case "added":
            (folder / "index.html.new").touch()
        case _:
            (folder / ".site.json").write_text("{}", encoding="utf-8")
    if damage == "manifest":
        assert "no build of the site wrote" in run_cli(small, capsys, "site").err
        assert run_cli(small, capsys, "site", "--force").code == 0
    else:
        assert run_cli(small, capsys, "site", "--check").code == 1
        assert run_cli(small, capsys, "site").code == 0
    assert contents(folder) == whole


def test_it_says_what_it_wrote_and_where_to_look(small: Project, capsys: Capture) -> None:
    done = run_cli(small, capsys, "site")
    count = len(contents(small.root / "build/site")) - 1
    assert done.err == (
        f"build/site: 3 endpoints, {count} written, 0 removed\nopen file://<project>/build/site/index.html\n"
    )
    small.path("fal-ai/c").unlink()
    done = run_cli(small, capsys, "site", "--check")
    assert (done.code, done.out) == (1, "")
    assert "build/site/models/fal-ai/c.html: would be removed\n" in done.err
    assert "build/site/index.html: differs\n" in done.err
    assert done.err.endswith("build/site is not what the documents give; run `site`\n")


def test_a_folder_that_is_not_there_is_all_that_would_change(small: Project, capsys: Capture) -> None:
    done = run_cli(small, capsys, "site", "--check")
    assert done.code == 1
    assert "… and " in done.err
    assert not (small.root / "build").exists()


@pytest.mark.parametrize("check", [(), ("--check",)])
@pytest.mark.parametrize("inside", ["specs", "specs/site", "generated/site", ".fal-typed-cache/site", str(TEMPLATES)])
def test_it_does_not_go_where_others_are(inside: str, check: tuple[str, ...], small: Project, capsys: Capture) -> None:
    done = run_cli(small, capsys, "site", "--out", str(small.root / inside), *check)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert f"{inside}: the site must not lie in" in done.err
    assert not list(small.root.rglob("index.html"))


@pytest.mark.parametrize("check", [(), ("--check",)])
def test_what_is_no_folder_is_named(check: tuple[str, ...], small: Project, capsys: Capture) -> None:
    (small.root / "notes").write_bytes(b"mine")
    (small.root / "link").symlink_to("nowhere")
    for name, what in (("notes", "a file"), ("link", "a link to nowhere")):
        done = run_cli(small, capsys, "site", "--out", str(small.root / name), *check)
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert f"{name}: this is {what}, not a folder; name another with --out" in done.err
    assert (small.root / "notes").read_bytes() == b"mine"


def test_a_broken_document_has_no_page_and_the_others_have_theirs(small: Project, capsys: Capture) -> None:
    small.put("fal-ai/b", "{")
    done = run_cli(small, capsys, "site")
    assert done.code == 4
    assert "specs/fal-ai/b.json:1: error: " in done.err
    assert run_cli(small, capsys, "site").code == 4  # and is told again
    assert (small.root / "build/site/models/fal-ai/a.html").is_file()
    assert not (small.root / "build/site/models/fal-ai/b.html").exists()


def test_a_comparison_that_is_not_there_is_named(small: Project, capsys: Capture) -> None:
    text = "[tool.fal-typed.site]\ncomparison = 'nowhere.json'\n"
    (small.root / "pyproject.toml").write_text(text, encoding="utf-8")
    done = run_cli(small, capsys, "site")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "nowhere.json: cannot be read" in done.err


def test_two_builds_do_not_run_at_once(small: Project, capsys: Capture) -> None:
    """Those of one process may: the lock is the system's, by process."""
    settings = load_settings(small.root)
    with lock_project(settings, small.root / "build/site"):
        done = spawn(["-m", "generator", "--project", str(small.root), "site"], cwd=small.root)
    assert done.code == 2
    assert "is writing build/site; run again when it is done" in done.err
    assert BusyError is not None


def test_a_project_without_guides_and_releases_has_a_site(tmp_path: Path) -> None:
    """As one that vendors a client."""
    project = Project(tmp_path / "shop", 'layout = "package"\npackage = "shop_fal"\noutput = "."')
    project.put("fal-ai/a", pretty(document("fal-ai/a")))
    (project.root / "README.md").write_text("# Our shop\n", encoding="utf-8")
    made = build.build(load_settings(project.root), project.root / "build/site").made
    with pytest.raises(SettingsError, match="shop_fal/site: the site must not lie in shop_fal"):
        build.build(load_settings(project.root), project.root / "shop_fal/site")
    assert "models/fal-ai/a.html" in made.files
    assert not [path for path in made.files if path.startswith("guides/") or path == "changelog.html"]
    assert b"shop_fal" in made.files["models/fal-ai/a.html"]


def test_what_is_told_of_the_site_is_on_it(small: Project) -> None:
    text = "[tool.fal-typed.site]\ntitle = 'Ours & theirs'\nurl = 'https://example.com/docs'\n"
    (small.root / "pyproject.toml").write_text(text, encoding="utf-8")
    files = build.make(load_settings(small.root)).files
    assert b"<title>Ours &amp; theirs</title>" in files["index.html"]
    page = b"https://example.com/docs/models/fal-ai/a"
    assert b'<link rel="canonical" href="' + page + b'.html">' in files["models/fal-ai/a.html"]
    assert b"](" + page + b".md)" in files["llms.txt"]
    assert b'href="/docs/assets/style.css"' in files["404.html"]
    assert b"canonical" not in files["404.html"]


def test_the_manifest_is_the_folders_files(site_of_ours: BuiltSite) -> None:
    told = json.loads((site_of_ours.folder / ".site.json").read_text(encoding="utf-8"))
    assert told["files"].keys() == site_of_ours.paths

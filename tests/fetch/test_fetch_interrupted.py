"""A fetch that is cut off at any moment: whole documents, a lock that is true, and a next run that goes on there."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from catalog_server import CatalogServer, example_documents, faults, real_documents
from support import INTEGER, REPOSITORY, STRING, Project, document, hear_interrupts, obj, run_cli
from support.fetching import assert_locked, fetch, files, lock_of, outcome

from generator.fetch.store import STAGING
from generator.project.settings import load_settings
from generator.project.spec_lock import read_speclock

if TYPE_CHECKING:
    from collections.abc import Iterator

Capture = pytest.CaptureFixture[str]
IDS = ("fal-ai/a", "fal-ai/b/c", "fal-ai/new", "owner/d")


class Cut(BaseException):
    """The power goes."""


def stop_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Iterator[None]:
    """End at the n-th change that is made to the file system."""
    count = 0
    originals = {name: getattr(Path, name) for name in ("replace", "unlink", "open", "mkdir", "rmdir")}

    def wrapped(name: str) -> object:
        def change(self: Path, *arguments: object, **options: object) -> object:
            nonlocal count
            reads = name == "open" and arguments != ("xb",)
            if ".fal-typed-cache" not in self.parts and not reads:
                if count == step:
                    raise Cut
                count += 1
            return originals[name](self, *arguments, **options)

        return change

    with monkeypatch.context() as patch:
        for name in originals:
            patch.setattr(Path, name, wrapped(name))
        yield


def attempt(project: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch, step: int, *command: str) -> bool:
    """Run a command that is cut off at a step; whether it was."""
    for _ in stop_at(monkeypatch, step):
        try:
            run_cli(project, capsys, *command)
        except Cut:
            return True
    return False


@pytest.fixture
def some(project: Project, catalog: CatalogServer, capsys: Capture) -> Project:
    """Two endpoints, fetched and listed; then one changes, and two are new to the catalogue."""
    (project.specs / "endpoints.toml").write_text("", encoding="utf-8")
    for one in IDS[:2]:
        catalog.add(one, document(one))
    assert run_cli(project, capsys, "add", *IDS[:2]).code == 0
    catalog.models["fal-ai/a"].document = document("fal-ai/a", input=obj({"prompt": STRING, "steps": INTEGER}))
    for one in IDS[2:]:
        catalog.add(one, document(one))
    return project


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_cut_off_at_every_step(
    every: int, some: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    catalog.shuffles = False
    old = {one: some.path(one).read_bytes() for one in IDS[:2]}
    start = files(some.root)
    assert fetch(some, capsys, "--all").code == 0
    done = files(some.specs)
    steps = 0
    while True:
        project = Project(tmp_path / f"step-{steps}")
        for name, text in start.items():
            (project.root / name).parent.mkdir(parents=True, exist_ok=True)
            (project.root / name).write_bytes(text)
        if not attempt(project, capsys, monkeypatch, steps, "fetch", "--all"):
            break
        for one in IDS:
            text = project.path(one).read_bytes() if project.path(one).exists() else None
            assert text in {old.get(one), done[f"{one}.json"]}
        assert_locked(project)
        assert run_cli(project, capsys, "list").code == 0
        assert fetch(project, capsys, "--all").code == 0
        assert files(project.specs) == done
        steps += every
    assert steps > 10


def test_a_removal_cut_off_at_every_step(
    some: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0
    while attempt(some, capsys, monkeypatch, steps, "remove", "fal-ai/b/c"):
        assert_locked(some)
        # Cut off behind the last document, there is nothing left to remove.
        assert run_cli(some, capsys, "remove", "fal-ai/b/c").code in {0, 2}
        assert "fal-ai/b/c" not in lock_of(some)
        assert_locked(some)
        assert '"fal-ai/b/c"' not in (some.specs / "endpoints.toml").read_text(encoding="utf-8")
        assert run_cli(some, capsys, "add", "fal-ai/b/c").code == 0
        steps += 1
    assert steps > 5


def test_a_lock_in_the_middle_of_a_write_is_read_as_it_is_true(some: Project, capsys: Capture) -> None:
    path = some.specs / "lock.json"
    lock = json.loads(path.read_bytes())
    entries = lock["endpoints"]
    other = {**entries["fal-ai/a"], "sha256": "0" * 64, "changed": "2026-12-31"}
    kept = {one: entries[one]["sha256"] for one in IDS[:2]}
    for endpoints, writing in (
        (entries, {"fal-ai/a": other, "fal-ai/x": other, "fal-ai/b/c": None}),  # nothing has happened yet
        ({**entries, "fal-ai/a": other}, {"fal-ai/a": entries["fal-ai/a"], "fal-ai/x": None}),  # all has
        ({**entries, "fal-ai/gone": other}, {"fal-ai/gone": None}),
    ):
        path.write_text(json.dumps({"endpoints": endpoints, "writing": writing}), encoding="utf-8")
        read = read_speclock(load_settings(some.root))
        assert {one: entry.sha256 for one, entry in read.endpoints.items()} == kept
        assert run_cli(some, capsys, "regenerate", "--locked").code == 0


def test_the_next_run_goes_on_where_this_one_stopped(
    some: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.models["fal-ai/a"].is_listed = False
    catalog.models["fal-ai/a"].always = faults.BROKEN
    assert fetch(some, capsys, "--all").code == 3
    catalog.models["fal-ai/a"].always = None
    catalog.seen.clear()
    done = fetch(some, capsys, "--all")
    assert done.code == 0
    assert done.err.endswith(
        "0 new, 1 changed, 0 unchanged, 3 done by the interrupted run before, 0 vanished, 0 failed\n"
    )
    asked = [seen.query.get("endpoint_id") for seen in catalog.seen if "expand" in seen.query]
    assert asked == ["fal-ai/a"]
    assert "done by" not in fetch(some, capsys).err, "a run that ended is not gone on with"


def test_when_the_next_run_begins_anew(
    some: Project, catalog: CatalogServer, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        catalog.models["fal-ai/b/c"].replies = [faults.BROKEN] * 5
        catalog.models["fal-ai/b/c"].is_listed = False
        assert fetch(some, capsys).code == 3

    interrupt()
    assert "done by" not in fetch(some, capsys, "--restart").err
    interrupt()
    some.path("fal-ai/a").write_text("{}", encoding="utf-8")
    assert "1 changed" in fetch(some, capsys).err, "what is not as it was left is fetched again"
    interrupt()
    note = some.root / ".fal-typed-cache" / "fetch.json"
    stale = {**json.loads(note.read_bytes()), "began": "2026-01-01T00:00:00+00:00"}
    for text in (json.dumps(stale), "{", "[]", '{"began": 3}', '{"began": "2026-01-01", "bases": [], "done": []}'):
        note.write_text(text, encoding="utf-8")
        assert "done by" not in fetch(some, capsys).err


# --- real kills ------------------------------------------------------------------------------------------------------


class Spawned:
    """A fetch in a process of its own."""

    def __init__(self, project: Project, catalog: CatalogServer, *arguments: str) -> None:
        environment = {**os.environ, **catalog.environment(), "PYTHONPATH": str(REPOSITORY)}
        self.catalog, self.seen = catalog, len(catalog.seen)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "generator", "--project", str(project.root), *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hear_interrupts,
        )

    def has_asked(self) -> None:
        """Wait until its first request is there."""
        give_up = time.monotonic() + 120
        while len(self.catalog.seen) == self.seen:
            assert self.process.poll() is None
            assert time.monotonic() < give_up
            time.sleep(0.01)

    def end(self) -> tuple[int, str]:
        _, err = self.process.communicate(timeout=60)
        return self.process.returncode, err


@pytest.mark.slow
def test_two_at_once(some: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.holds = True
    first = Spawned(some, catalog, "fetch")
    first.has_asked()
    for command in (["fetch"], ["add", "fal-ai/new"], ["remove", "fal-ai/a"], ["regenerate"], ["release"]):
        done = run_cli(some, capsys, *command)
        assert (done.code, done.err) == (
            2,
            f"error: another run (process {first.process.pid}) is writing specs; run again when it is done\n",
        )
    catalog.holds = False
    assert first.end()[0] == 0


AGAIN = "interrupted: run the same command again: "
GOES_ON = f"{AGAIN}it goes on where it stopped"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("command", "last"),
    [
        (["fetch"], f"{GOES_ON}; --restart begins anew"),
        (["fetch", "--all"], f"{GOES_ON}; --restart begins anew"),
        (["fetch", "fal-ai/a"], f"{AGAIN}what it wrote stays"),
        (["add", "fal-ai/new"], f"{AGAIN}what it wrote stays"),
        (["regenerate", "--fetch"], GOES_ON),
    ],
    ids=["fetch", "fetch --all", "fetch ID", "add", "regenerate --fetch"],
)
def test_ctrl_c_leaves_what_is_done(command: list[str], last: str, some: Project, catalog: CatalogServer) -> None:
    catalog.holds = True
    fetching = Spawned(some, catalog, *command)
    fetching.has_asked()
    fetching.process.send_signal(signal.SIGINT)
    code, err = fetching.end()
    assert code == 130
    assert "Traceback" not in err
    assert err.splitlines()[-1] == last
    assert_locked(some)


def test_ctrl_c_while_the_catalogue_is_read(
    project: Project, catalog: CatalogServer, capsys: Capture, tmp_path: Path
) -> None:
    """The pages that came are there, and the next run asks for the others alone."""
    catalog.have({f"fal-ai/m{number:02}": document(f"fal-ai/m{number:02}") for number in range(40)})
    catalog.largest_page = 10

    def hold() -> None:
        catalog.holds = catalog.asked("/v1/models") == 2  # not counting this one

    catalog.after_page = hold
    fetching = Spawned(project, catalog, "fetch", "--all")
    give_up = time.monotonic() + 120
    while not catalog.holds and time.monotonic() < give_up:
        time.sleep(0.01)
    fetching.process.send_signal(signal.SIGINT)
    code, err = fetching.end()
    catalog.holds, catalog.after_page = False, None
    assert (code, err.splitlines()[-1]) == (130, f"{GOES_ON}; --restart begins anew")
    assert len(lock_of(project)) == 20
    assert "20 new, 0 changed, 0 unchanged, 20 done by the interrupted run" in fetch(project, capsys, "--all").err


def _sixty() -> dict[str, Any]:
    """Documents for two pages of the catalogue; where the real ones are not at hand, the pinned ones several times."""
    examples = list(example_documents().items())
    repeated = {f"{one}/{turn}": data for turn in range(5) for one, data in examples}
    return dict(list((real_documents() or repeated).items())[:60])


@pytest.mark.slow
def test_killed_at_twenty_moments(project: Project, catalog: CatalogServer, capsys: Capture, tmp_path: Path) -> None:
    """SIGKILL while every document changes: at random in the second half of a run, and as soon as one has changed."""
    documents = _sixty()
    later = json.loads(json.dumps(documents).replace("The", "THE"))
    catalog.shuffles = False
    catalog.have(documents)
    assert fetch(project, capsys, "--all").code == 0
    old = files(project.specs)
    catalog.have(later)
    other = Project(tmp_path / "other")
    began = time.monotonic()
    assert Spawned(other, catalog, "fetch", "--all").end()[0] == 0
    length = time.monotonic() - began
    chance = random.Random(50)
    states: set[str] = set()
    for moment in range(20):
        trial = Project(tmp_path / f"trial-{moment}")
        for name, text in old.items():
            (trial.specs / name).parent.mkdir(parents=True, exist_ok=True)
            (trial.specs / name).write_bytes(text)
        fetching = Spawned(trial, catalog, "fetch")
        if moment % 2:
            _wait_for_a_change([trial.path(one) for one in documents], fetching)
        else:
            time.sleep(chance.uniform(0.5, 1.05) * length)
        fetching.process.kill()
        fetching.end()
        hashes = _assert_whole(trial, old, later)
        states.add("old" if not hashes else "new" if len(hashes) == len(later) else "between")
        assert outcome(trial, capsys, "fetch")[0] == 0
        assert len(_assert_whole(trial, old, later)) == len(later)
        assert not (trial.specs / STAGING).exists()
    assert "between" in states


def _wait_for_a_change(paths: list[Path], fetching: Spawned) -> None:
    """Wait until another file stands in the place of one of these."""
    before = [path.stat().st_ino for path in paths]
    while [path.stat().st_ino for path in paths] == before and fetching.process.poll() is None:
        time.sleep(0.0005)


def _assert_whole(project: Project, old: dict[str, bytes], later: dict[str, object]) -> set[str]:
    """Each document is the old or the new one, and the lock says which; returns the ids of the new ones."""
    assert_locked(project)
    new: set[str] = set()
    for one, data in later.items():
        text = project.path(one).read_bytes()
        if text != old[f"{one}.json"]:
            assert json.loads(text) == data
            new.add(one)
    json.loads((project.specs / "lock.json").read_bytes())
    return new

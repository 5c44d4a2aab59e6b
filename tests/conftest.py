"""What all tests share: hypothesis draws the same examples in every run; the projects and the catalogue.

What the fixtures need is imported when one is asked for: the client's tests do not wait for the generator.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from corpus import folder
from hypothesis import settings

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from typing import Any

    from catalog_server import CatalogServer
    from support import Project

# Seconds; how long any other test may take is in pyproject.toml.
LIMIT_OF_SLOW_TESTS = 1200

# How many cases of each test have been collected.
_CASES = pytest.StashKey[Counter[str]]()

# A shell has what it starts in the background ignore Ctrl-C, and so would every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("repeatable")


def pytest_configure() -> None:
    """Where somebody counts on the real documents (`CORPUS` is set), a run without them fails at once."""
    if said := folder.problem():
        raise pytest.UsageError(said)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much of the tests nobody has run here, for want of the real documents."""
    if said := folder.told(str(one.longrepr) for one in terminalreporter.getreports("skipped")):
        terminalreporter.write_line(said, yellow=True)


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are processors: a third of the time of these tests is waiting for a server."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return cores + (cores + 1) // 2


def pytest_itemcollected(item: pytest.Item) -> None:
    """`tests/pinned` is about fal's own documents; of a `sampled` test all but every n-th case is slow."""
    if item.nodeid.startswith("tests/pinned/"):
        item.add_marker("pinned")
    sampled = item.get_closest_marker("sampled")
    if sampled is not None:
        cases = item.config.stash.setdefault(_CASES, Counter())
        test = item.nodeid.partition("[")[0]
        if cases[test] % sampled.args[0]:
            item.add_marker("slow")
        cases[test] += 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give slow tests more time before they count as hanging; update snapshots by the tests that have some alone."""
    for item in items:
        if item.get_closest_marker("timeout") is None and (
            item.get_closest_marker("slow") or item.get_closest_marker("bench")
        ):
            item.add_marker(pytest.mark.timeout(LIMIT_OF_SLOW_TESTS))
    if config.getoption("update_snapshots", default=False):
        config.hook.pytest_deselected(items=[item for item in items if not _has_snapshots(item)])
        items[:] = filter(_has_snapshots, items)


def _has_snapshots(item: pytest.Item) -> bool:
    return "snapshot" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def _certificates_read_once() -> Iterator[None]:
    """Let httpx's clients share what they trust: to read all of it anew costs each of a thousand clients 30 ms."""
    import ssl
    from functools import cache

    real = ssl.create_default_context

    @cache
    def shared(path: str, changed: int) -> ssl.SSLContext:
        return real(cafile=path)

    def create(*arguments: Any, **named: Any) -> ssl.SSLContext:
        path = named.get("cafile")  # certifi's, or that of SSL_CERT_FILE
        if arguments or named.keys() != {"cafile"} or path is None:
            return real(*arguments, **named)
        return shared(path, Path(path).stat().st_mtime_ns)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", create)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits_for_the_disk() -> Iterator[None]:
    """No test can see whether a disk has what was written; what must have been waited for is counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    from support import Project

    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The pinned documents, generated once under a name of their own; tests only read it."""
    from support import SPECS, Project

    made = Project(tmp_path_factory.mktemp("pinned"), 'package = "pinned_typed"').pinned().listed()
    if (SPECS / "releases.json").is_file():
        shutil.copy(SPECS / "releases.json", made.specs)
    made.regenerate()
    return made


@pytest.fixture(scope="session")
def _catalog() -> Iterator[CatalogServer]:
    from catalog_server import CatalogServer

    with CatalogServer() as server:
        yield server


@pytest.fixture
def catalog(_catalog: CatalogServer, monkeypatch: pytest.MonkeyPatch) -> CatalogServer:
    """A fal with an empty catalogue, which the command line asks; repetitions come at once, and the day is fixed."""
    for name in ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, value in _catalog.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("generator.fetch.http.delay_before", lambda repetition, pause: 0.001)
    monkeypatch.setattr("generator.fetch.clock.today", lambda: "2026-09-01")
    _catalog.reset()
    return _catalog

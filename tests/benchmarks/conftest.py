"""What benchmarks record is kept if they pass, and written when all are over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import ModuleType

    from recorder import Recorder
    from trying import Trial

COMPARISON = Path(__file__).with_name("comparison.json")
_RECORDED = pytest.StashKey["Recorder"]()
_PASSED = pytest.StashKey[dict[str, "Recorder"]]()
_THERE = pytest.StashKey[dict[str, "ModuleType"]]()


@pytest.fixture
def recorder(request: pytest.FixtureRequest) -> Recorder:
    """Takes what this test finds."""
    from recorder import Recorder

    return request.node.stash.setdefault(_RECORDED, Recorder())


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Runs programs of each client against a server of ours."""
    from fal_server.secure import deployed
    from trying import Trial

    with deployed(tmp_path_factory.mktemp("ca")) as deployment:
        made = Trial(deployment, tmp_path_factory.mktemp("tried"))
        made.generate()
        yield made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a test recorded that passed."""
    report = yield
    if report.when == "call" and report.passed and _RECORDED in item.stash:
        item.config.stash.setdefault(_PASSED, {})[item.nodeid] = item.stash[_RECORDED]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Know which tests there are, before some are deselected."""
    config.stash[_THERE] = {item.nodeid: item.module for item in items if isinstance(item, pytest.Function)}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was kept, in place of what the same tests had found before."""
    if passed := session.config.stash.get(_PASSED, {}):
        from recorder import record, run_of

        runs = [run_of(test, found) for test, found in passed.items()]
        record(COMPARISON, runs, is_gone=lambda test: _is_gone(session.config, test))


def _is_gone(config: pytest.Config, test: str) -> bool:
    """Whether a test is not there any more, as far as this run can tell."""
    there = config.stash[_THERE]
    function = test.partition("[")[0]
    file, _, name = function.partition("::")
    if not (config.rootpath / file).is_file():
        return True
    modules = {one.partition("::")[0]: module for one, module in there.items()}
    if file in modules and not hasattr(modules[file], name):
        return True
    all_of_it = function in {one.partition("[")[0] for one in there} and not any("[" in one for one in config.args)
    return all_of_it and test not in there

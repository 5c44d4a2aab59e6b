"""The fixtures, in a pytest of their own; and the fake in unittest."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import fal_typed
import pytest

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = "fal_typed.pytest_plugin"
TESTS = """
import asyncio
import pytest
from fal_typed import AnyImage, Fal, AsyncFal

def test_fal(fal, fake_fal):
    assert isinstance(fal, Fal)
    fake_fal.flux_1.schnell.returns(seed=7)
    assert fal.flux_1.schnell.subscribe(prompt="x").seed == 7
    assert Fal().flux_1.schnell.subscribe(prompt="x").seed == 7
    fake_fal.flux_1.schnell.calls[0]

def test_another_fake(fal, fake_fal):
    assert not fake_fal.calls
    assert fal.flux_1.schnell.run(prompt="x").seed != 7

def test_async_fal(async_fal):
    assert isinstance(async_fal, AsyncFal)
    assert asyncio.run(async_fal.flux_1.schnell.subscribe(prompt="x")).images

@pytest.mark.fake_fal(allow=["127.0.0.1"])
def test_what_is_let_through(fal, tmp_path):
    with pytest.raises(Exception, match="refused"):  # by the machine, and not by the fake
        AnyImage(url="http://127.0.0.1:9/a.png").download(tmp_path, timeout=2)

@pytest.mark.parametrize("number", range(8))
def test_many(fal, fake_fal, number):
    assert fal.flux_1.schnell.subscribe(prompt=str(number)).prompt == str(number)
    assert fake_fal.flux_1.schnell.call_count == 1
"""


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A Python in a folder, without keys and without what this checkout sets for its own tests."""
    environment = {"PYTHONPATH": fal_typed.__path__[0].rpartition("/")[0], "FAL_HOME_DIR": "/nonexistent"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("options", [[], pytest.param(["-n", "2"], marks=pytest.mark.slow)], ids=["one", "workers"])
def test_fixtures(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "test_app.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers -p no:cacheprovider\n", encoding="utf-8")
    ran = run("-m", "pytest", "-q", "-p", PLUGIN, *options, folder=tmp_path)
    assert "12 passed" in ran.stdout, ran.stdout


NOTHING = f"""
import sys

LIBRARIES = ("fal_typed", "httpx", "pydantic")
RUNTIME = ["fal_typed._runtime", "fal_typed._runtime.testing", "fal_typed._runtime.testing.plugin"]

def test_none():
    loaded = [name for name in sys.modules if name.partition(".")[0] in LIBRARIES]
    assert sorted(loaded) == sorted(["fal_typed", {PLUGIN!r}, *RUNTIME])
"""


def test_the_plugin_costs_nothing_before_a_fixture_is_used(tmp_path: Path) -> None:
    (tmp_path / "test_none.py").write_text(NOTHING, encoding="utf-8")
    ran = run("-m", "pytest", "-q", "-p", PLUGIN, folder=tmp_path)
    assert "1 passed" in ran.stdout, ran.stdout


def test_unittest(tmp_path: Path) -> None:
    (tmp_path / "test_app.py").write_text(
        """
import unittest
from fal_typed import AsyncFal, Fal
from fal_typed.testing import fake_fal

class AppTest(unittest.TestCase):
    def setUp(self):
        self.fake = self.enterContext(fake_fal())

    def test_app(self):
        self.fake.flux_1.schnell.returns(seed=7)
        self.assertEqual(Fal().flux_1.schnell.subscribe(prompt="x").seed, 7)
        self.fake.flux_1.schnell.assert_called_once_with(prompt="x")

class AsyncAppTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.fake = await self.enterAsyncContext(fake_fal())

    async def test_app(self):
        self.assertTrue((await AsyncFal().flux_1.schnell.subscribe(prompt="x")).images)
""",
        encoding="utf-8",
    )
    ran = run("-m", "unittest", "test_app", folder=tmp_path)
    assert "Ran 2 tests" in ran.stderr, ran.stderr
    assert ran.returncode == 0, ran.stderr

"""What type checkers say of the tree of endpoints: it is read, from a client, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.static import CHECKERS, error_lines, lines_marked

from .catalog import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.pinned]

PROGRAM = """\
from typing import assert_type

from fal_typed import AsyncFal, Fal
from fal_typed.endpoints.flux_1 import AsyncFlux1Namespace, Flux1Namespace
from fal_typed.endpoints.flux_1.schnell import AsyncFlux1Schnell, Flux1Schnell


class Mine(Fal):
    pass


def synchronous(fal: Fal) -> None:
    assert_type(fal.flux_1, Flux1Namespace)
    assert_type(fal.flux_1.schnell, Flux1Schnell)
    assert_type(fal.flux_1.schnell.with_options(timeout=3), Flux1Schnell)
    fal.flux_1 = fal.flux_1  # BAD
    fal.flux_1.schnell = fal.flux_1.schnell  # BAD
    Fal.flux_1.schnell  # BAD
    Fal.flux_1.schnell.run(prompt="x")  # BAD
    Flux1Namespace.schnell.run(prompt="x")  # BAD
    Flux1Namespace()  # BAD
    Flux1Schnell()  # BAD
    with Mine() as mine:
        assert_type(mine, Mine)
        assert_type(mine.flux_1.schnell, Flux1Schnell)


async def asynchronous(fal: AsyncFal) -> None:
    assert_type(fal.flux_1, AsyncFlux1Namespace)
    assert_type(fal.flux_1.schnell, AsyncFlux1Schnell)
    fal.flux_1 = fal.flux_1  # BAD
    await AsyncFal.flux_1.schnell.run(prompt="x")  # BAD
    AsyncFlux1Namespace()  # BAD
    AsyncFlux1Schnell()  # BAD
    async with AsyncFal() as other:
        assert_type(other, AsyncFal)
"""
# mypy does not ask a descriptor about `del`.
DELETES = """\
from fal_typed import Fal

del Fal().flux_1  # BAD
del Fal().flux_1.schnell  # BAD
"""


@pytest.mark.parametrize("checker", CHECKERS)
def test_only_reading_it_from_a_client_is_allowed(tmp_path: Path, checker: str) -> None:
    found = error_lines(checker, tmp_path, PROGRAM, ROOT / "generated")
    assert found.keys() == lines_marked(PROGRAM), found


def test_pyright_refuses_to_delete_a_step(tmp_path: Path) -> None:
    found = error_lines("pyright", tmp_path, DELETES, ROOT / "generated")
    assert found.keys() == lines_marked(DELETES), found

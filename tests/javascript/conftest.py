"""The calls of fal's client, made once through each shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .shells import SHELLS

if TYPE_CHECKING:
    from .play import Played


CASES = [pytest.param(name, marks=[] if shell.is_quick else pytest.mark.slow) for name, shell in SHELLS.items()]


@pytest.fixture(scope="session", params=CASES)
def played(request: pytest.FixtureRequest) -> Played:
    """What came of them."""
    from .play import play

    return play(SHELLS[request.param])

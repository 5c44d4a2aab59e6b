"""The calls of fal's client, made once through each shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .shells import QUICK, SHELLS

if TYPE_CHECKING:
    from .play import Played


@pytest.fixture(
    scope="session", params=[pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in SHELLS]
)
def played(request: pytest.FixtureRequest) -> Played:
    """What came of them."""
    from .play import play

    return play(SHELLS[request.param])

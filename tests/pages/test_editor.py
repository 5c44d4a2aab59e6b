"""pyright offers in an editor what the picture of the README shows, and refuses what the README says it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.static import CHECKERS, error_lines

from .collect import REPOSITORY
from .editor import offered
from .ways import blocks
from .write import PICTURE, choices

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.pinned]
PACKAGES = REPOSITORY / "generated"
(REFUSED,) = [block for block in blocks("call") if block.page == "README.md" and "image_siz=" in block.code]


def test_the_editor_offers_what_the_picture_shows(tmp_path: Path) -> None:
    before, _, _ = REFUSED.code.partition("image_siz=")
    # An editor keeps of it what begins as the word at the cursor does: with a quote.
    texts = [one for one in offered(tmp_path, f'{before}image_size="', PACKAGES) if one.startswith('"')]
    assert texts == choices()
    picture = (REPOSITORY / PICTURE).read_text(encoding="utf-8")
    assert all(choice in picture for choice in choices())


def test_the_editor_completes_the_input_that_was_misspelt(tmp_path: Path) -> None:
    before, _, _ = REFUSED.code.partition("image_siz=")
    assert "image_size=" in offered(tmp_path, f"{before}image_siz", PACKAGES)


@pytest.mark.parametrize("checker", CHECKERS)
def test_type_checkers_refuse_the_misspelt_call(checker: str, tmp_path: Path) -> None:
    (line,) = [at for at, text in enumerate(REFUSED.code.splitlines(), 1) if "image_siz" in text]
    assert line in error_lines(checker, tmp_path, REFUSED.code, PACKAGES)
    assert error_lines(checker, tmp_path, REFUSED.code.replace("image_siz=", "image_size="), PACKAGES) == {}

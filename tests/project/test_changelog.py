"""What a text of somebody else's may do to a changelog: be read."""

from __future__ import annotations

import pytest

from generator.project.changelog import code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("image_url", "`image_url`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("", "`  `"),
        ("two\nlines", r"`two\nlines`"),
        ("x" * 120, f"`{'x' * 120}`"),
        ("x" * 121, f"`{'x' * 119}…`"),
    ],
)
def test_a_name_in_code_marks(text: str, shown: str) -> None:
    assert code(text) == shown

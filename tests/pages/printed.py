"""Whether a program printed what a page says it does."""

from __future__ import annotations

import re


def is_as_shown(shown: str, printed: str) -> bool:
    """Compare line by line; a line `…` of the page stands for any lines, and blanks at the end of one for nothing."""
    lines = [line.rstrip() for line in shown.strip("\n").split("\n")]
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + r"\n" for line in lines)
    text = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").split("\n"))
    return re.fullmatch(pattern, text) is not None

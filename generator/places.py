"""Where the generator has what is no code."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
# Where it is installed they are within it; in a checkout, beside it.
TEMPLATES = next(folder for folder in (_HERE / "templates", _HERE.parent / "templates") if folder.is_dir())

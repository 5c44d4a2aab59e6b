"""Where the generator has what is no code, and what a package calls what is none."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
# Where it is installed they are within it; in a checkout, beside it.
TEMPLATES = next(folder for folder in (_HERE / "templates", _HERE.parent / "templates") if folder.is_dir())
# Below a package's folder: the types of fakes, those of shared types among them, the schemas of the endpoints, and what
# a program that writes Python is told of the package.
FAKES, SHARED_FAKES = "_fakes", "_fakes/_models"
SCHEMAS = "_schemas.txt"
SKILL = "_skill.md"

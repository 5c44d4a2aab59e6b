"""Documents to serve: this repository's own, and real ones where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.folder import DOCUMENTS

if TYPE_CHECKING:
    import random

REPOSITORY = Path(__file__).parents[2]
SPECS = REPOSITORY / "specs"


def example_documents() -> dict[str, Any]:
    """The pinned documents by id."""
    return {
        path.relative_to(SPECS).with_suffix("").as_posix(): json.loads(path.read_bytes())
        for path in sorted(SPECS.glob("*/**/*.json"))
    }


def real_documents() -> dict[str, Any]:
    """fal's own documents by id; none where they are not at hand."""
    paths = sorted(DOCUMENTS.glob("*.json"))
    return {path.stem.replace("__", "/"): json.loads(path.read_bytes()) for path in paths}


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same JSON with the keys of every object in another order, as fal sends it."""
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return value

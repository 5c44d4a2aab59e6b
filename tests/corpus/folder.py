"""Where the real documents are: `CORPUS` names their folder, else it may stand beside the checkout; and what if not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMED = os.environ.get("CORPUS", "")
CORPUS = Path(_NAMED).absolute() if _NAMED else Path(__file__).resolve().parents[3] / "shared" / "corpus"
DOCUMENTS = CORPUS / "openapi"
# Older versions of some of them.
DATED = CORPUS / "drift_2026-01-28"
IS_HERE = DOCUMENTS.is_dir()
WHY_SKIPPED = f"{CORPUS} is not here: the real documents are not part of the repository"
_FILES = ("platform_metadata.json", "platform_expansion_failed.json", "endpoint_ids.json", "type_census.json")


def expected() -> bool:
    """Whether somebody counts on the real documents: then a test that lacks them must not just be skipped."""
    return bool(_NAMED)


def missing(folder: Path) -> list[str]:
    """What a folder of real documents lacks."""
    found = [f"{part}/*.json" for part in (DOCUMENTS.name, DATED.name) if not any((folder / part).glob("*.json"))]
    return found + [name for name in _FILES if not (folder / name).is_file()]


def problem() -> str:
    """Why a run that counts on the real documents cannot go on; empty if nothing is wrong."""
    lacks = missing(CORPUS) if expected() else []
    return f"CORPUS names {CORPUS}, which lacks {', '.join(lacks)}; unset it to run without them" if lacks else ""


def told(reasons: Iterable[str]) -> str:
    """What is said at the end of a run of the tests that were skipped for want of the real documents.

    Args:
        reasons: Why each test was skipped.
    """
    count = sum(WHY_SKIPPED in reason for reason in reasons)
    them = "1 test was" if count == 1 else f"{count} tests were"
    return f"{them} skipped for want of the real documents; CORPUS=folder says where those are" if count else ""

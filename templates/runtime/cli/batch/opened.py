"""The journal that a command is about."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..exits import UsageProblemError
from ..text import visible

if TYPE_CHECKING:
    from collections.abc import Generator

    from ...journal.journal import Journal


@contextmanager
def journal_at(address: str, *, is_made: bool = False) -> Generator[Journal]:
    """A journal, open.

    Args:
        address: Its path or URL.
        is_made: Whether it is made where there is none.

    Raises:
        UsageProblemError: There is none at a path, or what it needs is not installed.
        JournalError: It cannot be read or written.
    """
    from ...journal.journal import Journal

    if not address.strip():
        raise UsageProblemError("--journal: a path or a URL is wanted, such as run.sqlite")
    if not is_made and "://" not in address and not Path(address).exists():
        raise UsageProblemError(f"--journal: there is no {visible(address)}; `batch run` makes one")
    try:
        opened = Journal(address)
    except (ImportError, ValueError) as error:
        raise UsageProblemError(f"--journal: {visible(str(error))}") from None
    with opened as journal:
        yield journal

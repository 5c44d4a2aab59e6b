"""Tables of rich's, of texts in which nothing is markup."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNCUT = 400  # columns, where nobody looks at a screen


class Rows(Table):
    """A table that takes every text for what it says."""

    def add_row(self, *cells: Any, **how: Any) -> None:
        """Add one, of texts that are visible."""
        super().add_row(*[Text(str(each)) for each in cells], **how)


def table(*columns: str) -> Rows:
    """An empty one; the first column is never broken."""
    rows = Rows(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for at, name in enumerate(columns):
        rows.add_column(name, no_wrap=at == 0, overflow="fold")
    return rows


def printed(rows: Table) -> None:
    """Print it: as wide as the terminal, and without a line end in a cell where there is none."""
    console = Console(file=sys.stdout, highlight=False, emoji=False, width=None if sys.stdout.isatty() else _UNCUT)
    with console.capture() as taken:
        console.print(rows)
    # The last column is padded to the width.
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in taken.get().splitlines()))
    sys.stdout.flush()

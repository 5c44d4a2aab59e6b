"""How much a page may have: whoever describes a model on fal decides what is read here.

The largest of the fourteen pages kept here is beside each number. A page over a limit is a problem of its own, and
nothing of it is compared; what one within them all may cost is measured in `tests/docs/test_broken_pages.py`.
"""

# design: What may a page cost?

from __future__ import annotations

PAGE_BYTES = 1024 * 1024  # of a page; 16,000
LINES = 50_000  # of a page; 470
FIELDS = 2_000  # on a page, those of other types too; 60
DEPTH = 64  # fields below fields; 1
NAME = 200  # characters of a field's name; 30
LABEL = 10_000  # characters of a type; 40
SUFFIXES = 100  # times that one description says "Default value:"; 1
PROBLEMS = 20  # that are told of a page, and what is told of one in characters
MESSAGE = 300


class PageLimitError(Exception):
    """A page has too much of something; the message says of what, and how much there may be.

    Attributes:
        line: The line where it is one too many.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def check_fields(fields: int, line: int) -> None:
    """Whether there may be so many fields on a page.

    Raises:
        PageLimitError: There may not.
    """
    if fields > FIELDS:
        raise PageLimitError(f"has more than {FIELDS:,} fields: nothing of the page is compared", line)


def check_depth(depth: int, line: int) -> None:
    """Whether fields may stand so deep below fields.

    Raises:
        PageLimitError: They may not.
    """
    if depth > DEPTH:
        raise PageLimitError(f"has fields below fields more than {DEPTH} deep: nothing of the page is compared", line)

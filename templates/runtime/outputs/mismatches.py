"""Telling what of an output does not match its document; never a value.

What is missing or wrong is a warning, once per endpoint and field in a process: the next thousand answers say the same.
What is merely new is no fault of anybody's, and told at DEBUG.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..log import logger

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN_PATHS = 10
# Endpoint and field → a token of who told it. Names of fields can be data: full, it begins anew. No lock: a child of a
# fork would inherit it held; who puts a token first is decided in one step all the same.
_told: dict[tuple[str, str], object] = {}
_MOST = 1_000


class Mismatch(NamedTuple):
    """One place that is not as the document has it: its path, and what is wrong there."""

    path: tuple[str | int, ...]
    problem: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path)) or 'the whole body'} ({self.problem})"


def tell(endpoint: str, wrong: Sequence[Mismatch], new: Sequence[str]) -> None:
    """Log what an answer has otherwise than its document.

    Args:
        endpoint: Whose answer it is.
        wrong: What is missing or wrong.
        new: The paths of fields that the document does not name.
    """
    fresh = [one for one in wrong if _is_first(endpoint, one)]
    if fresh:
        logger.warning("%s: the output does not match its document at %s", endpoint, _listed(list(map(str, fresh))))
    if new:
        logger.debug("%s: the output has fields that its document does not name: %s", endpoint, _listed(new))


def _is_first(endpoint: str, mismatch: Mismatch) -> bool:
    """Whether nobody has told it yet. The items of a list are one field."""
    field = ".".join("*" if isinstance(step, int) else step for step in mismatch.path)
    if len(_told) >= _MOST:
        _told.clear()
    token = object()
    return _told.setdefault((endpoint, field), token) is token


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(paths[:_SHOWN_PATHS]) + (", …" if len(paths) > _SHOWN_PATHS else "")

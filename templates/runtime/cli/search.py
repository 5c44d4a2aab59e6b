"""`search`: the endpoints of the package by words, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .catalog import Facts, facts_of, modules
from .exits import DONE, FAILED
from .text import first_sentence, out, tell, to_json, visible

if TYPE_CHECKING:
    from collections.abc import Sequence


def search(words: Sequence[str], category: str | None, as_json: bool) -> int:
    """Print the endpoints that have every word in id, category or description: those that are called so first.

    Args:
        words: What to look for; all of them where there is none.
        category: Which alone.
        as_json: For programs.
    """
    found = sorted((rank, one) for one in map(facts_of, modules()) if (rank := _rank(one, words, category)))
    endpoints = [one for _, one in found]
    if as_json:
        out(to_json([one._asdict() for one in endpoints]))
    elif endpoints:
        _print(endpoints)
    else:
        tell("nothing found: fewer words find more")
    return DONE if endpoints else FAILED


def _rank(one: Facts, words: Sequence[str], category: str | None) -> int:
    """0 where it is none of them; else less for those that are nearer."""
    if category and one.category != category:
        return 0
    places = (one.id.lower(), one.category.lower(), one.description.lower())
    ranks = [next((at for at, text in enumerate(places, 1) if word.lower() in text), 0) for word in words]
    return 0 if 0 in ranks else max(ranks, default=1)


def _print(endpoints: list[Facts]) -> None:
    from .tables import printed, table

    rows = table("ID", "CATEGORY", "WHAT IT IS")
    for one in endpoints:
        rows.add_row(visible(one.id), visible(one.category), first_sentence(one.description))
    printed(rows)

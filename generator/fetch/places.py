"""Which ids can have a document here: those that are ids, and of those that differ only by case, one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..project.ids import is_endpoint_id
from ..project.spec_lock import called_as
from .answers import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .answers import Answer


class Places:
    """The places of documents, and whose they are.

    Args:
        ids: The endpoints that have theirs already.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._holders = {one.casefold(): one for one in ids}

    def problem(self, endpoint_id: str) -> str | None:
        """Why an id cannot have a document here, if it cannot."""
        if not is_endpoint_id(endpoint_id):
            return "the catalogue lists this, which is no endpoint id"
        holder = self._holders.get(endpoint_id.casefold(), endpoint_id)
        if holder == endpoint_id:
            return None
        return f"differs only by case from {holder}, and so would its file; `remove {holder}` if this is the one"

    def give(self, endpoint_id: str) -> None:
        """Let an endpoint have the place of its id."""
        self._holders[endpoint_id.casefold()] = endpoint_id


def is_doubtful(endpoint_id: str, found: Found) -> bool:
    """Whether the catalogue may yet name an endpoint whose id is this one in the right case."""
    other = called_as(endpoint_id, found.data)
    return endpoint_id != endpoint_id.lower() or (other is not None and other.casefold() == endpoint_id.casefold())


def real_one(answers: Mapping[str, Answer]) -> str:
    """Of endpoints whose ids differ only by case, the one whose document says its id; else one in lower case."""

    def rank(endpoint_id: str) -> tuple[bool, bool, bool, str]:
        answer = answers[endpoint_id]
        is_other = not isinstance(answer, Found) or called_as(endpoint_id, answer.data) is not None
        return not isinstance(answer, Found), is_other, endpoint_id != endpoint_id.lower(), endpoint_id

    return min(answers, key=rank)

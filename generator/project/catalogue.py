"""Which part of fal's catalogue a project covers, if it does not list its endpoints: `catalogue` in the settings."""

# design: Where are the endpoints of a project listed?

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

WHOLE = "all"
STATUSES = ("active", "deprecated")
_LISTS, _STATUS = ("categories", "owners"), "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which part of the catalogue is meant; what is empty does not filter.

    Attributes:
        categories: `text-to-image` …; a model without metadata has none.
        owners: The first segments of the ids.
        status: `active` or `deprecated`.
    """

    categories: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    status: str = ""

    def __bool__(self) -> bool:
        return bool(self.categories or self.owners or self.status)

    def admits(self, endpoint_id: str, category: object, status: object) -> bool:
        """Whether an endpoint is meant, whatever the server made of the query.

        Args:
            endpoint_id: Its id.
            category: What the catalogue says about it, if it says so.
            status: The same.
        """
        return (
            (not self.owners or endpoint_id.split("/")[0] in self.owners)
            and (not self.categories or category in self.categories)
            and (not self.status or status in {self.status, None})
        )


def read_filters(value: object) -> Filters:
    """What the setting says: `"all"`, or a table of what is wanted.

    Raises:
        ValueError: It is neither; the message goes on behind the name of the setting.
    """
    if value == WHOLE:
        return Filters()
    known = (*_LISTS, _STATUS)
    if not isinstance(value, dict) or not value:
        raise ValueError(f'must be "{WHOLE}" or a table with {", ".join(known)}, not {value!r}')
    table = cast("dict[str, object]", value)
    for key in table:
        if key not in known:
            raise ValueError(f"has no key {key!r}; known keys: {', '.join(known)}")
    status = table.get(_STATUS, "")
    if _STATUS in table and status not in STATUSES:
        raise ValueError(f"{_STATUS} must be {' or '.join(STATUSES)}, not {status!r}")
    categories, owners = (_texts(key, table[key]) if key in table else frozenset[str]() for key in _LISTS)
    return Filters(categories=categories, owners=owners, status=cast("str", status))


def _texts(key: str, value: object) -> frozenset[str]:
    texts = cast("list[object]", value) if isinstance(value, list) else []
    if not texts or not all(isinstance(one, str) and one for one in texts):
        raise ValueError(f"{key} must be a list of texts with at least one in it, not {value!r}")
    return frozenset(cast("list[str]", texts))

"""The facets of a field: what two sides can agree about."""

from __future__ import annotations

from enum import Enum


class Facet(Enum):
    """What two sides can agree about."""

    FIELDS = "fields"
    ORDER = "order"
    TYPE = "type"
    REQUIRED = "required"
    DEFAULT = "default"
    ENUM = "enum"
    RANGE = "range"
    EXAMPLES = "examples"
    DESCRIPTION = "description"
    NESTED = "nested types"

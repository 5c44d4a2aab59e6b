"""The keywords of JSON Schema 2020-12: what their values may be, and what OpenAPI 3.0 made of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..json_text import canonical, is_text
from ..limits import PATTERN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..json_text import Json

# Keywords that change where references lead, that older spellings have, whose meaning is told otherwise; and our own.
LEFT_OUT = frozenset(
    "$schema $id $anchor $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor $vocabulary $defs definitions id "
    "additionalItems nullable example x-fal-order-properties x-file".split()
)
_TYPES = frozenset("array boolean integer null number object string".split())
# Keywords that hold schemas: by name, in a list, or one.
BY_NAME = frozenset({"patternProperties", "dependentSchemas"})
LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SCHEMAS = frozenset(
    "items additionalProperties unevaluatedItems unevaluatedProperties not if then else contains propertyNames "
    "contentSchema".split()
)
_NULL: Json = {"type": "null"}
_MADE_OF = frozenset("$ref allOf anyOf oneOf not if const".split())


def _is_type(value: Json) -> bool:
    if isinstance(value, list):
        named = [one for one in value if isinstance(one, str) and one in _TYPES]
        return bool(named) and len(named) == len(value) == len(set(named))
    return isinstance(value, str) and value in _TYPES


def _is_pattern(value: Json) -> bool:
    if not isinstance(value, str) or len(value) > PATTERN or not is_text(value):
        return False
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_step(value: Json) -> bool:
    return isinstance(value, int | float) and value > 0 and not isinstance(value, bool)


def _is_count(value: Json) -> bool:
    return isinstance(value, int | float) and value >= 0 and value % 1 == 0 and not isinstance(value, bool)


def _are_names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _are_names_by_name(value: Json) -> bool:
    return isinstance(value, dict) and all(map(_are_names, value.values()))


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _is_full_list(value: Json) -> bool:
    return isinstance(value, list) and bool(value)


_COUNTS = "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains".split()
# Whether a value is one that the keyword may have; of others any value says something.
VALUES: dict[str, Callable[[Json], bool]] = {
    "type": _is_type,
    "enum": _is_full_list,
    "required": _are_names,
    "dependentRequired": _are_names_by_name,
    "examples": _is_list,
    "pattern": _is_pattern,
    "multipleOf": _is_step,
    **dict.fromkeys(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], _is_number),
    **dict.fromkeys(_COUNTS, _is_count),
    **dict.fromkeys(["title", "description", "format", "$comment"], _is_text),
    **dict.fromkeys(["deprecated", "readOnly", "writeOnly", "uniqueItems"], _is_flag),
}
_SAYING = frozenset("title description examples deprecated readOnly writeOnly $comment".split())
_RESTRICTING = (VALUES.keys() - _SAYING) | BY_NAME | LISTS | SCHEMAS | {"$ref", "const", "properties"}


def in_order(value: Json) -> Json:
    """A value in one spelling: keys sorted, whole numbers without a point."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [in_order(one) for one in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    return value


def tell_required(made: dict[str, Json]) -> None:
    """Name each required property once, and none that there is not."""
    names, properties = made.get("required"), made.get("properties")
    if not isinstance(names, list):
        return
    known = properties if isinstance(properties, dict) else names
    made["required"] = list({name: None for name in names if name in known and is_text(name)})
    if not made["required"]:
        del made["required"]


def tell_exclusive(schema: Mapping[str, Json], made: dict[str, Json]) -> None:
    """OpenAPI 3.0's `exclusiveMinimum: true` makes `minimum` exclusive."""
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(exclusive) is True and limit in made:
            made[exclusive] = made.pop(limit)


def tell_examples(schema: Mapping[str, Json], made: dict[str, Json]) -> None:
    """OpenAPI 3.0's `example` is one of `examples`."""
    if "example" not in schema:
        return
    listed = made.get("examples")
    examples = listed if isinstance(listed, list) else []
    one = in_order(schema["example"])
    if canonical(one) not in map(canonical, examples):
        made["examples"] = [*examples, one]


def nullable(made: dict[str, Json]) -> dict[str, Json]:
    """OpenAPI 3.0's `nullable: true`."""
    if _MADE_OF & made.keys():
        rest = {key: value for key, value in made.items() if key in _RESTRICTING}
        said = {key: value for key, value in made.items() if key not in _RESTRICTING}
        options = rest["anyOf"] if [*rest] == ["anyOf"] else None
        listed: list[Json] = options if isinstance(options, list) else [rest]
        return {**said, "anyOf": listed if _NULL in listed else [*listed, _NULL]}
    kind, members = made.get("type"), made.get("enum")
    if kind is not None:
        kinds: list[Json] = kind if isinstance(kind, list) else [kind]
        made["type"] = kinds if "null" in kinds else [*kinds, "null"]
    if isinstance(members, list) and None not in members:
        made["enum"] = [*members, None]
    return made

"""The keywords of a schema that bound a value: read, checked, and in one form (a part of stage normalize)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from pydantic_core import SchemaError, SchemaValidator, core_schema

from .. import limits
from ..codes import Code
from ..json_text import Json, canonical, is_text
from ..shapes import AnyShape, ArrayShape, Bounds, EnumShape, NullShape, Prose, Shape, StringShape, union

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..diagnostics import Findings
    from ..node import Node

# JSON Schema keywords that restrict a value and that we cannot express: the type stays as wide as the rest makes it.
_UNSUPPORTED = frozenset(
    "not if then else patternProperties propertyNames dependentSchemas dependentRequired contains minContains "
    "maxContains unevaluatedItems unevaluatedProperties minProperties maxProperties $dynamicRef $recursiveRef".split()
)


# Keywords that say nothing about what is valid, JSON Schema's and fal's.
_ANNOTATIONS = frozenset(
    "title description default examples example deprecated nullable readOnly writeOnly format externalDocs xml ui "
    "discriminator additionalProperties required $comment $id $anchor".split()
)


def unknown_keywords(schema: Node) -> list[str]:
    """The keywords of a schema without a type that nobody here knows, or that need a type to mean something."""
    known = _ANNOTATIONS | _UNSUPPORTED
    return [key for key in schema.members() if key not in known and not key.startswith(("x-", "_"))]


def check_keywords(schema: Node, findings: Findings) -> None:
    """Report the keywords that restrict a value in a way the client will not check."""
    for keyword in schema.members():
        if keyword in _UNSUPPORTED:
            findings.add(
                Code.UNSUPPORTED_KEYWORD,
                f"`{keyword}` is not understood; the client does not check it",
                schema.source.child(keyword),
            )


def prose(schema: Node, budget: limits.Budget) -> Prose:
    """What the schema says to people."""
    said = schema.members()
    examples, description = said.get("examples"), said.get("description")
    listed = list(examples) if isinstance(examples, list) else []
    if "example" in said:
        listed.append(said["example"])
    prose = Prose(
        description=description if isinstance(description, str) else "",
        examples=tuple(dict.fromkeys(canonical(example) for example in listed)),
        deprecated=said.get("deprecated") is True,
    )
    for text in (prose.description, *prose.examples):
        budget.charge_prose(text, schema)
    return prose


def bounds(schema: Node, findings: Findings) -> Bounds:
    """Numeric limits; the boolean `exclusiveMinimum` of OpenAPI 3.0 makes `minimum` exclusive."""
    ge, gt = _limit(schema, "minimum", findings), _exclusive(schema, "exclusiveMinimum", findings)
    le, lt = _limit(schema, "maximum", findings), _exclusive(schema, "exclusiveMaximum", findings)
    if schema.members().get("exclusiveMinimum") is True:
        ge, gt = None, ge
    if schema.members().get("exclusiveMaximum") is True:
        le, lt = None, le
    return Bounds(ge=ge, gt=gt, le=le, lt=lt, multiple_of=_step(schema, findings))


def _step(schema: Node, findings: Findings) -> int | float | None:
    step = _limit(schema, "multipleOf", findings)
    if step is None or step > 0:
        return step
    _bad(schema, "multipleOf", "a number above 0", findings)
    return None


def whole(given: Bounds) -> Bounds:
    """The limits for integers: pydantic takes only whole limits for `int`."""
    return Bounds(
        ge=None if given.ge is None else ceil(given.ge),
        gt=None if given.gt is None else floor(given.gt),
        le=None if given.le is None else floor(given.le),
        lt=None if given.lt is None else ceil(given.lt),
        multiple_of=_whole_step(given.multiple_of),
    )


def _whole_step(step: int | float | None) -> int | None:
    """The integers among the multiples of p/q are the multiples of p; all integers need no limit."""
    numerator = None if step is None else Fraction(repr(step)).numerator
    return None if numerator == 1 else numerator


def _exclusive(schema: Node, keyword: str, findings: Findings) -> int | float | None:
    return None if isinstance(schema.members().get(keyword), bool) else _limit(schema, keyword, findings)


def _limit(schema: Node, keyword: str, findings: Findings) -> int | float | None:
    value = schema.members().get(keyword)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        _bad(schema, keyword, "a number", findings)
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _count(schema: Node, keyword: str, findings: Findings) -> int | None:
    value = _limit(schema, keyword, findings)
    if value is None or (isinstance(value, int) and 0 <= value <= limits.LENGTH):
        return value
    _bad(schema, keyword, f"a whole number from 0 to {limits.LENGTH}", findings)
    return None


def _bad(schema: Node, keyword: str, wanted: str, findings: Findings) -> None:
    node = schema.get(keyword)
    findings.add(
        Code.BAD_KEYWORD, f"`{keyword}` must be {wanted}, not {_short(node.value)}; it is left out", node.source
    )


def _short(value: Json) -> str:
    text = canonical(value)
    return text if len(text) <= 40 else text[:37] + "..."


def string(schema: Node, findings: Findings, budget: limits.Budget) -> StringShape:
    """A string's limits. A pattern that the client's engine cannot compile is found here, not at the user's.

    It is neither tried nor checked where that could take long.
    """
    pattern = schema.get("pattern").text() or None
    problem = "" if pattern is None else _problem(pattern, budget)
    if problem:
        findings.add(Code.BAD_PATTERN, f"{problem}; the client does not check it", schema.source.child("pattern"))
        pattern = None
    return StringShape(
        min_length=_count(schema, "minLength", findings),
        max_length=_count(schema, "maxLength", findings),
        pattern=pattern,
        format=schema.get("format").text() or None,
    )


def _problem(pattern: str, budget: limits.Budget) -> str:
    if not budget.try_pattern(pattern):
        return f"a pattern of more than {limits.PATTERN} characters, or one too many for a document"
    return "" if _compiles(pattern) else "the client's regular expressions cannot express this pattern"


def _compiles(pattern: str) -> bool:
    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError:
        return False
    return True


def enumeration(schema: Node, findings: Findings) -> Shape:
    """`enum` and `const`; a null among the members makes the shape nullable."""
    keys = schema.members()
    listed = [keys["const"]] if "const" in keys else keys["enum"]
    keyword = "const" if "const" in keys else "enum"
    if not isinstance(listed, list) or not listed:
        _bad(schema, keyword, "a list with at least one member", findings)
        return AnyShape()
    if len(listed) > limits.MEMBERS:
        message = f"`{keyword}` has more than {limits.MEMBERS:,} members"
        raise limits.OverLimitError(message, schema.source.child(keyword))
    members: dict[str, str | int | bool] = {}
    for member in listed:
        plain = int(member) if isinstance(member, float) and member.is_integer() else member
        if isinstance(plain, str | int) and is_text(plain):  # bool is an int
            members[canonical(plain)] = plain
        elif plain is not None:
            findings.add(
                Code.BAD_KEYWORD,
                f"`{keyword}` has a member that is no Unicode string, whole number or boolean; any value is taken",
                schema.source.child(keyword),
            )
            return AnyShape()
    shapes: list[Shape] = [EnumShape(members=tuple(members.values()))] if members else []
    return union(shapes + ([NullShape()] if None in listed else []))


def array(schema: Node, read: Callable[[Node, str], Shape], name: str, findings: Findings) -> ArrayShape:
    """A list. A tuple is a list of one length whose items are any of the positions' types."""
    minimum, maximum = _count(schema, "minItems", findings), _count(schema, "maxItems", findings)
    items = schema.get("items")
    positions = _positions(schema, findings)
    if positions:
        shape = union([read(position, f"{name}Item{index}") for index, position in enumerate(positions, start=1)])
        minimum, maximum = len(positions), len(positions)
    else:
        shape = read(items, name + "Item")
    unique = schema.get("uniqueItems").value is True
    return ArrayShape(items=shape, min_items=minimum, max_items=maximum, unique=unique)


def _positions(schema: Node, findings: Findings) -> list[Node]:
    """The schemas of a tuple's positions: `prefixItems`, or `items: {"0": …}`, a list that JavaScript spread."""
    prefix = schema.get("prefixItems")
    if isinstance(prefix.value, list):
        return prefix.items()
    items = schema.get("items")
    keys = list(items.members())
    if keys and sorted(keys, key=lambda key: (len(key), key)) == [str(index) for index in range(len(keys))]:
        findings.add(
            Code.TUPLE_AS_MAPPING, "`items` has positions for keys; read as the tuple that was meant", items.source
        )
        return [items.get(key) for key in sorted(keys, key=int)]
    return []

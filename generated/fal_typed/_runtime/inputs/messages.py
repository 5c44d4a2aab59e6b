"""From pydantic's errors to problems a caller can read: real paths, rules in words, one line for a union."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from ..checks import is_mapping, is_sequence, shortened, suggestion
from ..errors import InputProblem
from ..files.file_input import is_file
from ..options import OPTION_NAMES
from .wire_names import names_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_SHOWN_CHOICES = 12
_SURELY = 0.8  # a name so near is meant
_NO_LIST = ("sequence_str", "is_instance_of", "list_type")
_COUNTS = ("min_length", "max_length")
_RULES = {
    "missing": "is required",
    "string_type": "must be a string",
    "int_type": "must be an integer",
    "int_from_float": "must be an integer",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "sequence_str": "must be a list, not a single string",
    "none_required": "must be None",
    "finite_number": "must be a finite number",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "repeated_item": "must not have the same item twice",
    "string_pattern_mismatch": "must match the pattern {pattern}",
}


class _Located(NamedTuple):
    """An error whose place is taken apart: `path` leads into the value, `rest` begins with a union branch's label."""

    path: tuple[str | int, ...]
    rest: tuple[str | int, ...]
    error: ErrorDetails


def describe(error: ValidationError, given: Mapping[str, Any], input_type: Any) -> list[InputProblem]:
    """Every problem, once each, in the order pydantic found them."""
    errors = error.errors(include_url=False)
    return _problems([_locate(each["loc"], given, each) for each in errors], input_type, given)


def _locate(loc: tuple[str | int, ...], given: Any, error: ErrorDetails, start: tuple[str | int, ...] = ()) -> _Located:
    """Follow a location into the value as far as it goes.

    What cannot be followed is a missing key (the last part, of a `missing` error) or the label of a union branch.
    """
    value: Any = given
    path = list(start)
    for index, part in enumerate(loc):
        is_missing_key = error["type"] == "missing" and index == len(loc) - 1 and is_mapping(value)
        if not is_missing_key and not has(value, part):
            return _Located(tuple(path), loc[index:], error)
        path.append(part)
        value = None if is_missing_key else value[part]
    return _Located(tuple(path), (), error)


def has(value: object, part: str | int) -> bool:
    """Whether a step of a location leads into a value."""
    if is_mapping(value):
        return part in value
    return is_sequence(value) and isinstance(part, int) and 0 <= part < len(value)


def _problems(errors: list[_Located], input_type: Any, given: Any) -> list[InputProblem]:
    problems: list[InputProblem] = []
    unions: dict[tuple[str | int, ...], list[_Located]] = {}
    for each in errors:
        if not each.rest:
            problems.append(_single(each, input_type))
            continue
        if each.path not in unions:
            unions[each.path] = [other for other in errors if other.rest and other.path == each.path]
            problems += _folded(unions[each.path], input_type, given)
    return problems


def _folded(errors: list[_Located], input_type: Any, given: Any) -> list[InputProblem]:
    """The problems of one union: those inside the branch the value was meant for, or else one line for all branches."""
    branches: dict[str | int, list[_Located]] = {}
    for each in errors:
        branches.setdefault(each.rest[0], []).append(each)
    path = errors[0].path
    value = _value_at(path, given)
    inside = [
        [_locate(each.rest[1:], value, each.error, path) for each in branch]
        for branch in branches.values()
        if any(len(each.rest) > 1 for each in branch)
    ]
    if inside and (is_mapping(value) or is_sequence(value)):
        return _problems(min(inside, key=len), input_type, given)
    rules = [_alternative(branch[0]) for branch in branches.values()]
    text = " or ".join(dict.fromkeys(rules))
    hint = _nearest_choice(value, [choice for branch in branches.values() for choice in _choices(branch[0].error)])
    hint = hint or _size_hint(value, input_type, path)
    return [InputProblem(_dotted(path), f"must be {text}{hint}", shortened(value))]


def _value_at(path: tuple[str | int, ...], given: Any) -> Any:
    for part in path:
        given = given[part]
    return given


def _alternative(each: _Located) -> str:
    """A branch of a union in words, after "must be"."""
    error = each.error
    if error["type"] in ("dict_type", "dict_attributes_type", "mapping_type"):
        label = str(each.rest[0])
        return f"{label} (a dict)" if label.isidentifier() and label != "dict" else "a dict"
    if error["type"] == "is_instance_of":
        return "a list"
    return _as_noun(_rule(error))


def _as_noun(rule: str) -> str:
    """A rule in words that follow "must be"."""
    if rule.startswith("must have "):
        return (
            f"a {'string' if rule.endswith(('character', 'characters')) else 'list'} with {rule[len('must have ') :]}"
        )
    return rule.removeprefix("must be ").replace("must match", "a string that matches")


def _single(each: _Located, input_type: Any) -> InputProblem:
    from ..habits.calls import input_hint

    error = each.error
    path = _dotted(each.path)
    if error["type"] == "extra_forbidden":
        name = str(each.path[-1])
        known = names_at(input_type, each.path[:-1])
        hint = suggestion(name, known)
        if len(each.path) == 1 and name in OPTION_NAMES:
            hint = f"; it is an option: .with_options({name}=...)"
        elif len(each.path) == 1 and not suggestion(name, known, cutoff=_SURELY):
            hint = input_hint(name, error["input"], known) or hint
        return InputProblem(path, f"is {'not an input of this endpoint' if len(each.path) == 1 else 'unknown'}{hint}")
    if error["type"] == "missing":
        return InputProblem(path, _RULES["missing"])
    value: object = error["input"]
    if error["type"] in _NO_LIST and is_file(value):
        return InputProblem(path, "must be a list, not a single file", shortened(value))
    if isinstance(value, float) and not isfinite(value):
        return InputProblem(path, _RULES["finite_number"], shortened(value))
    hint = _nearest_choice(value, _choices(error)) or _size_hint(value, input_type, each.path)
    return InputProblem(path, f"{_rule(error)}{hint}", shortened(value))


def _nearest_choice(value: object, choices: list[Any]) -> str:
    # Strict: of "16:9" and "1:1" both are near "16:10", and a wrong hint is worse than none.
    return suggestion(value, map(str, choices), cutoff=_SURELY) if isinstance(value, str) else ""


def _size_hint(value: object, input_type: Any, path: tuple[str | int, ...]) -> str:
    from ..habits.calls import size_hint

    return size_hint(value, names_at(input_type, path))


def _rule(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        choices = _choices(error)
        more = f", … ({len(choices) - _SHOWN_CHOICES} more)" if len(choices) > _SHOWN_CHOICES else ""
        shown = ", ".join(map(repr, choices[:_SHOWN_CHOICES]))
        return f"must be {'one of ' if len(choices) > 1 else ''}{shown or context.get('expected')}{more}"
    if kind in ("dict_type", "mapping_type"):
        return "must be a dict"
    if kind == "is_instance_of":
        return "must be a list"
    if kind in _RULES:
        limits = {name: int(x) if isinstance(x, float) and x.is_integer() else x for name, x in context.items()}
        rule = _RULES[kind].format(**limits)
        return rule.removesuffix("s") if any(limits.get(name) == 1 for name in _COUNTS) else rule
    return error["msg"].replace("Input should be", "must be").replace("Input should", "must")


def _choices(error: ErrorDetails) -> list[Any]:
    """The members of a literal, out of `'a', 'b' or 'c'`."""
    import ast

    if error["type"] != "literal_error":
        return []
    listed = error.get("ctx", {}).get("expected", "")
    head, _, last = str(listed).rpartition(" or ")
    try:
        return list(ast.literal_eval(f"({head + ', ' if head else ''}{last},)"))
    except (ValueError, SyntaxError):
        return []


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path)) or "input"

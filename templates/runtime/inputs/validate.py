"""Checking an input before anything is sent, and writing it as JSON."""

# design: Are unknown inputs refused?

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ..checks import is_mapping, is_sequence, shortened
from ..errors import InputProblem, InvalidInputError
from ..files.file_input import is_file
from ..outputs.model import FalModel, as_received, received
from ..outputs.parse import adapter_for
from .laid_open import LaidOpen
from .messages import describe
from .wire_names import by_python_names, wire_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .spec import EndpointSpec


def check_input(spec: EndpointSpec, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Compare an input with the endpoint's document.

    Nothing is coerced: `"4"` and `True` are no integers, an int is a float, a tuple passes as a list.

    Returns:
        The input, with objects in place of the models of outputs that were given for them.

    Raises:
        InvalidInputError: With every problem at once.
    """
    try:
        error = _refusal(spec, given)
        if error is None:
            return given
        laid_open = LaidOpen(spec, given)
        while laid_open.further(error):
            error = _refusal(spec, laid_open.given)
            if error is None:
                return laid_open.given
        problems = describe(error, laid_open.given, spec.input)
    except RecursionError:
        problems = [InputProblem("input", "contains itself, or is nested too deeply")]
    raise InvalidInputError(endpoint=spec.id, problems=problems)


def _refusal(spec: EndpointSpec, given: Mapping[str, Any]) -> ValidationError | None:
    adapter = by_python_names(spec.input) if spec.renamed else adapter_for(spec.input)
    try:
        # by_name: where Python names differ from the wire's, callers use the former. The types say themselves which
        # further names are welcome (`closed`, `extra_items`).
        adapter.validate_python(given, strict=True, by_name=True, by_alias=False)
    except ValidationError as error:
        return error
    return None


def wire_names(spec: EndpointSpec, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input under the names of the wire, for an endpoint where some differ."""
    renamed: dict[str, Any] = wire_form(given, spec.input)
    return renamed


class HoldsFilesError(Exception):
    """There are files in an input: found by the way, so that an input without any is not searched for them."""


def to_json(endpoint: str, body: Mapping[str, Any]) -> bytes:
    """The body of a request.

    Raises:
        InvalidInputError: It holds something that JSON cannot carry.
        HoldsFilesError: It holds files, whose URLs must take their places first.
    """
    return _written(endpoint, body, _plain)


def canonical_json(endpoint: str, body: Mapping[str, Any], instead: Callable[[Any], Any] | None = None) -> str:
    """An input as the one text that all equal ones share: by sorted names, and numbers as they were given.

    Args:
        endpoint: Whose input, for messages.
        body: The input.
        instead: Gives what stands for a file.

    Raises:
        InvalidInputError: It holds something that JSON cannot carry.
        HoldsFilesError: It holds files, and nothing is to stand for them.
    """

    def plain(value: Any) -> Any:
        try:
            return _plain(value)
        except HoldsFilesError:
            if instead is None:
                raise
        return instead(value)

    return _written(endpoint, body, plain, sort_keys=True).decode()


def _written(endpoint: str, body: Mapping[str, Any], plain: Callable[[Any], Any], *, sort_keys: bool = False) -> bytes:
    try:
        text = json.dumps(
            body, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=plain, sort_keys=sort_keys
        )
        return text.encode()
    except RecursionError:
        problems = [InputProblem("input", "contains itself, or is nested too deeply")]
    except (TypeError, ValueError):  # a UnicodeEncodeError (a lone surrogate) is a ValueError
        problems = list(_unsendable(body, "", ())) or [InputProblem("input", "cannot be sent as JSON")]
    raise InvalidInputError(endpoint=endpoint, problems=problems)


def _plain(value: Any) -> Any:
    """What json does not know and the wire has a form for."""
    if is_mapping(value):
        return dict(value)
    if is_sequence(value):
        return list(value)
    if is_file(value):
        raise HoldsFilesError
    if isinstance(value, FalModel):
        return as_received(value)
    raise TypeError(type(value).__name__)


def _unsendable(value: Any, path: str, above: tuple[int, ...]) -> Iterator[InputProblem]:
    """Every place that JSON cannot carry."""
    problem = _own_problem(value)
    if id(value) in above:
        yield InputProblem(path, "contains itself")
    elif problem is not None:
        yield InputProblem(path, problem, shortened(value))
    elif isinstance(value, FalModel):
        yield from _unsendable(received(value), path, (*above, id(value)))
    elif is_mapping(value):
        for key, item in value.items():
            below = f"{path}.{key}" if path else str(key)
            if not isinstance(key, str):
                yield InputProblem(below, "must have a str as its key", shortened(key))
            yield from _unsendable(item, below, (*above, id(value)))
    elif is_sequence(value):
        for index, item in enumerate(value):
            yield from _unsendable(item, f"{path}.{index}", (*above, id(value)))


def _own_problem(value: Any) -> str | None:
    """What is wrong with a value itself, its items aside."""
    if isinstance(value, str):
        surrogate = any("\ud800" <= character <= "\udfff" for character in value)
        return "must be valid Unicode text" if surrogate else None
    if isinstance(value, float):
        return None if isfinite(value) else "must be a finite number (JSON has no other)"
    if value is None or isinstance(value, int | FalModel) or is_mapping(value) or is_sequence(value) or is_file(value):
        return None
    return "cannot be sent as JSON"

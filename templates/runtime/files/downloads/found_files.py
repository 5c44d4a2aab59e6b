"""The files in outputs, whatever they are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...checks import is_mapping, is_sequence
from ...outputs.model import FalModel
from ...outputs.plain import DEEPEST
from ..remote_file import RemoteFile


def files_in(outputs: FalModel | Iterable[object]) -> list[RemoteFile]:
    """Every file in an output, or in several, in the order in which it stands there.

    Args:
        outputs: An output, a file, or any of both: a list, a dict, a generator.

    Raises:
        TypeError: It is something else.
        RecursionError: It contains itself.
    """
    if isinstance(outputs, str | bytes) or not isinstance(outputs, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"outputs must be outputs or files of a call, not {type(outputs).__name__}")
    found: list[RemoteFile] = []
    todo: list[tuple[Any, int]] = [(outputs if isinstance(outputs, FalModel | Mapping) else list(outputs), 0)]
    while todo:  # nothing calls itself: an output may be as deep as JSON is
        value, depth = todo.pop()
        if depth > DEEPEST:
            raise RecursionError("the outputs contain themselves")
        if isinstance(value, RemoteFile):
            found.append(value)
        todo += [(inner, depth + 1) for inner in reversed(_inside(value))]
    return found


def _inside(value: Any) -> list[Any]:
    """What a value is made of."""
    if isinstance(value, FalModel):
        return [*vars(value).values(), *(value.model_extra or {}).values()]
    if is_mapping(value):
        return list(value.values())
    return list(value) if isinstance(value, set | frozenset) or is_sequence(value) else []  # pyright: ignore[reportUnknownArgumentType]

"""The steps of a proxy, written once: calls to make, one after the other. A server drives them, with await or not."""

# design: How is what waits written once?

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
# Each is sent what came of it. Where there is an event loop that may be awaited.
Step: TypeAlias = Callable[[], object]
Steps: TypeAlias = Generator[Step, Any, T]


def run_steps(steps: Steps[T]) -> T:
    """Make the calls that steps ask for.

    Raises:
        TypeError: One of them would have to be awaited.
    """

    def done(step: Step) -> object:
        result = step()
        if inspect.iscoroutine(result):
            result.close()
        if inspect.isawaitable(result):
            raise TypeError(f"{step!r} must be awaited, which only FalProxy does")
        return result

    result: Any = None
    error: Exception | None = None
    while True:
        try:
            step = steps.send(result) if error is None else steps.throw(error)
        except StopIteration as stop:
            value: T = stop.value
            return value
        result = error = None
        try:
            result = done(step)
        except Exception as raised:
            error = raised


async def arun_steps(steps: Steps[T]) -> T:
    """The same, awaiting what is to be awaited."""
    result: Any = None
    error: Exception | None = None
    while True:
        try:
            step = steps.send(result) if error is None else steps.throw(error)
        except StopIteration as stop:
            value: T = stop.value
            return value
        result = error = None
        try:
            result = step()
            if inspect.isawaitable(result):
                result = await result
        except Exception as raised:
            error = raised

"""What a `map` begins with, checked when it is called."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sized
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..costs.rule import checked_max_cost
from ..work import rules_of
from .run import Run
from .shown import Shown

if TYPE_CHECKING:
    from ...jobs.settings import MapSettings

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


class Begin(Generic[I, T]):
    """The arguments of a `map`.

    Args:
        endpoint: An endpoint, of either client.
        inputs: Many inputs.
        settings: What else was said.
        is_async: Whether the inputs may be asynchronous.

    Raises:
        TypeError: The inputs are not many.
        ValueError: A setting cannot be.
        OSError: Nothing can be saved where it should be.
    """

    def __init__(self, endpoint: Any, inputs: Any, settings: MapSettings, *, is_async: bool = False) -> None:
        if not _are_many(inputs, is_async=is_async):
            hint = "; AsyncFal reads an asynchronous one" if isinstance(inputs, AsyncIterable) else ""
            kind = type(inputs).__name__  # pyright: ignore[reportUnknownArgumentType]
            raise TypeError(f"inputs must be a list or any iterable of inputs, not {kind}{hint}")
        options = endpoint._options
        if options.job_key is not None:
            raise ValueError("job_key is of one call: jobs of map have keys of their own, which salt= makes others")
        if settings.journal is None:
            settings = settings._replace(journal=options.journal)
        self.endpoint = endpoint
        self.inputs: Any = inputs
        self.settings = settings
        self._rules = rules_of(
            retry=settings.retry,
            resubmit_after=settings.resubmit_after,
            download=settings.download,
            max_in_flight=settings.max_in_flight,
        )
        if settings.max_cost is not None:
            checked_max_cost(settings.max_cost)

    def run(self) -> Run[I, T]:
        """What threads and tasks share."""
        call = self.endpoint._call()
        total = len(self.inputs) if isinstance(self.inputs, Sized) else None
        return Run(call, self.settings, self._rules, Shown(call, self.settings.progress, total))


def _are_many(inputs: object, *, is_async: bool) -> bool:
    if isinstance(inputs, Mapping | str | bytes):
        return False
    return isinstance(inputs, Iterable) or (is_async and isinstance(inputs, AsyncIterable))

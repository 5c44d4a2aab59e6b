"""`check="all"`: every input is looked at before the first one is sent."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...errors import InputProblem, InvalidInputError

if TYPE_CHECKING:
    from ...calls.steps import Call

# Of so many wrong inputs it is told what is wrong.
_MOST_TOLD = 20


class Checks:
    """Looks at inputs one by one.

    Args:
        call: Of what.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._count = self._wrong = 0
        self._problems: list[InputProblem] = []

    def look(self, given: Any) -> None:
        """Look at the next one."""
        try:
            self._call.arguments(given)
        except InvalidInputError as error:
            self._wrong += 1
            if self._wrong <= _MOST_TOLD:
                at = f"inputs[{self._count}]"
                self._problems += [InputProblem(f"{at}.{one.path}", one.message, one.value) for one in error.problems]
        self._count += 1

    def end(self) -> None:
        """That was all of them.

        Raises:
            InvalidInputError: Some are wrong.
        """
        if not self._wrong:
            return
        if (more := self._wrong - _MOST_TOLD) > 0:
            self._problems.append(InputProblem("inputs", f"{more} more are wrong"))
        raise InvalidInputError(endpoint=self._call.spec.id, problems=self._problems)


def all_checked(call: Call, inputs: Iterable[Any]) -> Iterable[Any]:
    """The inputs, all of them checked. What can be read twice is; a generator's are kept in memory.

    Raises:
        InvalidInputError: With what is wrong with the first of those that are wrong.
    """
    inputs = list(inputs) if isinstance(inputs, Iterator) else inputs
    checks = Checks(call)
    for given in inputs:
        checks.look(given)
    checks.end()
    return inputs


async def all_checked_async(call: Call, inputs: AsyncIterable[Any]) -> AsyncIterable[Any] | Iterable[Any]:
    """The same, for asynchronous ones. See `all_checked`."""
    if isinstance(inputs, AsyncIterator):
        return all_checked(call, [given async for given in inputs])
    checks = Checks(call)
    async for given in inputs:
        checks.look(given)
    checks.end()
    return inputs

"""What is wrong with a script or an expectation: the mistake of whoever writes the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...errors import InputProblem


class ScriptError(ValueError):
    """A fake was told something that fal would never do, or that cannot be done."""


class InvalidOutputError(ScriptError):
    """What an endpoint was to return does not match its document.

    Attributes:
        endpoint: The endpoint's id.
        problems: Every problem found, in the order of the output.
    """

    def __init__(self, endpoint: str, problems: Sequence[InputProblem], what: str = "output") -> None:
        self.endpoint = endpoint
        self.problems: list[InputProblem] = list(problems)
        self._what = what
        count = f"{len(self.problems)} problem{'' if len(self.problems) == 1 else 's'}"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        super().__init__(f"{count} with the {what} of {endpoint}:{lines}")

    def __reduce__(self) -> tuple[type[InvalidOutputError], tuple[str, list[InputProblem], str]]:
        return InvalidOutputError, (self.endpoint, self.problems, self._what)


# A traceback then names what users import.
for _error in (ScriptError, InvalidOutputError):
    _error.__module__ = __name__.replace("._runtime.testing.scripting.mistakes", ".testing")

"""How many requests of a `map` may be in flight now: fewer where fal says that there are too many."""

# design: How does a `map` slow down?

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds to leave fal in peace where it does not say for how long: at first, and at most.
FIRST_REST, LONGEST_REST = 1.0, 60.0


class Pace:
    """Halved by each wave of refusals, and widened by one with each window full of successes. Not safe in threads.

    Args:
        most: The window that the caller wants.
        clock: Counts seconds.

    Attributes:
        resting_until: Until when nothing is begun, on the clock.
    """

    def __init__(self, most: int, clock: Callable[[], float] | None = None) -> None:
        self._most = most
        self._allowed = float(most)
        self._clock = clock or stand_in.now
        self._rest = FIRST_REST
        self._cut_at: float | None = None
        self.resting_until = float("-inf")

    @property
    def allowed(self) -> int:
        """How many may be in flight."""
        return int(self._allowed)

    def may_begin(self, in_flight: int) -> bool:
        """Whether one more may."""
        return in_flight < self.allowed and (self._cut_at is None or self._clock() >= self.resting_until)

    def refused(self, begun: float, after: float | None) -> float:
        """One was refused because there are too many.

        Args:
            begun: When it was begun. Those that were under way at the last cut say nothing new.
            after: What fal says how many seconds to wait.

        Returns:
            How many seconds to wait.
        """
        now = self._clock()
        if self._cut_at is None or begun >= self._cut_at:
            self._rest = FIRST_REST if self._cut_at is None else min(2 * self._rest, LONGEST_REST)
            self._allowed = max(1.0, self._allowed / 2)
            self._cut_at = now
        rest = min(self._rest if after is None else after, LONGEST_REST)
        self.resting_until = max(self.resting_until, now + rest)
        return rest

    def went_well(self) -> None:
        """One was accepted."""
        if self._cut_at is not None:
            self._rest = FIRST_REST
            self._allowed = min(float(self._most), self._allowed + 1 / self._allowed)

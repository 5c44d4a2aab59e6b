"""Numbers and texts within what a schema allows."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from . import patterns
from .formats import text_of
from .valid import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Roll = Callable[[int], int]

# Of numbers that have no limits.
_USUAL = 100
_SHARES = re.compile(r"(.*_)?(score|scores|confidence|probability|prob|similarity|ratio|percentage|logprob)", re.I)
_TRIES = 40
# More times than it must nothing in a pattern is written.
_MOST_EXTRA = 300
_MOST_SEED = (1 << 31) - 1


def number(schema: Mapping[str, Any], name: str, roll: Roll, *, whole: bool) -> float | int:
    """A number within its limits: a whole one, or one with up to three digits behind the point.

    Args:
        schema: With its limits.
        name: Of the property: a score is at most 1.
        roll: Gives a number below another one.
        whole: Whether it is an integer.
    """
    step = schema.get("multipleOf") or (1 if whole else 0)
    if name == "seed":
        schema = {"minimum": 0, "maximum": _MOST_SEED, **schema}
    if step:
        return _multiple(schema, step, roll, whole=whole)
    low, high = _limits(schema, 1.0 if _SHARES.fullmatch(name) else 10.0)
    share = (roll(999) + 1) / 1000  # neither end, which may be excluded
    value = round(low + (high - low) * share, 3)
    return value if low < value < high or low == high else low + (high - low) * share


def _limits(schema: Mapping[str, Any], usual: float) -> tuple[float, float]:
    """Between which numbers to choose: not farther apart than is usual where one is not given."""
    low = _given(schema, max, "minimum", "exclusiveMinimum")
    high = _given(schema, min, "maximum", "exclusiveMaximum")
    if low is None:
        low = 0 if high is None or high > 0 else high - usual
    return low, low + usual if high is None else high


def _given(schema: Mapping[str, Any], choose: Callable[..., Any], *names: str) -> Any:
    return choose((schema[name] for name in names if schema.get(name) is not None), default=None)


def _multiple(schema: Mapping[str, Any], step: float, roll: Roll, *, whole: bool) -> float | int:
    low, high = _limits(schema, _USUAL * step)
    exact = Fraction(str(step))
    first, last = ceil(Fraction(str(low)) / exact), floor(Fraction(str(high)) / exact)
    first += first * exact == Fraction(str(schema.get("exclusiveMinimum", "1e400")))
    last -= last * exact == Fraction(str(schema.get("exclusiveMaximum", "1e400")))
    for tried in range(_TRIES):
        product = exact * (first + roll(max(last - first + 1, 1)) if not tried else first + tried - 1)
        value = int(product) if product.denominator == 1 else float(product)
        if float(value) / step == int(value / step) and (not whole or isinstance(value, int)):
            return value
    return low


def text(schema: Mapping[str, Any], usual: str, roll: Roll, token: str) -> str:
    """A text of the length, pattern and format that a schema asks for.

    Args:
        schema: With its limits.
        usual: What it says where it may say anything.
        roll: Gives a number below another one.
        token: At least 32 digits in base 16.
    """
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" in schema:
        return _matching(schema["pattern"], usual, least, most, roll)
    found = text_of(schema.get("format", ""), roll, token)
    if found is not None:
        return found
    longer = usual + " " + usual * (least // max(len(usual), 1)) if len(usual) < least else usual
    return (
        longer[: max(least, len(usual)) if most is None else most] if most is not None or len(usual) < least else usual
    )


def _matching(pattern: str, usual: str, least: int, most: int | None, roll: Roll) -> str:
    """The text itself if it matches, else one that is written by the pattern, long enough if it can be."""

    def fits(one: str) -> bool:
        return least <= len(one) <= (len(one) if most is None else most) and matches(pattern, one)

    if fits(usual):
        return usual
    found = usual
    for extra in range(min(least, _MOST_EXTRA) + 2):
        try:
            found = patterns.text_for(pattern, roll, extra)
        except patterns.NotSimple:
            break
        if fits(found):
            break
    return found

"""`work`: one job, for a worker of whatever engine hands them out."""

# design: What does a journal promise of one call?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload
from weakref import WeakKeyDictionary

from .. import checks
from ..calls.steps import told
from ..http.exchange import Blocking
from ..journal.journal import opened
from .costs.rule import checked_max_cost
from .costs.steps import cost_rule
from .keys import prepared
from .life import lived
from .stages.hold import Rules

if TYPE_CHECKING:
    import os
    from collections.abc import Coroutine, Mapping
    from decimal import Decimal

    from ..calls.steps import Call
    from ..faces.endpoints import AsyncEndpoint, Endpoint
    from ..http.exchange import Limits, Steps
    from ..journal.journal import Journal
    from .costs.rule import CostRule
    from .keys import Prepared

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")
_MOST_EQUAL = 2**63 - 1  # what a column of a database holds
# To make one reads all jobs of a journal.
_COSTS: WeakKeyDictionary[Journal, dict[tuple[str, Decimal], CostRule]] = WeakKeyDictionary()


# mypy makes no TypedDict of what is written on the spot: the second and the fourth are for it.
@overload
def work(
    endpoint: Endpoint[I, T],
    input: I,
    *,
    journal: Journal | str | os.PathLike[str],
    salt: str | None = None,
    number: int = 0,
    retry: bool = False,
    resubmit_after: float | None = None,
    download: str | os.PathLike[str] | None = None,
    max_in_flight: int | None = None,
    max_cost: float | Decimal | None = None,
) -> T: ...
@overload
def work(
    endpoint: Endpoint[Any, T],
    input: Mapping[str, Any],
    *,
    journal: Journal | str | os.PathLike[str],
    salt: str | None = None,
    number: int = 0,
    retry: bool = False,
    resubmit_after: float | None = None,
    download: str | os.PathLike[str] | None = None,
    max_in_flight: int | None = None,
    max_cost: float | Decimal | None = None,
) -> T: ...
@overload
def work(
    endpoint: AsyncEndpoint[I, T],
    input: I,
    *,
    journal: Journal | str | os.PathLike[str],
    salt: str | None = None,
    number: int = 0,
    retry: bool = False,
    resubmit_after: float | None = None,
    download: str | os.PathLike[str] | None = None,
    max_in_flight: int | None = None,
    max_cost: float | Decimal | None = None,
) -> Coroutine[Any, Any, T]: ...
@overload
def work(
    endpoint: AsyncEndpoint[Any, T],
    input: Mapping[str, Any],
    *,
    journal: Journal | str | os.PathLike[str],
    salt: str | None = None,
    number: int = 0,
    retry: bool = False,
    resubmit_after: float | None = None,
    download: str | os.PathLike[str] | None = None,
    max_in_flight: int | None = None,
    max_cost: float | Decimal | None = None,
) -> Coroutine[Any, Any, T]: ...
def work(
    endpoint: Any,
    input: Any,
    *,
    journal: Journal | str | os.PathLike[str],
    salt: str | None = None,
    number: int = 0,
    retry: bool = False,
    resubmit_after: float | None = None,
    download: str | os.PathLike[str] | None = None,
    max_in_flight: int | None = None,
    max_cost: float | Decimal | None = None,
) -> Any:
    """Do one job, unless it was done: for a worker that may be killed, and whose jobs are given to others then.

    Of all workers that have the journal and are given the same job, one submits it. The others wait for its output;
    if that worker dies, one of them goes on where it was.

    Args:
        endpoint: Of `Fal`, or of `AsyncFal`, whose output is awaited.
        input: The endpoint's inputs.
        journal: Where all workers write down what they do: a `Journal`, the path of a file, or a URL.
        salt: Tells jobs apart that are otherwise equal.
        number: Which of several jobs with this very input it is.
        retry: Whether one that failed before is done anew.
        resubmit_after: Seconds after which a request that fal's history does not have is believed not to have arrived,
            so that it is submitted anew. By default it never is.
        download: Where the files in the output are saved at once: a folder, or a path with `{key}`, `{name}`, `{stem}`
            and `{ext}` in it.
        max_in_flight: How many requests may be in flight in all workers of the journal.
        max_cost: What all jobs of the endpoint in the journal may cost together, in US dollars.

    Raises:
        InvalidInputError: The endpoint does not take this input. Nothing was sent.
        UnclearJobError: It is not known whether the job was submitted. It is not submitted again.
        JobFailedError: It failed before.
        JournalError: The journal cannot be read or written.
        OverBudgetError: It would cost more than `max_cost` leaves.
        UnknownCostError: There is a `max_cost`, and what it costs cannot be known.
        FalError: Whatever `subscribe` raises.
    """
    inner: Any = endpoint
    kind: Any = type(inner)  # pyright: ignore[reportUnknownVariableType]
    if not hasattr(kind, "subscribe"):
        raise TypeError(f"endpoint must be an endpoint, such as fal.flux_1.schnell, not {kind.__name__}")
    if not checks.is_mapping(input):
        raise TypeError(f"input must be a mapping of the endpoint's inputs, not {type(input).__name__}")
    rules = rules_of(retry=retry, resubmit_after=resubmit_after, download=download, max_in_flight=max_in_flight)
    if journal is None:  # pyright: ignore[reportUnnecessaryComparison]  # a variable that is not set, for example
        raise TypeError("journal must be a Journal, a path or a URL, not None: other workers are to find the job")
    if (checks.count("number", number) or 0) > _MOST_EQUAL:
        raise ValueError(f"number must be at most {_MOST_EQUAL:,}, which is what a journal can hold")
    if salt is not None and not isinstance(salt, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"salt must be a str, not {type(salt).__name__}")
    most = None if max_cost is None else checked_max_cost(max_cost)
    call: Call = inner._call()
    limits = call.limits(verb="subscribe")
    steps = _worked(call, input, journal, rules, limits, salt=salt, number=number, max_cost=most)
    return inner._do(steps if limits.watch is None else told(steps, limits.watch), limits)


def rules_of(
    *,
    retry: bool,
    resubmit_after: float | None,
    download: str | os.PathLike[str] | None,
    max_in_flight: int | None,
) -> Rules:
    """What a caller says of jobs, checked.

    Raises:
        TypeError: Something is of another kind.
        ValueError: Something cannot be.
        OSError: Nothing can be saved there.
    """
    if retry is None:  # pyright: ignore[reportUnnecessaryComparison]
        raise TypeError("retry must be True or False, not None")
    if checks.count("max_in_flight", max_in_flight) == 0:
        raise ValueError("max_in_flight must be 1 or more, not 0")
    template = None
    if download is not None:
        from .saving import check_template

        template = check_template(checks.path_text("download", download))
    return Rules(
        retry=bool(checks.flag("retry", retry)),
        resubmit_after=checks.seconds("resubmit_after", resubmit_after),
        download=template,
        max_in_flight=max_in_flight,
    )


def _worked(
    call: Call,
    given: Mapping[str, Any],
    journal: Journal | str | os.PathLike[str],
    rules: Rules,
    limits: Limits,
    *,
    salt: str | None,
    number: int,
    max_cost: Decimal | None,
) -> Steps[Any]:
    job: Prepared = yield Blocking(lambda: prepared(call, given, salt=salt, number=number))
    kept: Journal = yield Blocking(lambda: opened(journal))
    if max_cost is not None:
        rules = rules._replace(cost=(yield from _cost_of(call, max_cost, kept)))
    finished = yield from lived(call, job, kept, rules, limits)
    if finished.error is not None:
        raise finished.error
    return finished.output


def _cost_of(call: Call, max_cost: Decimal, journal: Journal) -> Steps[CostRule]:
    """What the jobs of an endpoint may cost, made once in this process."""
    known, which = _COSTS.setdefault(journal, {}), (call.spec.id, max_cost)
    if which not in known:
        known[which] = yield from cost_rule(call, max_cost, journal)
    return known[which]

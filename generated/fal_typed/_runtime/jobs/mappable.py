"""`map`, which every endpoint has."""

# design: How does an endpoint come to what does its jobs?

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ..hinting import hinting

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable
    from decimal import Decimal
    from os import PathLike
    from typing import Literal

    from ..journal.journal import Journal
    from .jobs import AsyncJobs, Jobs

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


class Mappable(Generic[I, T]):
    """Something that can be asked for many outputs: `I` is an input, `T` an output."""

    def map(
        self,
        inputs: Iterable[I],
        *,
        journal: Journal | str | PathLike[str] | None = None,
        window: int = 20,
        download: str | PathLike[str] | None = None,
        ordered: bool = False,
        check: Literal["each", "all"] = "each",
        salt: str | None = None,
        dedupe: bool = False,
        retry: bool = False,
        resubmit_after: float | None = None,
        max_errors: int | None = None,
        stop_after: int | None = None,
        max_cost: float | Decimal | None = None,
        max_in_flight: int | None = None,
        progress: bool | None = None,
    ) -> Jobs[I, T]:
        """Call the endpoint through the queue for each of many inputs; the jobs come as they are ready.

        Nothing happens before the first is asked for. What goes wrong with one is its `error`, and the others go on.

        Args:
            inputs: As many as you like, without an end too. They are read in the thread of the loop, a little ahead.
            journal: Where it is written down what was asked for, so that the same call, in another process too, pays
                for nothing twice: a `Journal`, the path of a file, or a URL. By default it is known here alone.
            window: How many requests are in flight at most; as many may be ready and not read yet.
            download: Where the files in the outputs are saved at once: a folder, or a path with `{key}`, `{index}`,
                `{request_id}`, `{number}`, `{name}`, `{stem}` and `{ext}` in it.
            ordered: Whether the jobs come in the order of the inputs.
            check: `"all"` checks every input before the first one is sent.
            salt: Tells jobs apart that are otherwise equal: another one, and all is made anew.
            dedupe: Whether equal inputs are one job, which is paid for once.
            retry: Whether what failed before is tried again.
            resubmit_after: Seconds after which a request that nobody knows to have arrived is believed not to have.
            max_errors: With more errors than that, no more is submitted.
            stop_after: How many jobs are submitted at most.
            max_cost: What all jobs of the journal for this endpoint may cost, in US dollars. A call that could
                exceed it is not made, and ends the loop with `OverBudgetError`. Its input must tell what it costs.
            max_in_flight: How many requests are in flight at most in all processes that have the journal.
            progress: Whether a line shows how far it is; by default as `with_options` or the client says.
        """
        jobs: Jobs[I, T] = _begun("sync", self, inputs, {**locals()})
        return jobs

    if not TYPE_CHECKING:
        map = hinting(map)


class AsyncMappable(Generic[I, T]):
    """As `Mappable`, asynchronous."""

    @overload
    def map(
        self,
        inputs: Iterable[I],
        *,
        journal: Journal | str | PathLike[str] | None = None,
        window: int = 20,
        download: str | PathLike[str] | None = None,
        ordered: bool = False,
        check: Literal["each", "all"] = "each",
        salt: str | None = None,
        dedupe: bool = False,
        retry: bool = False,
        resubmit_after: float | None = None,
        max_errors: int | None = None,
        stop_after: int | None = None,
        max_cost: float | Decimal | None = None,
        max_in_flight: int | None = None,
        progress: bool | None = None,
    ) -> AsyncJobs[I, T]: ...

    @overload
    def map(
        self,
        inputs: AsyncIterable[I],
        *,
        journal: Journal | str | PathLike[str] | None = None,
        window: int = 20,
        download: str | PathLike[str] | None = None,
        ordered: bool = False,
        check: Literal["each", "all"] = "each",
        salt: str | None = None,
        dedupe: bool = False,
        retry: bool = False,
        resubmit_after: float | None = None,
        max_errors: int | None = None,
        stop_after: int | None = None,
        max_cost: float | Decimal | None = None,
        max_in_flight: int | None = None,
        progress: bool | None = None,
    ) -> AsyncJobs[I, T]: ...
    def map(
        self,
        inputs: Iterable[I] | AsyncIterable[I],
        *,
        journal: Journal | str | PathLike[str] | None = None,
        window: int = 20,
        download: str | PathLike[str] | None = None,
        ordered: bool = False,
        check: Literal["each", "all"] = "each",
        salt: str | None = None,
        dedupe: bool = False,
        retry: bool = False,
        resubmit_after: float | None = None,
        max_errors: int | None = None,
        stop_after: int | None = None,
        max_cost: float | Decimal | None = None,
        max_in_flight: int | None = None,
        progress: bool | None = None,
    ) -> AsyncJobs[I, T]:
        """Call the endpoint through the queue for each of many inputs, for `async for`.

        Args:
            inputs: As many as you like, without an end too, also from an asynchronous generator.
            journal: As for `Fal`, like all that follows.
            window: How many requests are in flight at most; as many may be ready and not read yet.
            download: Where the files in the outputs are saved at once.
            ordered: Whether the jobs come in the order of the inputs.
            check: `"all"` checks every input before the first one is sent.
            salt: Tells jobs apart that are otherwise equal.
            dedupe: Whether equal inputs are one job.
            retry: Whether what failed before is tried again.
            resubmit_after: Seconds after which a request that nobody knows to have arrived is believed not to have.
            max_errors: With more errors than that, no more is submitted.
            stop_after: How many jobs are submitted at most.
            max_cost: What all jobs of the journal for this endpoint may cost, in US dollars.
            max_in_flight: How many requests are in flight at most in all processes that have the journal.
            progress: Whether a line shows how far it is.
        """
        jobs: AsyncJobs[I, T] = _begun("asynchronous", self, inputs, {**locals()})
        return jobs

    if not TYPE_CHECKING:
        map = hinting(map)


def _begun(module: str, endpoint: Any, inputs: Any, given: dict[str, Any]) -> Any:
    """The jobs of an endpoint. What does them knows endpoints, so it is found by name, and when it is needed."""
    from .settings import settings_of

    settings = settings_of(**{name: value for name, value in given.items() if name not in ("self", "inputs")})
    return import_module(f"..batch.mapping.{module}", __package__).begun(endpoint, inputs, settings)

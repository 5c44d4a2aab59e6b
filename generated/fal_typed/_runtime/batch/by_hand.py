"""Calls that a journal keeps: `submit` and `subscribe` of `with_options(journal=…)`, as steps."""

# design: What does a journal promise of one call?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..calls.steps import Request
from ..http.exchange import Blocking
from ..journal.journal import opened
from .errors import ForgottenError
from .keys import Prepared, prepared
from .life import Life
from .stages.hold import Hold, Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..calls.steps import Call
    from ..events.states import QueueStatus
    from ..http.exchange import Limits, Steps
    from ..journal.journal import Journal
    from ..journal.records import Wanted
    from .stages.hold import Finished

RULES = Rules()


def subscribed(call: Call, given: Mapping[str, Any], limits: Limits) -> Steps[Any]:
    """A call through the queue, to its output. See `calls.steps.subscribed`.

    Raises:
        JobMismatchError: Its key belongs to another input.
        UnclearJobError: It is not known whether it was submitted.
        JobFailedError: It failed before.
        JournalError: The journal cannot be read or written.
    """
    job, journal = yield from _begun(call, given)
    return _output((yield from Life(Hold(call, job, journal, RULES, limits)).to_its_end()))


def submitted(call: Call, given: Mapping[str, Any], limits: Limits) -> Steps[Request]:
    """A call that is put into the queue, unless it is there. See `subscribed`."""
    job, journal = yield from _begun(call, given)
    finished = yield from Life(Hold(call, job, journal, RULES, limits), waits=False).to_its_end()
    if finished.error is not None:
        raise finished.error
    handle = finished.record.handle
    assert handle is not None, "it was submitted"
    urls = call.builder.urls_named(handle["request_id"], handle)
    return KeptRequest.of(Request(call, handle["request_id"], urls), journal, job.wanted)


def _begun(call: Call, given: Mapping[str, Any]) -> Steps[tuple[Prepared, Journal]]:
    options = call.options
    job: Prepared = yield Blocking(lambda: prepared(call, given, key=options.job_key))
    journal: Journal = yield Blocking(lambda: opened(options.journal))
    return job, journal


def _output(finished: Finished) -> Any:
    if finished.error is not None:
        raise finished.error
    return finished.output


class KeptRequest(Request):
    """A request whose output is written down in a journal, and read there if it is."""

    journal: Journal
    wanted: Wanted

    @classmethod
    def of(cls, request: Request, journal: Journal, wanted: Wanted) -> KeptRequest:
        """A request that a job of a journal has."""
        made = cls(*request)
        made.journal, made.wanted = journal, wanted
        return made

    def result(
        self,
        limits: Limits,
        *,
        logs: bool,
        on_update: Callable[[QueueStatus], object] | None = None,
        heard: Callable[[QueueStatus], object] | None = None,
        is_new: bool = False,
    ) -> Steps[Any]:
        """See Request."""
        job = Prepared({}, {}, self.wanted)
        life = Life(Hold(self.call, job, self.journal, RULES, limits), makes=False, heard=heard)
        finished = yield from life.to_its_end()
        if isinstance(finished.error, ForgottenError) or finished.record.request_id != self.request_id:
            # It was forgotten, or begun anew: the request is what it was.
            return (yield from super().result(limits, logs=logs, on_update=on_update, heard=heard, is_new=is_new))
        return _output(finished)

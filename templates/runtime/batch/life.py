"""What is done for one job, from its claim to its output. No I/O: steps, as in `calls.steps`."""

# design: What does a journal promise?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..calls.steps import Request
from ..errors import FalError, RequestFailedError, ResultExpiredError
from ..http.error_answers import status_error
from ..http.exchange import Blocking
from ..journal.errors import JournalError, LeaseLostError
from ..journal.records import Grant, JobState
from ..log import logger
from .errors import ForgottenError, JobFailedError, UnclearJobError
from .stages import ended
from .stages.hold import Finished as Finished
from .stages.hold import Hold
from .stages.hold import Rules as Rules
from .stages.looking import Unsettled, looked_up
from .stages.making import sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..calls.steps import Call
    from ..events.states import QueueStatus
    from ..http.exchange import Answer, Exchange, Limits, Steps
    from ..journal.journal import Journal
    from .keys import Prepared

# Seconds between two looks at a job that another worker has.
FIRST_LOOK, LONGEST_LOOK = 0.1, 2.0


def lived(call: Call, prepared: Prepared, journal: Journal, rules: Rules, limits: Limits) -> Steps[Finished]:
    """A job, done. What goes wrong with it is told in what it returns.

    Raises:
        JournalError: The journal cannot be read or written.
        OverBudgetError: It would cost more than may be spent.
    """
    return (yield from Life(Hold(call, prepared, journal, rules, limits)).to_its_end())


class Life:
    """The way of one job.

    Args:
        hold: The job.
        waits: Whether it is waited for; else it is left once it is submitted.
        makes: Whether it is submitted, if it is not yet.
        heard: Called with each update, and never waits.
    """

    def __init__(
        self,
        hold: Hold,
        *,
        waits: bool = True,
        makes: bool = True,
        heard: Callable[[QueueStatus], object] | None = None,
    ) -> None:
        self._hold = hold
        self._waits, self._makes = waits, makes
        self._heard = heard
        # That is believed once in a run: whatever answers may swallow requests again and again.
        self._resubmit_after = hold.rules.resubmit_after
        # What fails while this one is at it, here or elsewhere, has been tried just now.
        self._retry = hold.rules.retry

    def to_its_end(self) -> Steps[Finished]:
        """See `lived`."""
        hold = self._hold
        try:
            while True:
                try:
                    return (yield from self._begun())
                except LeaseLostError as lost:
                    logger.info("%s; looking again", lost)
                    yield Blocking(hold.leave)
                yield from hold.waited(FIRST_LOOK)
        except GeneratorExit:  # nobody is there to do what would be asked for
            hold.leave()
            raise
        except BaseException as error:
            yield Blocking(hold.leave)
            if hold.ends_run or not isinstance(error, Exception) or isinstance(error, JournalError):
                raise
            return hold.finished(error=error)

    def _begun(self) -> Steps[Finished]:
        hold = self._hold
        yield from self._taken()
        if hold.grant is Grant.MINE:
            if not self._makes:
                raise ForgottenError(hold.record)
            return (yield from self._sent())
        if hold.grant is Grant.LOOK_UP:
            return (yield from self._looked_up(None))
        return (yield from self._known())

    def _taken(self) -> Steps[None]:
        hold, seconds = self._hold, FIRST_LOOK
        while True:
            yield Blocking(lambda: hold.claim(retry=self._retry))
            self._retry = False
            if hold.grant is not Grant.BUSY or (not self._waits and hold.record.handle is not None):
                return
            yield from hold.waited(seconds)
            seconds = min(seconds * 1.5, LONGEST_LOOK)

    def _sent(self) -> Steps[Finished]:
        """One that was not sent yet."""
        hold = self._hold
        outcome = yield from sent(hold)
        if isinstance(outcome, Exception):
            return (yield from self._looked_up(outcome))
        hold.request = outcome
        yield Blocking(hold.write_id)
        if hold.limits.watch is not None:
            hold.limits.watch.submitted(outcome.request_id)
        return (yield from self._waited_for(outcome))

    def _looked_up(self, cause: Exception | None) -> Steps[Finished]:
        """One that may have been sent: here, which `cause` has ended, or by a worker that is gone."""
        hold = self._hold
        found = yield from looked_up(hold, self._resubmit_after)
        if isinstance(found, Unsettled):
            error = UnclearJobError(*found, in_memory=hold.journal.is_in_memory)
            error.__cause__ = cause
            return hold.finished(error=error)
        if found is None:
            self._resubmit_after = None
            return (yield from self._sent())
        return (yield from self._waited_for(found))

    def _known(self) -> Steps[Finished]:
        """One whose request is known, or that has ended."""
        hold, record = self._hold, self._hold.record
        hold.how = "picked up" if hold.grant is Grant.PICK_UP else "kept"
        if hold.grant is Grant.PICK_UP or not self._waits:
            handle = record.handle
            assert handle is not None, "it was submitted"
            request_id = handle["request_id"]
            request = Request(hold.call, request_id, hold.call.builder.urls_named(request_id, handle))
            hold.has(request)
            return (yield from self._waited_for(request))
        if record.error is not None:
            return hold.finished(error=JobFailedError(record, record.error))
        return (yield from self._saved(ended.kept_output(hold.call, record), record.files))

    def _waited_for(self, request: Request) -> Steps[Finished]:
        """What comes of its request, written down."""
        hold = self._hold
        if not self._waits:
            yield Blocking(hold.leave)
            return hold.finished()
        try:
            exchange, answer = yield from self._answered(request)
        except (RequestFailedError, ResultExpiredError) as error:
            return (yield from self._failed(error))
        if ended.is_final(exchange, answer):
            return (yield from self._failed(status_error(answer, exchange)))
        output = hold.call.output(exchange, answer)
        held, text, units = hold.mine, ended.text_of(answer), ended.units_in(answer)
        yield Blocking(lambda: hold.journal.done(held, text, (), units))
        hold.held = None
        hold.note(state=JobState.DONE, output=text, units=units)
        if hold.rules.cost is not None and hold.how == "made":
            learn, arguments = hold.rules.cost.learn, hold.prepared.arguments
            yield Blocking(lambda: learn(arguments, units))
        return (yield from self._saved(output, ()))

    def _answered(self, request: Request) -> Steps[tuple[Exchange, Answer]]:
        call, limits = self._hold.call, self._hold.limits
        options = call.options
        logs = bool(options.logs) or (limits.watch is not None and call.shows_logs)
        is_new, on_update = self._hold.how == "made", options.on_queue_update
        waiting = request.answered(limits, logs=logs, on_update=on_update, heard=self._heard, is_new=is_new)
        try:
            return (yield from waiting)
        except (GeneratorExit, FalError):
            raise
        except BaseException as error:
            yield from request.left_by(error, cancels=bool(options.cancel_on_interrupt))
            raise

    def _failed(self, error: Exception) -> Steps[Finished]:
        hold = self._hold
        held, told, units = hold.mine, ended.written(error), ended.units_of(error)
        yield Blocking(lambda: hold.journal.failed(held, told, units))
        hold.held = None
        hold.note(state=JobState.FAILED, error=told, units=units)
        return hold.finished(error=error)

    def _saved(self, output: Any, files: tuple[str, ...]) -> Steps[Finished]:
        """Its files, too, unless they were saved before. The output is written down already: nothing can be lost."""
        hold = self._hold
        if hold.rules.download is not None and not files:
            from .saving import saved

            try:
                files = yield from saved(output, hold.rules.download, hold.record, hold.prepared.at)
            except (FalError, OSError) as error:
                return hold.finished(output, error=error)
            if files:
                yield Blocking(lambda: hold.journal.saved(hold.key, files))
                hold.note(files=files)
        return hold.finished(output, files=files)

"""What `fal_typed.batch` is made of, as `emitted.py` above is that of the client: a name, and its module."""

# design: What do emitted modules import from the runtime?

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import late

if TYPE_CHECKING:
    from ..jobs.errors import TooManyErrorsError as TooManyErrorsError
    from ..jobs.job import Job as Job
    from ..jobs.jobs import AsyncJobs as AsyncJobs
    from ..jobs.jobs import Jobs as Jobs
    from ..jobs.tally import MapSummary as MapSummary
    from ..journal.errors import JobMismatchError as JobMismatchError
    from ..journal.errors import JournalError as JournalError
    from ..journal.errors import LeaseLostError as LeaseLostError
    from ..journal.errors import TwiceSubmittedError as TwiceSubmittedError
    from ..journal.journal import Journal as Journal
    from ..journal.money import Amount as Amount
    from ..journal.money import Price as Price
    from ..journal.records import JobRecord as JobRecord
    from ..journal.records import JobState as JobState
    from ..journal.views.summary import EndpointSummary as EndpointSummary
    from ..journal.views.summary import Summary as Summary
    from .costs.asking import prices as prices
    from .errors import JobFailedError as JobFailedError
    from .errors import OverBudgetError as OverBudgetError
    from .errors import UnclearJobError as UnclearJobError
    from .errors import UnknownCostError as UnknownCostError
    from .work import work as work

_NAMES = {
    "..jobs.errors": ("TooManyErrorsError",),
    "..jobs.job": ("Job",),
    "..jobs.jobs": (
        "AsyncJobs",
        "Jobs",
    ),
    "..jobs.tally": ("MapSummary",),
    "..journal.errors": (
        "JobMismatchError",
        "JournalError",
        "LeaseLostError",
        "TwiceSubmittedError",
    ),
    "..journal.journal": ("Journal",),
    "..journal.money": (
        "Amount",
        "Price",
    ),
    "..journal.records": (
        "JobRecord",
        "JobState",
    ),
    "..journal.views.summary": (
        "EndpointSummary",
        "Summary",
    ),
    ".costs.asking": ("prices",),
    ".errors": (
        "JobFailedError",
        "OverBudgetError",
        "UnclearJobError",
        "UnknownCostError",
    ),
    ".work": ("work",),
}
__getattr__, __dir__ = late(globals(), __package__, _NAMES)

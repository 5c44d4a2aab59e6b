"""A fal.ai on a loopback socket: the queue protocol, scripted per endpoint, with every request recorded."""

from . import faults
from .plan import Gate, Plan, Reply, Seen
from .server import FalServer, Submission
from .storage import FakeStorage
from .stream import EventPlan
from .waiting import interrupt, until

__all__ = [
    "EventPlan",
    "FakeStorage",
    "FalServer",
    "Gate",
    "Plan",
    "Reply",
    "Seen",
    "Submission",
    "faults",
    "interrupt",
    "until",
]
